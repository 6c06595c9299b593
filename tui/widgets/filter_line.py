"""A line to type a filter of calls: choices with their counts below it, and what cannot be understood."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Input, Static

from tui.telemetry.choices import Choices
from tui.telemetry.filters import completions
from tui.text import content, number

_HINT = "provider: model: category: complexity: outcome: since:7d until:2026-11-20"


class FilterLine(Vertical):
    """Posts ``Changed`` while a person types; tab takes the first choice."""

    DEFAULT_CSS = """
    FilterLine {
        height: 1; background: $surface;
        &:focus-within, &.-wrong { height: 2; }
        Horizontal { height: 1; }
        .sign { width: 2; color: $primary; text-style: bold; }
        Input { width: 1fr; height: 1; border: none; padding: 0; background: $surface; }
        .said { height: 1; padding: 0 0 0 2; color: $muted; text-wrap: nowrap; text-overflow: ellipsis; }
        &.-wrong .said { color: $error; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Back", id="history.filter-back", tooltip="Back to the list"),
        Binding("tab", "complete", "Complete", id="history.filter-complete",
                tooltip="Take the first choice", priority=True),
    ]  # fmt: skip

    @dataclass
    class Changed(Message):
        """A person changed the filter."""

        text: str

        def can_replace(self, message: Message) -> bool:
            """Replace an older one that nobody handled yet."""
            return isinstance(message, FilterLine.Changed)

    class Left(Message):
        """A person is done with it."""

    choices: Callable[[], Choices] = Choices
    """Gives the names there are."""

    def compose(self) -> ComposeResult:
        """A sign, the words, what is said of them."""
        with Horizontal():
            yield Static("/", classes="sign")
            yield Input(placeholder="all calls; / filters", compact=True, select_on_focus=False)
        yield Static("", classes="said")

    @property
    def text(self) -> str:
        """What is typed."""
        return self.query_one(Input).value

    @text.setter
    def text(self, text: str) -> None:
        line = self.query_one(Input)
        with self.prevent(Input.Changed):
            line.value = text
        line.cursor_position = len(text)
        self._tell()

    def open(self) -> None:
        """Type."""
        self.query_one(Input).focus()
        self._tell()

    def wrong(self, trouble: str) -> None:
        """Say what cannot be understood, or that all can."""
        self.set_class(bool(trouble), "-wrong")
        if trouble:
            self.query_one(".said", Static).update(content(f"! {trouble}"))
        else:
            self._tell()

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self.remove_class("-wrong")
        self._tell()
        self.post_message(self.Changed(event.value))

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Left())

    def action_leave(self) -> None:
        """Go back to the list."""
        self.post_message(self.Left())

    def action_complete(self) -> None:
        """Take the first choice, or go on to the list where there is none."""
        found = completions(self.text, self.choices())
        if not found or found[0][0] == self.text:
            self.post_message(self.Left())
            return
        self.text = found[0][0]
        self.post_message(self.Changed(self.text))

    def _tell(self) -> None:
        if self.has_class("-wrong"):
            return
        found = completions(self.text, self.choices())
        words = [
            re.split("[ ,]|:(?=.)", text)[-1] + (f" {number(calls)}" if calls >= 0 else "") for text, calls in found
        ]
        self.query_one(".said", Static).update(content("  ·  ".join(words) if words else _HINT))
