"""Asks for a file and writes a text to it."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Label

from engine.errors import InputError
from tui.saving import target, write_whole
from tui.text import content, number, short_path


class SaveText(ModalScreen[Path | None]):
    """Dismisses with the file that was written, or None. A file that is there is overwritten on the second asking."""

    DEFAULT_CSS = """
    SaveText .dialog { width: 72; }
    SaveText Input { margin-top: 1; }
    SaveText #said { height: auto; min-height: 1; color: $foreground; &.-wrong { color: $error; } }
    SaveText Horizontal { height: auto; margin-top: 1; }
    SaveText Button { margin-right: 2; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Cancel", id="save.cancel", tooltip="Write nothing"),
        Binding("ctrl+s", "save", "Save", id="save.write", tooltip="Write the file", priority=True),
    ]

    def __init__(self, text: str, suggestion: str, folder: Path | None = None) -> None:
        """Offer a name; names that are typed start at ``folder``, by default the one the program runs in."""
        super().__init__()
        self._text, self._suggestion = text, suggestion
        self._folder = folder or Path.cwd()
        self._asked: Path | None = None
        """File that a person was told is there."""

    def compose(self) -> ComposeResult:
        """Name, answer, buttons."""
        with Vertical(classes="dialog"):
            yield Label("Save the text of the pack")
            yield Label(content(f"names start at {short_path(str(self._folder), 48)}"), classes="hint")
            yield Input(content(self._suggestion).plain, placeholder="file")
            yield Label("", id="said")
            with Horizontal():
                yield Button("Save (enter)", variant="primary", id="save")
                yield Button("Cancel (esc)", id="cancel")

    def on_mount(self) -> None:
        """Type at once."""
        self.query_one(Input).focus()

    @on(Input.Changed)
    def _typed(self) -> None:
        self._asked = None
        self._say("")

    @on(Input.Submitted)
    def _entered(self) -> None:
        self.action_save()

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        event.stop()
        if event.button.id == "save":
            self.action_save()
        else:
            self.action_leave()

    def action_leave(self) -> None:
        """Write nothing."""
        self.dismiss(None)

    def action_save(self) -> None:
        """Write, or ask before something is overwritten, or say why not."""
        try:
            path = target(self.query_one(Input).value, self._folder)
            if path.exists() and path != self._asked:
                self._asked = path
                self._say(f"{short_path(path.name, 40)} is there already: save again to overwrite it")
                return
            size = write_whole(path, self._text)
        except InputError as error:
            self._say(f"{error.message}; {error.hint}" if error.hint else error.message, is_wrong=True)
            return
        self.notify(f"wrote {number(size)} bytes to {short_path(str(path), 60)}", markup=False)
        self.dismiss(path)

    def _say(self, words: str, *, is_wrong: bool = False) -> None:
        said = self.query_one("#said", Label)
        said.update(content(words))
        said.set_class(is_wrong, "-wrong")
