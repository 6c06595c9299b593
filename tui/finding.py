"""Finding words in a long text: where they are, how many, which is next."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate, islice

MOST_MATCHES = 10_000
"""Matches that are looked for; more are said to be more."""


class Matches:
    """All places of some words in lines. Without regard to case unless asked for; nothing in the words is special."""

    def __init__(self, lines: Sequence[str], words: str, *, match_case: bool = False) -> None:
        """Look for the words; they match within a line only."""
        self.words = words
        self._starts: list[int] = []
        self._found: list[tuple[int, int]] = []
        if not words or "\n" in words:
            return
        pattern = re.compile(re.escape(words), 0 if match_case else re.IGNORECASE)
        found = pattern.finditer("\n".join(lines))
        self._found = [match.span() for match in islice(found, MOST_MATCHES + 1)]
        if self._found:
            self._starts = [0, *accumulate(len(line) + 1 for line in lines)]

    def __len__(self) -> int:
        return min(len(self._found), MOST_MATCHES)

    @property
    def is_cut(self) -> bool:
        """Whether there are more than were looked for."""
        return len(self._found) > MOST_MATCHES

    def place(self, number: int) -> tuple[int, int, int]:
        """Line, first character and end of a match."""
        start, end = self._found[number]
        line = bisect_left(self._starts, start + 1) - 1
        return line, start - self._starts[line], end - self._starts[line]

    def within(self, line: int, first: int, end: int) -> list[tuple[int, int, int]]:
        """Number, first character and end of the matches that touch a part of a line."""
        if not self._found:
            return []
        base = self._starts[line]
        number = max(0, bisect_left(self._found, (base + first, 0)) - 1)
        out: list[tuple[int, int, int]] = []
        for index in range(number, len(self)):
            start, stop = self._found[index]
            if start >= base + end:
                break
            if stop > base + first:
                out.append((index, start - base, stop - base))
        return out

    def following(self, line: int, character: int) -> int:
        """Number of the first match at or behind a place, round the end; -1 when there is none."""
        if not self._found:
            return -1
        number = bisect_left(self._found, (self._starts[line] + character, 0))
        return number if number < len(self) else 0

    def in_words(self, current: int) -> str:
        """Say which of how many: ``3 of 41``."""
        if not self.words:
            return ""
        if not self._found:
            return "no match"
        if current < 0:
            return f"{len(self):,}{'+' if self.is_cut else ''} matches"
        return f"{current + 1:,} of {len(self):,}{'+' if self.is_cut else ''}"
