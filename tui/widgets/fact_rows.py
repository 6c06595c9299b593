"""Names and values as rows of a list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.segment import Segment

from tui.telemetry.detail import Line
from tui.text import fit
from tui.widgets.row_source import Paint, RowState

NAME_CELLS = 26
"""Width of the names."""


class FactRows:
    """Rows of (name, value, component class); a row without a value is a heading, one without a name goes on."""

    def __init__(self, lines: Sequence[Line], empty: Sequence[str] = ()) -> None:
        """Take the rows; ``empty`` is said when there are none."""
        self._lines, self._empty = tuple(lines), tuple(empty)

    def row_count(self) -> int:
        """Number of rows."""
        return len(self._lines)

    def row_key(self, row: int) -> int:
        """The row itself."""
        return row

    def row_of(self, key: Any) -> int:
        """The row itself."""
        return int(key) if 0 <= key < len(self._lines) else -1

    def row_segments(self, row: int, width: int, state: RowState, paint: Paint) -> list[Segment]:
        """Draw a row."""
        name, value, part = self._lines[row]
        style = paint(part) if part else None
        if not value:
            return [Segment(fit(name, width), style)]
        if not name:
            return [Segment(fit(f"  {value}", width), style)]
        return [Segment(fit(name, NAME_CELLS), paint("facts--name")), Segment(fit(value, width - NAME_CELLS), style)]

    def header_segments(self, width: int, paint: Paint) -> list[Segment] | None:
        """None: rows name themselves."""
        return None

    def empty_lines(self) -> Sequence[str]:
        """What is said when there are no rows."""
        return self._empty
