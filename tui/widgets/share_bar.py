"""A bar of a share with words behind it."""

from __future__ import annotations

from typing import ClassVar

from textual.reactive import reactive

from tui.text import fit
from tui.widgets.painted import Painted, Row

_CELLS = 28


class ShareBar(Painted):
    """One line, blank while there is nothing to say."""

    PREFIX = "share-bar"
    COMPONENT_CLASSES: ClassVar[set[str]] = {"share-bar--done", "share-bar--rest"}
    DEFAULT_CSS = """
    ShareBar {
        height: 1; color: $foreground;
        & > .share-bar--done { color: $primary; }
        & > .share-bar--rest { color: $muted; }
    }
    """

    share: reactive[float | None] = reactive(None)
    """0 to 1; None for no bar."""
    words: reactive[str] = reactive("")
    """Plain text."""

    def watch_share(self) -> None:
        """Draw anew."""
        self.repaint()

    def watch_words(self) -> None:
        """Draw anew."""
        self.repaint()

    def rows(self, width: int, height: int) -> list[Row]:
        """Bar and words."""
        row: Row = []
        if self.share is not None and width > 2 * _CELLS:
            done = round(min(1.0, max(0.0, self.share)) * _CELLS)
            row = [("━" * done, self.ink("done")), ("╌" * (_CELLS - done) + "  ", self.ink("rest"))]
        used = _CELLS + 2 if row else 0
        return [[*row, (fit(self.words, width - used), self.ink())]]
