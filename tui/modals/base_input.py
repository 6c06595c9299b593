"""Type the revision since which changes count."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Label

from tui.text import content
from tui.widgets.names import shown_name

_LONGEST = 200
_TOLD_CELLS = 56


class BaseInput(ModalScreen[str | None]):
    """A line of input; dismisses with a revision, or with ``""`` for no comparison."""

    # Above the app's own style sheet, which has rules for all dialogs.
    CSS = """
    BaseInput .dialog { width: 64; padding: 0 1; }
    BaseInput Input { background: $surface; margin: 1 0; }
    BaseInput Label { width: 100%; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back", id="base.back", tooltip="Compare with what is compared now"),
    ]

    def __init__(self, revision: str, told: str) -> None:
        """Make the dialog.

        Args:
            revision: The revision in force, or ``""``.
            told: What changed since, in words.
        """
        super().__init__()
        self._revision, self._told = revision, told

    def compose(self) -> ComposeResult:
        """Lay out line and hints."""
        with Vertical(classes="dialog pane"):
            yield Label(content("What changed is shown in full, and what it touches is worth more."))
            yield Input(
                content(self._revision).plain, placeholder="HEAD, main, main..., v1.2, HEAD~5", max_length=_LONGEST,
                compact=True, select_on_focus=True,
            )  # fmt: skip
            if self._told:
                yield Label(content(shown_name(self._told, _TOLD_CELLS)), classes="hint")
            yield Label("main... is where main and this went apart", classes="hint")
            yield Label("enter compares · empty compares with nothing · esc goes back", classes="hint")

    def on_mount(self) -> None:
        """Name the dialog."""
        self.query_one(".dialog").border_title = "Changes since"
        self.query_one(Input).focus()

    def on_input_submitted(self, message: Input.Submitted) -> None:
        """Take the revision; whether there is one is told with the pack."""
        self.dismiss(message.value.strip())

    def action_back(self) -> None:
        """Change nothing."""
        self.dismiss(None)
