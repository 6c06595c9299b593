"""What stands in the place of a text that is not there."""

from __future__ import annotations

from typing import ClassVar

from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from tui.widgets.hatched import hatched_line
from tui.widgets.names import wrapped
from tui.widgets.parts import Parts

_MARGIN = 6
"""Cells beside the words that are left for the texture and the air around them."""
_MOST_ROWS = 4
"""Rows of one thing that is said."""


class EmptyText(Parts, Widget, can_focus=True):
    """A hatched area with words; takes the focus, so that the keys of its pane work without a text."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"empty-text--texture"}
    DEFAULT_CSS = """
    EmptyText {
        display: none; width: 1fr; height: 1fr; background: $background; color: $foreground;
        & > .empty-text--texture { color: $panel; }
    }
    """

    words: reactive[str] = reactive("")
    """What is said; lines are kept apart, long ones are folded."""

    def render_line(self, y: int) -> Strip:
        """Words in the middle of the texture."""
        width, height = self.size
        lines = [line for said in self.words.split("\n") for line in wrapped(said, width - _MARGIN, _MOST_ROWS) or [""]]
        texture = self.get_component_rich_style("empty-text--texture")
        return hatched_line(lines, y, width, height, texture, self.rich_style).adjust_cell_length(width)
