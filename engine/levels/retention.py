"""Measures information: words on lines, weighted by the role of the line.

``units(lines) = Σ weight(role) × words``; the share of a level is ``(kept / total) ** exponent``, because the distinct
information in text grows slower than the text (Heaps' law, H. S. Heaps 1978). Words are runs of letters, digits, ``_``
and bytes above ASCII.
"""

from __future__ import annotations

from itertools import accumulate, repeat
from operator import mul

from engine.chunk.spans import Role
from engine.levels.rules import Measure

_TABLE = bytes(ord("w") if chr(b).isalnum() or b == 0x5F or b >= 0x80 else 0x20 for b in range(256))


_CODE = int(Role.CODE)
_PLAIN = bytes((Role.CODE, Role.BLANK))


class Meter:
    """Information of one file, by line: one pass when first asked about lines, constant time per question after it."""

    __slots__ = ("_counts", "_exponent", "_prefix", "_roles", "_starts", "_text", "_weights")

    def __init__(self, data: bytes, line_starts: list[int], roles: bytes, measure: Measure) -> None:
        # A word is counted where it ends, "w "; the space that is added ends the last one.
        self._text = data.translate(_TABLE) + b" "
        self._starts = line_starts
        self._roles = roles
        self._weights = measure.weights
        self._exponent = measure.exponent
        self._counts: list[int] | None = None
        self._prefix: list[int] | None = None

    @property
    def counts(self) -> list[int]:
        """Words per line."""
        if self._counts is None:
            ends = self._starts[1:]
            if ends:
                ends[-1] += 1
            self._counts = list(map(self._text.count, repeat(b"w "), self._starts, ends))
        return self._counts

    @property
    def prefix(self) -> list[int]:
        """Units of all lines before a line: lines ``a:b`` hold ``prefix[b] - prefix[a]``."""
        if self._prefix is None:
            weights = map(self._weights.__getitem__, self._roles)
            self._prefix = list(accumulate(map(mul, self.counts, weights), initial=0))
        return self._prefix

    def units(self, first: int, last: int) -> int:
        """Units of the lines ``first:last``."""
        prefix = self._prefix
        if prefix is None:
            if not self._roles[first:last].translate(None, _PLAIN):
                # Data has one role, so a few large pieces of it are measured without going line by line.
                end = self._starts[last]
                return self.words(self._starts[first], end + (end == self._starts[-1])) * self._weights[_CODE]
            prefix = self.prefix
        return prefix[last] - prefix[first]

    def words(self, start: int, end: int) -> int:
        """Words that end in the byte range, a word cut by ``end`` not counted."""
        return self._text.count(b"w ", start, end)

    def share(self, kept: float, total: int) -> float:
        """Retention of a text with ``kept`` of ``total`` units."""
        if kept >= total:
            return 1.0
        return float((kept / total) ** self._exponent) if kept > 0 else 0.0


def word_count(text: str) -> int:
    """Words in a short text, by the same definition."""
    return (text.encode("utf-8", "surrogatepass").translate(_TABLE) + b" ").count(b"w ")
