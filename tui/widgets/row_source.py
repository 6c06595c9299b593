"""What a list of rows is asked for: the seam between what rows say and how a list shows them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from enum import IntFlag
from typing import Any, Protocol

from rich.segment import Segment
from rich.style import Style

Paint = Callable[[str], Style]
"""Gives the style of a component class."""


class RowState(IntFlag):
    """What is special about a row when it is drawn."""

    PLAIN = 0
    CURSOR = 1
    HOVER = 2


class RowSource(Protocol):
    """What a list shows. Rows are numbered from 0; a key stays with a thing while rows come and go."""

    def row_count(self) -> int:
        """Number of rows."""
        ...

    def row_key(self, row: int) -> Hashable:
        """Key of a row."""
        ...

    def row_of(self, key: Any) -> int:
        """Row of a key, or of what stands for it now; -1 when nothing does."""
        ...

    def row_segments(self, row: int, width: int, state: RowState, paint: Paint) -> Sequence[Segment]:
        """Draw a row; what is too long is cut, what is short is filled."""
        ...

    def header_segments(self, width: int, paint: Paint) -> Sequence[Segment] | None:
        """Draw the line above the rows, or None for no such line; always the one or always the other."""
        ...

    def empty_lines(self) -> Sequence[str]:
        """Plain lines that say what would be here and how to get it, when there are no rows."""
        ...
