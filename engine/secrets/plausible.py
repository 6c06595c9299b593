"""Whether a value that stands where a secret would is one: placeholders, words and names are not."""

from __future__ import annotations

import math
import re
import tomllib
from collections import Counter
from functools import cache
from importlib.resources import files
from itertools import pairwise

_UUID = re.compile(rb"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_WORDS = re.compile(rb"[A-Za-z]+(?:[-_./: ,]+[A-Za-z]+)*[0-9]{0,2}")
"""What people name things: words between joints, with a small number behind."""
_CAPITALISED = re.compile(rb"[A-Z][a-z]+")
_RUN = re.compile(rb"(.)\1{5,}")
_CALL = re.compile(rb"\w\(|\)$|\[[^\]]*\]$|^\$|^%\w?$|^\{|^&\w|^\*[a-z_]+$")
_PATH = re.compile(rb"~?/|\.{1,2}/|[\w.-]+[:/][\w.^~@-]+[./]|(?:npm|workspace|file|link|patch):")
_MIXED_BASE64 = re.compile(rb"[A-Za-z0-9+/=_.~%-]+")


@cache
def _data() -> dict[str, tuple[bytes, ...]]:
    read = tomllib.loads(files("engine.secrets").joinpath("plausible.toml").read_text("utf-8"))
    return {name: tuple(word.encode() for word in words) for name, words in read.items()}


def entropy(value: bytes) -> float:
    """Shannon entropy of the bytes of a value, in bits per byte."""
    total = len(value)
    return -sum(n / total * math.log2(n / total) for n in Counter(value).values()) if total else 0.0


def is_example(value: bytes) -> bool:
    """Whether a value with a form of its own says that it is an example, or counts up, or repeats itself."""
    lower = value.lower()
    return any(word in lower for word in _data()["form"]) or _RUN.search(value) is not None or len(set(value)) < 5


def is_placeholder(value: bytes) -> bool:
    """Whether a value stands for one that is put in later."""
    lower = value.lower()
    return (
        lower in _data()["whole"]
        or any(word in lower for word in _data()["words"])
        or _RUN.search(value) is not None
        or _CALL.search(value) is not None
        or len(set(value)) < 4
    )


def is_about(name: bytes) -> bool:
    """Whether a name says that its value is about a secret rather than one."""
    lower = name.lower()
    return any(word in lower for word in _data()["about"])


def is_random(value: bytes) -> bool:
    """Whether a machine made a value: long, varied, and changing between letters and digits as no name does.

    Random hexadecimal digits change kind 0.47 times a character, base 62 0.64 times; ``getUserNameFromHttp2`` 0.2.
    """
    if len(value) < 16 or _UUID.fullmatch(value) or _MIXED_BASE64.fullmatch(value) is None:
        return False
    plain = _CAPITALISED.sub(b"aa", value)
    kinds = [_kind(byte) for byte in plain]
    changes = sum(a != b for a, b in pairwise(kinds))
    digits = sum(kind == 2 for kind in kinds)
    if digits < 2 or digits > 0.85 * len(kinds) or changes < max(4, 0.2 * len(kinds)):
        return False
    return entropy(value) >= (3.0 if len(value) < 40 else 3.2)


def is_password(value: bytes) -> bool:
    """Whether a person or a machine chose a value as a password: three kinds of characters, or digits among letters."""
    if is_random(value):
        return True
    if _WORDS.fullmatch(value) or _UUID.fullmatch(value):
        return False
    if len(value) < 8 or _PATH.match(value):
        return False
    plain = [_kind(byte) for byte in _CAPITALISED.sub(b"aa", value)]
    changes = sum(a != b for a, b in pairwise(plain))
    body = {_kind(byte) for byte in value.strip(b"_-./:")}
    if 3 in body and len(body) >= 3:
        return any(mark in value for mark in b"!@#$%^&*+=?~") or changes >= 4
    return 2 in body and len(body) >= 2 and changes >= 3


def _kind(byte: int) -> int:
    """0 small letters, 1 capitals, 2 digits, 3 everything else."""
    if 97 <= byte <= 122:
        return 0
    if 65 <= byte <= 90:
        return 1
    return 2 if 48 <= byte <= 57 else 3
