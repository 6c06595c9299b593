"""The history as rows of a list: windows of calls are wanted when they are drawn, and few are kept."""

from __future__ import annotations

import datetime
from collections import OrderedDict
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from rich.segment import Segment

from engine.telemetry.event import Event
from engine.telemetry.words import Outcome
from tui.telemetry.columns import GAP, fitted
from tui.telemetry.figures import WINDOW, Window
from tui.telemetry.words import HOW_TO_GET, OUTCOMES
from tui.text import bar, fit, number
from tui.widgets.names import shown_name
from tui.widgets.row_source import Paint, RowState

MOST_WINDOWS = 30
"""Windows that are kept; the ones drawn longest ago go first."""
_NEAR = WINDOW // 5
"""Rows before the end of a window at which its neighbour is wanted."""
_PERCENT = 8
"""Cells of a percentage behind a bar, with those between."""
_columns = lru_cache(maxsize=8)(fitted)


class EventRows:
    """Rows of calls, newest first; a row that was not read yet is drawn as dots and wanted."""

    def __init__(self, want: Callable[[int], object], empty: Sequence[str] = HOW_TO_GET) -> None:
        """Know no rows.

        Args:
            want: Takes the first row of a window that is needed.
            empty: What is said when there are no rows.
        """
        self._want = want
        self._windows: OrderedDict[int, tuple[Event, ...]] = OrderedDict()
        self.total = 0
        self.empty = tuple(empty)

    def take(self, window: Window) -> None:
        """Keep a window."""
        self.total = window.total
        self._windows[window.first] = window.events
        self._windows.move_to_end(window.first)
        while len(self._windows) > MOST_WINDOWS:
            self._windows.popitem(last=False)

    def has(self, first: int) -> bool:
        """Whether a window is kept."""
        return first in self._windows

    @property
    def kept(self) -> int:
        """Calls that are kept."""
        return sum(map(len, self._windows.values()))

    def event(self, row: int) -> Event | None:
        """The call of a row, None when it is not read."""
        events = self._windows.get(row - row % WINDOW, ())
        return events[row % WINDOW] if row % WINDOW < len(events) else None

    def row_count(self) -> int:
        """Number of rows."""
        return self.total

    def row_key(self, row: int) -> int:
        """The row itself: which call is on it is not known before it is read."""
        return row

    def row_of(self, key: Any) -> int:
        """The row itself."""
        return int(key) if 0 <= key < self.total else -1

    def row_segments(self, row: int, width: int, state: RowState, paint: Paint) -> list[Segment]:
        """Draw a call."""
        first = row - row % WINDOW
        self._near(row, first)
        event = self.event(row)
        if event is None:
            self._want(first)
            return [Segment(fit("·" * 11, width), paint("row-list--hatch"))]
        self._windows.move_to_end(first)
        parts = []
        for column, cells in _columns(width):
            text, part = _cell(event, column.name, cells)
            parts.append(Segment(fit(text, cells, right=column.right) + " " * GAP, paint(part) if part else None))
        return parts

    def header_segments(self, width: int, paint: Paint) -> list[Segment]:
        """Titles of the columns."""
        titles = (fit(column.title, cells, right=column.right) for column, cells in _columns(max(1, width - 1)))
        return [Segment(" "), *(Segment(title + " " * GAP) for title in titles)]

    def empty_lines(self) -> Sequence[str]:
        """How to get calls, or why there are none."""
        return self.empty

    def _near(self, row: int, first: int) -> None:
        """Want the neighbour of a window before its rows are drawn."""
        beside = first + WINDOW if row - first >= WINDOW - _NEAR else first - WINDOW if row - first < _NEAR else -1
        if 0 <= beside < self.total and first in self._windows and beside not in self._windows:
            self._want(beside)


def _cell(event: Event, name: str, cells: int) -> tuple[str, str]:
    """Text and component class of one cell."""
    if name == "when":
        return _when(event.timestamp, cells), ""
    if name == "outcome":
        mark, word = OUTCOMES[event.outcome]
        return f"{mark} {word}", _PARTS.get(event.outcome, "")
    if name in ("provider", "model", "category", "complexity"):
        said = getattr(event, name)
        return (shown_name(said, cells), "") if said else ("–", "history--quiet")
    if name == "selected":
        return _count(event.selected_budget)
    if name == "ceiling":
        text, part = _count(event.actual_max_tokens)
        doubt = "" if event.ceiling_source.is_measured or event.actual_max_tokens is None else "~"
        return doubt + text, "history--quiet" if doubt else part
    if name == "output":
        text, part = _count(event.actual_output_tokens)
        return ("≥" + text if event.truncated and not part else text), part
    if name == "cost":
        return ("–", "history--quiet") if event.cost_usd is None else (f"{event.cost_usd:,.4f}", "")
    return _used(event, cells)


def _used(event: Event, cells: int) -> tuple[str, str]:
    """How much of the ceiling was used, as a bar and a number."""
    limit, output = event.actual_max_tokens, event.actual_output_tokens
    if not limit or output is None:
        return "", ""
    part = _PARTS.get(event.outcome, "history--bar")
    return f" {bar(output / limit, cells - _PERCENT)} {100 * output / limit:>4.0f} %", part


def _when(moment: datetime.datetime, cells: int) -> str:
    written = moment.astimezone(datetime.UTC).strftime("%Y-%m-%d %H:%M")
    return written if cells >= len(written) else written[5:]


def _count(tokens: int | None) -> tuple[str, str]:
    return ("–", "history--quiet") if tokens is None else (number(tokens), "")


_PARTS = {Outcome.TRUNCATED: "history--cut", Outcome.FAILED: "history--error", Outcome.UNKNOWN: "history--quiet"}
