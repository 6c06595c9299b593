"""Asked before leaving with changes that no profile has."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Button, Label

from tui.state import ViewState


class Leaving(ModalScreen[str | None]):
    """Save, discard or stay: dismisses with ``save``, ``discard`` or None."""

    DEFAULT_CSS = """
    Leaving Horizontal { height: auto; width: auto; margin-top: 1; }
    Leaving Button { margin-right: 2; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s", "answer('save')", "Save", id="leave.save", tooltip="Save the profile, then leave"),
        Binding("d", "answer('discard')", "Discard", id="leave.discard", tooltip="Leave without saving"),
        Binding("escape", "answer('')", "Stay", id="leave.stay", tooltip="Go back"),
    ]

    def __init__(self, state: ViewState) -> None:
        super().__init__()
        self._steps = len(state.undo)

    def compose(self) -> ComposeResult:
        """Ask."""
        with Vertical(classes="dialog"):
            yield Label("The packing was changed and is not saved.")
            yield Label("It stays as it is in the profile unless you save it.", classes="hint")
            with Horizontal():
                yield Button("Save and leave (s)", variant="primary", id="save")
                yield Button("Discard (d)", id="discard")
                yield Button("Stay (esc)", id="stay")

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Take the answer of a button."""
        self.action_answer("" if event.button.id == "stay" else str(event.button.id))

    def action_answer(self, answer: str) -> None:
        """Give the answer."""
        self.dismiss(answer or None)
