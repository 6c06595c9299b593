"""Type a name."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Label

from tui.text import content


class NameInput(ModalScreen[str | None]):
    """Dismisses with what was typed."""

    DEFAULT_CSS = """
    NameInput .dialog { width: 56; }
    NameInput Input { margin: 1 0; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back", id="name.back", tooltip="Go back without a name"),
    ]

    def __init__(self, title: str, name: str, hint: str) -> None:
        super().__init__()
        self._title, self._given, self._hint = title, name, hint

    def compose(self) -> ComposeResult:
        """Lay out title, line and hint."""
        with Vertical(classes="dialog"):
            yield Label(content(self._title))
            yield Input(content(self._given).plain, compact=True, select_on_focus=True)
            yield Label(content(self._hint), classes="hint")

    def on_input_submitted(self, message: Input.Submitted) -> None:
        """Take the name."""
        if message.value.strip():
            self.dismiss(message.value.strip())

    def action_back(self) -> None:
        """Go back."""
        self.dismiss(None)
