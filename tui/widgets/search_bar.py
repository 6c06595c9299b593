"""A line to type what to search for; it marks and counts in the view that asked while words are typed."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Input, Static

from tui.text import content
from tui.widgets.text_canvas import TextCanvas
from tui.widgets.text_view import TextView


class SearchBar(Horizontal):
    """Hidden until ``open``; enter keeps the matches, escape forgets them."""

    DEFAULT_CSS = """
    SearchBar {
        display: none; height: 1; background: $surface; dock: bottom;
        &.-open { display: block; }
        .sign { width: 2; color: $primary; text-style: bold; }
        Input { width: 1fr; height: 1; border: none; padding: 0; background: $surface; }
        .count { width: auto; padding: 0 1; color: $foreground; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "Close", id="search.close", tooltip="Forget the search"),
        Binding("ctrl+t", "case", "Case", id="search.case", tooltip="With or without regard to case", priority=True),
        Binding("down,ctrl+n", "match(1)", "Next", id="search.next", tooltip="Next match"),
        Binding("up,ctrl+p", "match(-1)", "Previous", id="search.previous", tooltip="Previous match"),
    ]

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.view: TextView | None = None
        """The view that is searched."""

    def compose(self) -> ComposeResult:
        """A sign, the words, and what was found."""
        yield Static("/", classes="sign")
        yield Input(placeholder="words", select_on_focus=True, compact=True)
        yield Static("", classes="count")

    def open(self, view: TextView) -> None:
        """Search in a view."""
        self.view = view
        self.add_class("-open")
        with self.prevent(Input.Changed):
            self.query_one(Input).value = view.matches.words
        self.query_one(Input).focus()
        self.report(view)

    def report(self, view: TextCanvas) -> None:
        """Say what was found, if this is the view that is searched."""
        if view is self.view:
            case = " · Aa" if view.match_case else ""
            self.query_one(".count", Static).update(content(view.matches.in_words(view.current) + case))

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        if self.view is not None:
            self.view.search(event.value)
            self.report(self.view)

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        if self.view is not None:
            self.set_class(bool(self.view.matches.words), "-open")
            self.view.focus()

    def action_close(self) -> None:
        """Forget the search."""
        self.remove_class("-open")
        if self.view is not None:
            self.view.search("")
            self.view.focus()

    def action_case(self) -> None:
        """Change whether case counts."""
        if self.view is not None:
            self.view.match_case = not self.view.match_case
            self.report(self.view)

    def action_match(self, direction: int) -> None:
        """Go to another match while typing."""
        if self.view is not None:
            self.view.step(direction)
            self.report(self.view)
