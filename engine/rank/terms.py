"""What a word of code or prose stands for: the terms that both an index and a query are made of.

An identifier stands for itself, whatever its spelling (``url_map``, ``urlMap``), and for the stems of its parts. Terms
are kept as their CRC-32, so that an index is arrays of numbers.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

LONGEST_WORD = 64
"""Bytes; what is longer is a key, a digest or encoded data, and stands for nothing."""
_SHORTEST = 2
_KNOWN_PARTS = 200_000
"""Parts of identifiers that are remembered; past it the memory starts again."""
_VOWELS = frozenset("aeiouy")
_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[^\x00-\x7f]+")
"""``HTTPServer2`` is ``HTTP``, ``Server`` and ``2``."""
_MADE_BY = ("terms.py", "postings.py", "words.toml")


Endings = tuple[tuple[str, str, int], ...]
"""Ending, what stands for it, and how many letters stay before it at least."""


@dataclass(frozen=True, slots=True)
class Words:
    """The word lists that ship."""

    stop: frozenset[str]
    """Never a term."""
    task: frozenset[str]
    """Stems of words that say what is to be done rather than where."""
    endings: Mapping[str, Endings]
    """Endings by their last letter."""


@cache
def words() -> Words:
    """Read the word lists."""
    data = tomllib.loads(_file("words.toml").decode("utf-8"))
    endings: dict[str, Endings] = {}
    for old, new, least in data["stem"]["endings"]:
        endings[old[-1]] = (*endings.get(old[-1], ()), (old, new, least))
    stop = frozenset(data["stop"]["english"].split()) | frozenset(data["stop"]["languages"].split())
    task = frozenset(_stem(word, endings) for word in data["stop"]["task"].split())
    return Words(stop, task, endings)


@cache
def terms_version() -> bytes:
    """Digest of everything that the terms of a text depend on beside the text, 8 bytes."""
    digest = hashlib.blake2b(digest_size=8)
    for name in _MADE_BY:
        digest.update(_file(name))
    return digest.digest()


def _file(name: str) -> bytes:
    return (files(__package__ or "engine.rank") / name).read_bytes()


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """Cut an English ending off a lower-case word: ``routes``, ``routing`` and ``route`` become ``rout``."""
    return _stem(word, words().endings)


def _stem(word: str, endings: Mapping[str, Endings]) -> str:
    if len(word) <= 3 or not word.isascii():
        return word
    for ending, instead, least in endings.get(word[-1], ()):
        if word.endswith(ending):
            head = word[: -len(ending)]
            if len(head) >= least and not _VOWELS.isdisjoint(head):
                word = head + instead
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeiouls":
        word = word[:-1]
    if len(word) > 3 and word[-1] == "e":
        word = word[:-1]
    return word[:-1] + "i" if len(word) > 2 and word[-1] == "y" else word


def parts_of(word: str) -> list[str]:
    """Cut an identifier where case, underscores and digits say so; lower case, in order."""
    return [part.lower() for part in _PARTS.findall(word)]


def whole_of(parts: list[str]) -> str:
    """The spelling that all ways to write an identifier share."""
    return "".join(parts)


def texts_of(word: str) -> tuple[str, ...]:
    """Terms of one word, readable: the whole identifier first where it has several parts, then stems of its parts."""
    stop = words().stop
    parts = parts_of(word)
    found = dict.fromkeys(
        stem(part) for part in parts if len(part) >= _SHORTEST and part not in stop and not part.isdigit()
    )
    whole = whole_of(parts)
    if len(parts) > 1 and not whole.isdigit():
        return (whole, *(part for part in found if part != whole))
    return tuple(found)


def term_id(text: str) -> int:
    """The number of a term."""
    return zlib.crc32(text.encode("utf-8", "replace"))


def terms_of(word: bytes) -> tuple[int, ...]:
    """Numbers of the terms of one word, as it stands in a file; none for what is too short or too long."""
    if not _SHORTEST <= len(word) <= LONGEST_WORD:
        return ()
    if word.isdigit():
        return ()
    if word.isalpha() and word.islower():
        # Most words of prose and many of code need no cutting.
        text = word.decode("ascii")
        return () if text in words().stop else (zlib.crc32(stem(text).encode("ascii")),)
    parts = _PARTS.findall(word.decode("utf-8", "replace"))
    found = dict.fromkeys(number for part in parts if (number := _PART_IDS[part]) >= 0)
    if len(parts) > 1:
        whole = "".join(parts).lower()
        if not whole.isdigit():
            first = term_id(whole)
            found.pop(first, None)
            return (first, *found)
    return tuple(found)


class _PartIds(dict[str, int]):
    """The number of the term of each part of identifiers, -1 for what is none; filled as parts are met."""

    def __missing__(self, part: str) -> int:
        if len(self) > _KNOWN_PARTS:
            self.clear()
        text = part.lower()
        stands = len(text) >= _SHORTEST and text not in words().stop and not text.isdigit()
        number = self[part] = term_id(stem(text)) if stands else -1
        return number


_PART_IDS = _PartIds()
