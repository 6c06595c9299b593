"""Finds hidden characters and look-alikes in text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from engine.hidden.characters import Characters, characters

_WORD = re.compile(r"[^\W\d_]+")
_LONGEST_WORD = 200
"""Letters; what is longer is no word that anybody reads."""
_FLAG = "\U0001f3f4"
_FLAG_TAGS = re.compile("[\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,6}\U000e007f")
"""Behind a black flag: the flags of parts of countries."""
_KEYCAP = "\u20e3"
_SUPPLEMENT = 0xE0100
_ASCII = bytes(range(128))


class Hidden(NamedTuple):
    """A run of characters of one kind."""

    start: int
    """Offset in characters."""
    end: int
    kind: str
    """``bidi``, ``tag``, ``variation-selector``, ``zero-width``, ``line-separator``, ``invisible``, ``homoglyph``."""


def find_hidden(text: str) -> list[Hidden]:
    """Find what cannot be seen and does not belong, and letters that pass for Latin ones, in order."""
    if text.isascii():
        return []
    known = characters()
    # Sets of thousands of characters are slow to search for, and most text beyond ASCII has none of them.
    beyond = text.encode("utf-8", "surrogatepass").translate(None, _ASCII).decode("utf-8", "surrogatepass")
    found = [] if known.kind.keys().isdisjoint(map(ord, beyond)) else list(_runs(text, known))
    alike = [] if known.alike.isdisjoint(beyond) else list(_look_alikes(text, known))
    return sorted([*found, *alike]) if alike else found


def _runs(text: str, known: Characters) -> Iterator[Hidden]:
    for match in known.hidden.finditer(text):
        start, end = match.span()
        at = start
        while at < end:
            at += _belongs(text, at, known)
            first = at
            while (
                at < end and known.kind[ord(text[at])] == known.kind[ord(text[first])] and not _belongs(text, at, known)
            ):
                at += 1
            if at > first:
                yield Hidden(first, at, known.kind[ord(text[first])])


def _belongs(text: str, at: int, known: Characters) -> int:
    """How many characters from an offset on belong where they stand; 0 for none."""
    if at >= len(text):
        return 0
    char = text[at]
    before = text[at - 1] if at else ""
    behind = text[at + 1] if at + 1 < len(text) else ""
    kind = known.kind.get(ord(char), "")
    if kind == "tag":
        flag = _FLAG_TAGS.match(text, at) if before == _FLAG else None
        return len(flag.group()) if flag else 0
    if kind == "variation-selector":
        if known.ideographs.match(before):
            return 1
        pictured = known.pictured.match(before) and before not in "\u200b\u200c\u2060" and ord(char) < _SUPPLEMENT
        return int(bool(pictured) or (before != "" and before in "0123456789#*" and behind == _KEYCAP))
    if known.joiners.match(char):
        if known.joining.match(before):
            return 1
        return int(
            bool(known.emoji.match(before) or "\U0001f3fb" <= before <= "\U0001f3ff")
            and bool(known.emoji.match(behind))
        )
    if known.directions.match(char):
        start, end = text.rfind("\n", 0, at) + 1, text.find("\n", at)
        # A line of megabytes is looked at near the mark only.
        line = text[max(start, at - 2_000) : min(len(text) if end < 0 else end, at + 2_000)]
        return int(known.right_to_left.search(line) is not None)
    return 0


def _look_alikes(text: str, known: Characters) -> Iterator[Hidden]:
    done = 0
    for match in known.look_alike.finditer(text):
        if match.start() < done:
            continue
        low = match.start()
        while low > done and match.start() - low < _LONGEST_WORD and _WORD.match(text[low - 1]):
            low -= 1
        word = _WORD.match(text, low, low + 2 * _LONGEST_WORD)
        if word is None:
            continue
        done = word.end()
        if all(letter.isascii() or letter in known.alike for letter in word.group()):
            yield from (
                Hidden(low + n, low + n + 1, "homoglyph")
                for n, letter in enumerate(word.group())
                if letter in known.alike
            )
