"""A box that is ticked or not, in a sign and not only in a colour."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.reactive import reactive

from tui.text import fit
from tui.widgets.painted import Painted, Row


class TickBox(Painted, can_focus=True):
    """``[x]`` or ``[ ]``, and what it means; space and a click change it."""

    PREFIX = "tick-box"
    COMPONENT_CLASSES: ClassVar[set[str]] = {"tick-box--box", "tick-box--words"}
    DEFAULT_CSS = """
    TickBox {
        height: 1;
        & > .tick-box--box { color: $foreground; text-style: bold; }
        & > .tick-box--words { color: $foreground; }
        &:focus > .tick-box--box { color: $primary; text-style: bold; }
        &:focus > .tick-box--words { color: $primary; text-style: bold; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "tick", "Tick", id="box.tick", tooltip="Tick the box, or take the tick away"),
    ]

    is_ticked: reactive[bool] = reactive(False)
    """Whether it is."""
    words: reactive[str] = reactive("")
    """What a tick means."""

    def watch_is_ticked(self) -> None:
        """Draw anew."""
        self.repaint()

    def watch_words(self) -> None:
        """Draw anew."""
        self.repaint()

    def rows(self, width: int, height: int) -> list[Row]:
        """The box and the words."""
        box = "[x] " if self.is_ticked else "[ ] "
        return [[(box, self.ink("box")), (fit(self.words, max(0, width - len(box))), self.ink("words"))]]

    def action_tick(self) -> None:
        """Tick it, or take the tick away."""
        self.is_ticked = not self.is_ticked

    def on_click(self) -> None:
        """Change it."""
        self.focus()
        self.action_tick()
