"""Pin whatever matches a glob to a level."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Label

from tui.text import MARKS, content
from tui.widgets.level_picker import LevelPicker
from tui.widgets.names import shown_name


class PinInput(ModalScreen[tuple[str, int] | None]):
    """A glob and a level; dismisses with both."""

    # Above the app's own style sheet, which has rules for all dialogs.
    CSS = """
    PinInput .dialog { width: 60; padding: 0 1; }
    PinInput Input { background: $surface; margin: 1 0; }
    PinInput LevelPicker { width: 24; }
    PinInput #meaning { width: 100%; height: 1; margin-top: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back", id="pin.back", tooltip="Pin nothing"),
        Binding("enter", "take", "Pin", id="pin.take", tooltip="Pin what matches to this level"),
        Binding("down", "app.focus_next", "Next", id="pin.next", tooltip="Go to the levels", show=False),
        Binding("up", "app.focus_previous", "Previous", id="pin.previous", tooltip="Go to the glob", show=False),
    ]

    def __init__(self, glob: str = "", level: int = 0) -> None:
        """Make the dialog.

        Args:
            glob: Glob to begin with.
            level: Level to begin with.
        """
        super().__init__()
        self._glob = glob
        self._level = level

    def compose(self) -> ComposeResult:
        """Lay out glob, levels and meaning."""
        with Vertical(classes="dialog pane"):
            yield Input(self._glob, placeholder="src/**/*.py, docs/, *.csv", max_length=4_096, compact=True, id="glob")
            yield LevelPicker(self._level)
            yield Label(id="meaning")
            yield Label("tab goes to the levels · enter pins · esc goes back", classes="hint")

    def on_mount(self) -> None:
        """Begin with the glob."""
        self.query_one(".dialog").border_title = content("Pin")
        self.query_one(Input).focus()
        self._tell()

    @on(Input.Changed, "#glob")
    def _typed(self) -> None:
        self._tell()

    @on(LevelPicker.Moved)
    def _moved(self) -> None:
        self._tell()

    def _tell(self) -> None:
        glob, level = self.query_one(Input).value.strip(), self.query_one(LevelPicker).level
        words = f"{shown_name(glob, 28)} is shown {MARKS[level].name}" if glob else "write a path or a glob"
        self.query_one("#meaning", Label).update(content(words))

    @on(Input.Submitted, "#glob")
    def _submitted(self) -> None:
        self.action_take()

    def action_take(self) -> None:
        """Give glob and level."""
        glob = self.query_one(Input).value.strip()
        if glob:
            self.dismiss((glob, self.query_one(LevelPicker).level))

    def action_back(self) -> None:
        """Pin nothing."""
        self.dismiss(None)
