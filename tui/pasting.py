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


class Pasting(App[None]):
    """An app that takes only text from the clipboard."""

    async def on_event(self, event: events.Event) -> None:
        """Pass events on; pasted text as it could have been typed."""
        if isinstance(event, events.Paste):
            event.text = typed(event.text[:MOST_PASTED].strip("\r\n"))
        await super().on_event(event)
