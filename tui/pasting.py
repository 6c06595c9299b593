"""What is pasted becomes what could have been typed, before any line of input sees it.

Textual's lines of input keep and draw whatever they are given: an escape sequence would reach the terminal, and a mark
that turns the direction of writing would be stored in a profile where nobody sees it.
"""

from __future__ import annotations

from textual import events
from textual.app import App

from tui.text import typed

MOST_PASTED = 4_096
"""Characters of what is pasted that are taken; lines of input are for words, globs and names."""
MOST_LINES_PASTED = 65_536
"""The same where a trace or an issue is asked for, which keeps its lines."""


class Pasting(App[None]):
    """An app that takes only text from the clipboard."""

    async def on_event(self, event: events.Event) -> None:
        """Pass events on; pasted text as it could have been typed."""
        if isinstance(event, events.Paste):
            event.text = typed_lines(event.text) if _takes_lines(self) else typed_line(event.text)
        await super().on_event(event)


def typed_line(text: str) -> str:
    """What is pasted, as one line."""
    return typed(text[:MOST_PASTED].strip("\r\n"))


def typed_lines(text: str) -> str:
    """What is pasted, line by line; a line ends as terminals and files of all systems write it."""
    lines = text[:MOST_LINES_PASTED].replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(typed(line).rstrip() for line in lines).strip("\n")


def _takes_lines(app: App[None]) -> bool:
    """Whether what has the focus wants to have lines apart."""
    return bool(getattr(app.focused, "takes_lines", False))
