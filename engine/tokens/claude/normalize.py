"""Text as the tokenizer reads it, before any marker is written."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from itertools import groupby

_ASCII_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_STRIPPED_CONTROLS = re.compile("[\x01-\x08\x0b-\x1f\x7f-\x9f]")
_PRIVATE_USE = re.compile("[\ue000-\uf8ff]")
_SPACES = re.compile("[\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f]")
_QUOTES = re.compile("[\u2018\u2019\u201c\u201d]")
_STRAIGHT = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"'})
_SARA_AM_PARTS, _SARA_AM = "\u0e4d\u0e32", "\u0e33"
_LONG_MARK_RUN = 64


def normalize(text: str, fold_quotes: bool) -> str:
    """Return ``text`` composed (NFC), without controls and private-use characters, with one kind of space.

    Tab, line feed and the ideographic space keep their meaning; NUL reads as a space; a lone surrogate reads as
    U+FFFD. The order of the steps matters: what composition has joined is not joined again after a removal.

    Args:
        text: any string.
        fold_quotes: whether curly quotes become straight ones, as in the older generation.
    """
    if text.isascii():
        return _without_controls(text) if _ASCII_CONTROLS.search(text) else text
    text = _SURROGATES.sub("\ufffd", text)
    text = unicodedata.normalize("NFC", _mark_runs().sub(_in_order, text))
    text = _without_controls(text).replace(_SARA_AM_PARTS, _SARA_AM)
    text = _PRIVATE_USE.sub("", text)
    if fold_quotes and _QUOTES.search(text):
        text = text.translate(_STRAIGHT)
    return _SPACES.sub(" ", text)


def _without_controls(text: str) -> str:
    return _STRIPPED_CONTROLS.sub("", text).replace("\x00", " ")


@cache
def _mark_runs() -> re.Pattern[str]:
    """Runs of combining marks long enough to matter: putting them in order in place takes quadratic time.

    Some characters count as starters themselves and fall apart into marks; they belong to the run too. Beyond the
    basic plane everything matches: single characters there would make the search ten times slower.
    """
    plane = map(chr, [*range(0x300, 0xD800), *range(0xE000, 0x10000)])
    marks = "".join(c for c in plane if unicodedata.combining(unicodedata.normalize("NFD", c)[0]))
    return re.compile(f"[{marks}\U00010000-\U0010ffff]{{{_LONG_MARK_RUN},}}")


def _in_order(run: re.Match[str]) -> str:
    """Sort neighbouring marks by combining class, stably: the canonical order, so composition gives the same text."""
    apart = "".join(unicodedata.normalize("NFD", mark) for mark in run[0])
    groups = groupby(apart, key=lambda character: unicodedata.combining(character) != 0)
    return "".join("".join(sorted(group, key=unicodedata.combining)) for _, group in groups)
