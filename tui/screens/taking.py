"""Copying and saving the text of the pack: the two ways in which it leaves the app."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from textual.message import Message
from textual.screen import Screen

from engine.live import Settled
from tui.copying import copy_text
from tui.pack_words import file_name
from tui.widgets.text_view import TextView


class Taking(Screen[None]):
    """A screen with a pack's text in its ``#view``."""

    @dataclass
    class TextTaken(Message):
        """All of a pack's text was copied or written to a file."""

        settled: Settled

    state: Any
    """Everything that is known."""
    settled: Any
    """The finished pack, or None."""

    def action_copy(self) -> None:
        """Copy what is selected, or all of the text."""
        selected = self.query_one("#view", TextView).selected_text
        copy_text(self, selected or (self.settled.text if self.settled is not None else ""))
        if self.settled is not None and not selected:
            self.post_message(self.TextTaken(self.settled))

    def action_save(self) -> None:
        """Write the text to a file."""
        from tui.modals.save_text import SaveText

        settled = self.settled
        if settled is None:
            return

        def written(path: Path | None) -> None:
            if path is not None:
                self.post_message(self.TextTaken(settled))

        self.app.push_screen(SaveText(settled.text, file_name(self.state, settled)), written)
