"""Which row of the screen shows which part of which line, folded or not."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from tui.cells import breaks, is_narrow

_MOST_MEASURED = 200_000
"""Characters of lines with wide characters that are measured; lines beyond fold after half as many characters as there
are cells, which always fits."""
_LONGEST_MEASURED = 20_000
"""Characters of one such line."""


class Folding:
    """Rows of lines that are folded at a width. Work is one pass over the lengths of the lines."""

    def __init__(self, lines: Sequence[str], width: int) -> None:
        """Count the rows of each line."""
        self._lines, self._width = lines, max(2, width)
        self._coarse: set[int] = set()
        self._left = _MOST_MEASURED
        counts = [1 if len(line) * 2 <= self._width else self._count(index) for index, line in enumerate(lines)]
        self._ends = np.cumsum(np.array(counts, dtype=np.int64))

    def __len__(self) -> int:
        return int(self._ends[-1]) if len(self._ends) else 0

    def first_row(self, line: int) -> int:
        """Row that a line begins at."""
        return int(self._ends[line - 1]) if line > 0 else 0

    def row_of(self, line: int, character: int) -> int:
        """Row that shows a character of a line."""
        step = self._step(line)
        if step:
            return min(self.first_row(line) + character // step, int(self._ends[line]) - 1)
        starts = _breaks(self._lines[line], self._width)
        return self.first_row(line) + int(np.searchsorted(np.array(starts), character, side="right")) - 1

    def part(self, row: int) -> tuple[int, int, int]:
        """Line, first character and end of what a row shows."""
        line = int(np.searchsorted(self._ends, row, side="right"))
        within = row - self.first_row(line)
        text = self._lines[line]
        step = self._step(line)
        if step:
            return line, within * step, min(len(text), (within + 1) * step)
        starts = [*_breaks(text, self._width), len(text)]
        return line, starts[within], starts[within + 1]

    def _count(self, index: int) -> int:
        line = self._lines[index]
        if is_narrow(line):
            return -(-len(line) // self._width)
        if len(line) <= min(self._left, _LONGEST_MEASURED):
            self._left -= len(line)
            return len(_breaks(line, self._width))
        self._coarse.add(index)
        return -(-len(line) // (self._width // 2))

    def _step(self, index: int) -> int:
        """Characters of each row of a line, or 0 when they differ."""
        line = self._lines[index]
        if index in self._coarse:
            return self._width // 2
        return self._width if len(line) * 2 <= self._width or is_narrow(line) else 0


@lru_cache(maxsize=256)
def _breaks(line: str, width: int) -> tuple[int, ...]:
    return tuple(breaks(line, width))
