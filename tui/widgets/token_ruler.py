"""Tokens up to each visible row, beside a text."""

from __future__ import annotations

from typing import ClassVar

from textual.reactive import var

from tui.ruler import Ruler
from tui.text import number
from tui.widgets.painted import Painted, Row
from tui.widgets.text_view import TextView

_MARKS = 40
"""Round counts that the whole text has at most."""


class TokenRuler(Painted):
    """One number a row: tokens of the text up to its end; rows with a round count are lit."""

    PREFIX = "token-ruler"
    COMPONENT_CLASSES: ClassVar[set[str]] = {"token-ruler--count", "token-ruler--round"}
    DEFAULT_CSS = """
    TokenRuler {
        width: auto; height: 1fr; min-width: 0; background: $background;
        .token-ruler--count { color: $muted; }
        .token-ruler--round { color: $estimate; text-style: bold; }
    }
    """

    ruler: var[Ruler | None] = var(None)
    """Counts of the text of the view; None while they are not known."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._view: TextView | None = None

    def follow(self, view: TextView) -> None:
        """Stand beside what a view shows now."""
        self._view = view
        self.repaint()

    def watch_ruler(self, ruler: Ruler | None) -> None:
        """Count another text."""
        self.styles.width = len(number(ruler.total)) + 2 if ruler is not None else 0
        self.repaint()

    def rows(self, width: int, height: int) -> list[Row]:
        """A count for each row: tokens that end in it or before."""
        view, ruler = self._view, self.ruler
        if view is None or ruler is None or ruler.text is not view.document.text:
            return []
        top = round(view.scroll_y)
        height = min(height, view.scrollable_content_region.height)
        rows: list[Row] = []
        step = round_step(ruler.total)
        for row in range(top, min(top + height, view.row_count)):
            begin, end = view.offsets_of_row(row)
            before, count = ruler.until(begin), ruler.until(end)
            is_round = count // step > before // step
            text = f"{number(count):>{width - 2}} {'┤' if is_round else '│'}"
            rows.append([(text, self.ink("round" if is_round else "count"))])
        return rows


def round_step(total: int) -> int:
    """Distance of round counts: 1, 2 or 5 times a power of ten."""
    step = 1
    while True:
        for factor in (1, 2, 5):
            if total <= step * factor * _MARKS:
                return step * factor
        step *= 10
