"""Rows about what is left out: one for all, one for each reason, one for each file of the reasons that are open."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

import numpy as np

from tui.tree.left_out import LeftOut


@dataclass(frozen=True, slots=True)
class LeftRow:
    """One row; ``reason`` -1 is the row for all, ``entry`` -1 the row for a reason."""

    reason: int = -1
    entry: int = -1

    @property
    def depth(self) -> int:
        """0 for all, 1 for a reason, 2 for a file."""
        return (self.reason >= 0) + (self.entry >= 0)


class LeftRows:
    """Finds the row by its number, and the number by what the row is about."""

    def __init__(self, left: LeftOut, is_open: Set[str]) -> None:
        """Lay out the rows.

        Args:
            left: What is left out.
            is_open: Names of the open reasons, and ``""`` when the whole part is open.
        """
        self.left = left
        opened = [len(reason.files) if reason.name in is_open else 0 for reason in left.reasons]
        self._starts = np.concatenate([[1], 1 + np.cumsum([1 + files for files in opened])]).astype(np.int64)
        if not left.reasons:
            self.count = 0
        else:
            self.count = int(self._starts[-1]) if "" in is_open else 1

    def at(self, row: int) -> LeftRow:
        """What a row is about."""
        if row == 0:
            return LeftRow()
        reason = int(np.searchsorted(self._starts, row, side="right")) - 1
        return LeftRow(reason, row - int(self._starts[reason]) - 1)

    def key(self, row: int) -> tuple[str, int]:
        """A row by name of its reason and file; ``("", -1)`` for all."""
        about = self.at(row)
        if about.reason < 0:
            return "", -1
        reason = self.left.reasons[about.reason]
        return reason.name, -1 if about.entry < 0 else int(reason.files[about.entry])

    def find(self, key: tuple[str, int]) -> int:
        """Row of a key, or of the nearest above it that has one; -1 where there are no rows."""
        if self.count <= 1:
            return self.count - 1
        name, file = key
        for index, reason in enumerate(self.left.reasons):
            if reason.name == name:
                start, end = int(self._starts[index]), int(self._starts[index + 1])
                found = np.flatnonzero(reason.files == file)
                row = start + 1 + int(found[0]) if len(found) else start
                return row if row < end else start
        return 0
