"""What stands in the place of a text that is not there."""

from __future__ import annotations

from textual.widgets import Static


class EmptyText(Static, can_focus=True):
    """A hatched area with words; takes the focus, so that the keys of its pane work without a text."""

    DEFAULT_CSS = """
    EmptyText {
        display: none; width: 1fr; height: 1fr; hatch: right $panel; content-align: center middle;
        text-align: center; color: $foreground;
    }
    """
