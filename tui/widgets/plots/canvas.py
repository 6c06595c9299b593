"""Cells to plot on, and the scales from values to cells."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rich.style import Style

from tui.widgets.painted import Row

EIGHTHS = " ▁▂▃▄▅▆▇█"
"""Bars that end within a cell."""


class Canvas:
    """A grid of cells, each with a character and the name of its style; what lies outside is not drawn."""

    def __init__(self, width: int, height: int) -> None:
        """Begin empty."""
        self.width, self.height = max(0, width), max(0, height)
        self._cells: list[list[tuple[str, str]]] = [[(" ", "")] * self.width for _ in range(self.height)]

    def put(self, x: int, y: int, character: str, part: str = "") -> None:
        """Draw a character of one cell."""
        if 0 <= x < self.width and 0 <= y < self.height:
            self._cells[y][x] = (character, part)

    def get(self, x: int, y: int) -> str:
        """The character of a cell."""
        return self._cells[y][x][0] if 0 <= x < self.width and 0 <= y < self.height else ""

    def text(self, x: int, y: int, words: str, part: str = "") -> None:
        """Write characters of one cell each."""
        for at, character in enumerate(words):
            self.put(x + at, y, character, part)

    def rows(self, ink: Callable[..., Style]) -> list[Row]:
        """Take the styles of the parts and give the rows."""
        return [[(character, ink(part) if part else ink()) for character, part in line] for line in self._cells]


@dataclass(frozen=True, slots=True)
class Scale:
    """From values to rows, the highest value on row 0."""

    low: float
    high: float
    rows: int
    is_log: bool = False

    def row(self, value: float) -> int:
        """Row of a value; values outside lie at the ends."""
        low, high = self._bent(self.low), self._bent(self.high)
        place = (self._bent(value) - low) / (high - low) if high > low else 0.0
        return round((1 - min(1.0, max(0.0, place))) * (self.rows - 1))

    def _bent(self, value: float) -> float:
        return math.log10(max(value, 1.0)) if self.is_log else value


def log_ticks(low: float, high: float, most: int) -> list[float]:
    """Powers of ten, and 2 and 5 of each where there is room, within a range."""
    for factors in ((1, 2, 5), (1, 3), (1,)):
        found = [
            float(factor * 10**power) for power in range(12) for factor in factors if low <= factor * 10**power <= high
        ]
        if len(found) <= most:
            return found
    return found[:: max(1, math.ceil(len(found) / max(1, most)))]


def round_up(value: float) -> float:
    """The next number that a person would end an axis at."""
    if value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10) if step * power >= value * (1 - 1e-9))


def bar_cells(value: float, most: float, rows: int) -> list[str]:
    """Characters of an upright bar from the bottom row up; anything above zero shows."""
    eighths = round(8 * rows * min(1.0, max(0.0, value / most))) if most > 0 else 0
    if value > 0:
        eighths = max(1, eighths)
    return [EIGHTHS[min(8, max(0, eighths - 8 * at))] for at in range(rows)]


def legend(pieces: Sequence[tuple[str, str]], width: int) -> list[tuple[str, str]]:
    """Pieces (words, part) of a legend that fit, with two cells between them, or one where all would not fit."""
    wide = sum(len(words) + 2 for words, _ in pieces) - 2 <= width
    kept: list[tuple[str, str]] = []
    used = 0
    for words, part in pieces:
        gap = (2 if wide else 1) if kept else 0
        if used + gap + len(words) > width:
            break
        kept.append((" " * gap + words, part))
        used += gap + len(words)
    return kept
