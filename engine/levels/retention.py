"""Measures information: words on lines, weighted by the role of the line.

``units(lines) = Σ weight(role) × words``; the share of a level is ``(kept / total) ** exponent``, because the distinct
information in text grows slower than the text (Heaps' law, H. S. Heaps 1978). Words are runs of letters, digits, ``_``
and bytes above ASCII.
"""

from __future__ import annotations

from itertools import accumulate, repeat
from operator import mul

from engine.levels.rules import Measure

_TABLE = bytes(ord("w") if chr(b).isalnum() or b == 0x5F or b >= 0x80 else 0x20 for b in range(256))


class Meter:
    """Information of one file, by line: one pass when made, constant time per question after that."""

    __slots__ = ("_exponent", "_text", "counts", "prefix")

    def __init__(self, data: bytes, line_starts: list[int], roles: bytes, measure: Measure) -> None:
        # A word is counted where it ends, "w "; the space that is added ends the last one.
        self._text = data.translate(_TABLE) + b" "
        ends = line_starts[1:]
        if ends:
            ends[-1] += 1
        self.counts = list(map(self._text.count, repeat(b"w "), line_starts, ends))
        """Words per line."""
        weights = map(measure.weights.__getitem__, roles)
        self.prefix = list(accumulate(map(mul, self.counts, weights), initial=0))
        """Units of all lines before a line: lines ``a:b`` hold ``prefix[b] - prefix[a]``."""
        self._exponent = measure.exponent

    def words(self, start: int, end: int) -> int:
        """Words that end in the byte range, a word cut by ``end`` not counted."""
        return self._text.count(b"w ", start, end)

    def amount(self, units: int) -> float:
        """Distinct information in ``units``."""
        return float((units / 10) ** self._exponent)

    def share(self, kept: float, total: int) -> float:
        """Retention of a text with ``kept`` of ``total`` units."""
        if kept >= total:
            return 1.0
        return float((kept / total) ** self._exponent) if kept > 0 else 0.0


def word_count(text: str) -> int:
    """Words in a short text, by the same definition."""
    return (text.encode("utf-8", "surrogatepass").translate(_TABLE) + b" ").count(b"w ")
