"""One recorded call: every column, and the trace of its decision."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Label

from tui.telemetry.detail import fact_lines, trace_lines
from tui.text import content
from tui.widgets.fact_list import FactList
from tui.widgets.fact_rows import FactRows
from tui.widgets.names import shown_name

_NO_TRACE = ("no decision was recorded with this call:", "packsight call records one")


class EventDetail(ModalScreen[None]):
    """Shows what ``packsight telemetry show`` does; ``[`` and ``]`` go to the call before and after in the list."""

    CSS_PATH = "event_detail.tcss"
    AUTO_FOCUS = "#facts"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,q", "back", "Back", id="call.back", tooltip="Back to the list"),
        Binding("right_square_bracket,n", "step(1)", "Older", id="call.older", tooltip="The call below in the list"),
        Binding("left_square_bracket,N", "step(-1)", "Newer", id="call.newer", tooltip="The call above in the list"),
    ]

    def __init__(self, event: Mapping[str, Any], step: Callable[[int], object]) -> None:
        """Show a call.

        Args:
            event: As ``packsight telemetry show --json``.
            step: Moves the cursor of the list by rows, and has ``show`` called with the call there.
        """
        super().__init__()
        self._event, self._step = event, step

    def compose(self) -> ComposeResult:
        """Columns at the left, the trace at the right, or below where there is no room."""
        with Vertical(classes="dialog", id="call"):
            with Horizontal(id="both"):
                yield FactList(id="facts", classes="pane")
                yield FactList(id="trace", classes="pane")
            yield Label("esc back   ] older call   [ newer call   tab the other pane", classes="hint")

    def on_mount(self) -> None:
        """Fill the panes."""
        self.query_one("#trace").border_title = "Decision trace"
        self.call_after_refresh(self._fill)

    def on_resize(self) -> None:
        """Fold reasons to the new width."""
        self.call_after_refresh(self._fill)

    def show(self, event: Mapping[str, Any]) -> None:
        """Show another call."""
        self._event = event
        self._fill()

    def _fill(self) -> None:
        facts, trace = self.query_one("#facts", FactList), self.query_one("#trace", FactList)
        if not facts.size.width:
            return
        facts.border_title = content(f"Call {shown_name(self._event['event_id'], 20)}")
        facts.border_subtitle = content(str(self._event["outcome"]))
        facts.source = FactRows(fact_lines(self._event, facts.size.width - 2))
        steps = self._event["trace"]
        trace.border_subtitle = content(f"{len(steps)} step{'' if len(steps) == 1 else 's'}: before → after")
        trace.source = FactRows(trace_lines(steps, trace.size.width - 2), _NO_TRACE)

    def action_step(self, rows: int) -> None:
        """Go to another call."""
        self._step(rows)

    def action_back(self) -> None:
        """Go back."""
        self.dismiss(None)
