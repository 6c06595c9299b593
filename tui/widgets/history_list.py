"""The list of recorded calls."""

from __future__ import annotations

from typing import ClassVar

from tui.widgets.row_list import RowList


class HistoryList(RowList):
    """Shows ``EventRows``; what became of a call has a mark and a word besides its colour."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"history--quiet", "history--cut", "history--error", "history--bar"}
    DEFAULT_CSS = """
    HistoryList {
        & > .history--quiet { color: $muted; }
        & > .history--cut { color: $budget-near; }
        & > .history--error { color: $budget-over; }
        & > .history--bar { color: $primary; }
    }
    """
