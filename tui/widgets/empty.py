"""What stands where nothing is yet: a texture, what would be here, and which key fills it."""

from __future__ import annotations

from typing import ClassVar

from rich.cells import cell_len
from textual.reactive import reactive

from tui.text import fit
from tui.widgets.names import wrapped
from tui.widgets.painted import Painted, Row

_TEXTURE = "╱"
_MARGIN = 2


class Empty(Painted):
    """A hatched pane with words in its middle."""

    PREFIX = "empty"
    COMPONENT_CLASSES: ClassVar[set[str]] = {"empty--texture", "empty--words", "empty--key"}
    DEFAULT_CSS = """
    Empty {
        height: 1fr;
        & > .empty--texture { color: $panel; }
        & > .empty--words { color: $foreground; }
        & > .empty--key { color: $accent; text-style: bold; }
    }
    """

    words: reactive[str] = reactive("")
    """What would be here."""
    key: reactive[str] = reactive("")
    """What to press; empty when no key helps."""
    does: reactive[str] = reactive("")
    """What the key does."""

    def __init__(
        self, words: str = "", key: str = "", does: str = "", *, id: str | None = None, classes: str | None = None
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.set_reactive(Empty.words, words)
        self.set_reactive(Empty.key, key)
        self.set_reactive(Empty.does, does)

    def watch_words(self) -> None:
        """Draw anew."""
        self.repaint()

    def watch_key(self) -> None:
        """Draw anew."""
        self.repaint()

    def watch_does(self) -> None:
        """Draw anew."""
        self.repaint()

    def rows(self, width: int, height: int) -> list[Row]:
        """Texture with the words in its middle."""
        inner = min(60, width - 2 * _MARGIN)
        if inner < 1:
            return []
        hint = 1 if self.key and height > 1 else 0
        lines = wrapped(self.words, inner, height - hint) if self.words else []
        lines = [fit(line, min(inner, cell_len(line))) for line in lines]
        top = max(0, (height - len(lines) - hint) // 2)
        made: list[Row] = []
        for y in range(height):
            at = y - top
            if 0 <= at < len(lines):
                made.append(self._middle([(lines[at], self.ink("words"))], width))
            elif hint and at == len(lines):
                made.append(self._middle([(self.key, self.ink("key")), (f" {self.does}", self.ink("words"))], width))
            else:
                made.append([(_TEXTURE * width, self.ink("texture"))])
        return made

    def _middle(self, row: Row, width: int) -> Row:
        """A row with texture at both sides."""
        used = sum(cell_len(text) for text, _ in row) + 2
        left = max(0, (width - used) // 2)
        texture = self.ink("texture")
        return [
            (_TEXTURE * left, texture), (" ", self.ink()), *row, (" ", self.ink()),
            (_TEXTURE * max(0, width - used - left), texture),
        ]  # fmt: skip
