"""One row with the formats a pack can be written in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.message import Message
from textual.reactive import var

from tui.widgets.painted import Painted, Row

FORMATS = ("xml", "markdown", "json", "plain")
"""In the order of their keys, 1 to 4."""


class FormatStrip(Painted):
    """``1 xml  2 markdown  3 json  4 plain``; a click chooses."""

    PREFIX = "format-strip"
    COMPONENT_CLASSES: ClassVar[set[str]] = {"format-strip--key", "format-strip--chosen"}
    DEFAULT_CSS = """
    FormatStrip {
        height: 1; background: $background; color: $foreground;
        .format-strip--key { color: $muted; }
        .format-strip--chosen { color: $background; background: $primary; text-style: bold; }
    }
    """

    @dataclass
    class Chosen(Message):
        """A person wants another format."""

        format: str

    chosen: var[str] = var("")
    """The format in force."""

    def watch_chosen(self) -> None:
        """Mark another one."""
        self.repaint()

    def rows(self, width: int, height: int) -> list[Row]:
        """All formats."""
        row: Row = []
        for index, name in enumerate(FORMATS):
            if name == self.chosen:
                row += [(f" {index + 1} {name} ", self.ink("chosen"))]
            else:
                row += [(f" {index + 1} ", self.ink("key")), (f"{name} ", self.ink())]
        return [row]

    def on_click(self, event: events.Click) -> None:
        """Choose what was clicked."""
        at = 0
        for name in FORMATS:
            at += len(name) + 4
            if event.get_content_offset_capture(self).x < at:
                self.post_message(self.Chosen(name))
                return
