"""Imports logs of other programs, with progress; what was done stays to be read."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Label

from engine.events import Progress
from tui.telemetry.asking import Trouble, answered
from tui.telemetry.importing import done_lines, place_lines, progress_words
from tui.text import content
from tui.widgets.fact_list import FactList
from tui.widgets.fact_rows import FactRows
from tui.widgets.share_bar import ShareBar

if TYPE_CHECKING:
    from tui.app import PacksightApp

KEY = "telemetry import"


class ImportLogs(ModalScreen[None]):
    """Asks for a path, or takes the places where the programs write."""

    DEFAULT_CSS = """
    ImportLogs .dialog { width: 100; height: 26; max-height: 100%; }
    ImportLogs Input { margin: 1 0; }
    ImportLogs #said { height: 1fr; background: $surface; }
    ImportLogs .hint { margin-top: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+c", "stop", "Stop or close", id="import.stop", tooltip="Stop the import, or close",
                priority=True),
    ]  # fmt: skip

    def __init__(self, changed: Callable[[], object]) -> None:
        """Call ``changed`` whenever calls may have come."""
        super().__init__()
        self._changed = changed
        self.is_importing = False
        """Whether an import runs."""
        self._began_s = 0.0

    @property
    def main(self) -> PacksightApp:
        """The app, with its own type."""
        return cast("PacksightApp", self.app)

    def compose(self) -> ComposeResult:
        """Title, path, how far it is, what was done."""
        with Vertical(classes="dialog"):
            yield Label("Import calls that other programs logged: their counts, never their texts")
            yield Input(placeholder="a log or a folder of logs; empty for the places below", compact=True)
            yield ShareBar()
            yield FactList(FactRows((), ("looking for logs…",)), id="said")
            yield Label("enter imports · esc closes", classes="hint", id="keys")

    def on_mount(self) -> None:
        """Look where logs are."""
        self.query_one(Input).focus()
        self.main.ask_aside("telemetry places", answered(lambda engine: engine.log_places()), self._found)

    def _found(self, places: Mapping[str, Sequence[Path]] | Trouble) -> None:
        if isinstance(places, Trouble):
            self._tell(places.words)
        elif not self.is_importing:
            self.query_one("#said", FactList).source = FactRows(place_lines(places))

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        if self.is_importing:
            return
        typed, config = event.value.strip(), self.main.setup.config
        paths = [Path(typed).expanduser()] if typed else []
        self._tell("reading…", 0.0)
        self._run(True)
        self._began_s = time.monotonic()
        self.main.ask_aside(KEY, answered(lambda engine: engine.import_logs(config, paths)), self._done)

    def take_progress(self, progress: Progress) -> None:
        """Show how far the import is."""
        if self.is_importing:
            words = progress_words(progress, time.monotonic() - self._began_s)
            self._tell(words, progress.done / progress.total if progress.total else None)

    def _done(self, done: Mapping[str, Any] | Trouble) -> None:
        self._run(False)
        if isinstance(done, Trouble):
            self._tell(done.words)
            return
        self._tell("done", 1.0)
        said = self.query_one("#said", FactList)
        said.source = FactRows(done_lines(done))
        said.focus()
        self._changed()

    def _run(self, runs: bool) -> None:
        self.is_importing = runs
        idle = "enter in the line above imports · tab goes there and back · esc closes"
        keys = "esc stops; what was read until then is kept" if runs else idle
        self.query_one("#keys", Label).update(keys)

    def _tell(self, words: str, share: float | None = None) -> None:
        bar = self.query_one(ShareBar)
        bar.words, bar.share = content(words).plain, share

    def action_stop(self) -> None:
        """Stop the import; without one, close."""
        if not self.is_importing:
            self.dismiss(None)
            return
        if self.main.aside is not None:
            self.main.aside.stop()
        self._run(False)
        self._tell("stopped; what was read until then is kept, and the next import goes on there")
        self._changed()
