"""The latest calls of every cell and of every parent, as they come in."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from engine.budgets.learned import Cell
from engine.telemetry.calibrate.fit import Seen
from engine.telemetry.calibrate.settings import Settings


class History:
    """Windows of calls; each call counts for its cell and for all parents of it."""

    def __init__(self, rules: Settings) -> None:
        self._rules = rules
        self._windows: dict[Cell, deque[Seen]] = {}

    def add(self, cell: Cell, seen: Seen) -> None:
        """Take a call in; the oldest one of each full window is forgotten."""
        for one in (cell, *cell.parents()):
            window = self._windows.get(one)
            if window is None:
                window = self._windows[one] = deque(maxlen=self._rules.window)
            window.append(seen)

    def own(self, cell: Cell) -> Sequence[Seen]:
        """The latest calls of a cell, oldest first."""
        return list(self._windows.get(cell, ()))

    def parent(self, cell: Cell) -> tuple[Cell | None, Sequence[Seen]]:
        """The nearest parent with enough calls, and the latest of them; None when no parent has."""
        for one in cell.parents():
            window = self._windows.get(one, ())
            if len(window) >= self._rules.parent_from:
                return one, list(window)
        return None, ()
