"""The line that a query is typed in: pasted traces keep their lines, earlier queries of the session come back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Input, Static

from tui.text import content, number
from tui.widgets.names import shown_name

MOST_KEPT = 100
"""Queries of a session that come back."""
_HINT = "enter searches · ↑ ↓ earlier queries · esc back to the hits · a pasted trace or issue keeps its lines"
_SHOWN_CELLS = 60


class LinesInput(Input):
    """A line of input that hands on what is pasted in several lines, instead of keeping the first."""

    takes_lines: ClassVar[bool] = True
    """Asked by the app before it makes one line of what is pasted."""

    @dataclass
    class LinesPasted(Message):
        """Several lines were pasted."""

        text: str

    def _on_paste(self, event: events.Paste) -> None:
        text = event.text.strip("\n")
        if "\n" in text:
            event.stop()
            event.prevent_default()
            self.post_message(self.LinesPasted(text))
        else:
            event.text = text


class QueryLine(Vertical):
    """Posts ``Asked`` when a person wants an answer."""

    DEFAULT_CSS = """
    QueryLine {
        height: 1; background: $surface;
        &:focus-within { height: 2; }
        Horizontal { height: 1; }
        .sign { width: 2; color: $primary; text-style: bold; }
        Input { width: 1fr; height: 1; border: none; padding: 0; background: $surface; }
        .said { height: 1; padding: 0 0 0 2; color: $muted; text-wrap: nowrap; text-overflow: ellipsis; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Back", id="query.back", tooltip="Back to the hits; nothing is searched"),
        Binding("up", "recall(-1)", "Earlier", id="query.earlier", tooltip="The query before"),
        Binding("down", "recall(1)", "Later", id="query.later", tooltip="The query after"),
    ]

    @dataclass
    class Asked(Message):
        """A person wants an answer."""

        query: str

    class Left(Message):
        """A person is done with the line, and wants nothing else than before."""

    def __init__(self) -> None:
        super().__init__()
        self.query_text = ""
        """The query in force."""
        self.kept: list[str] = []
        """Queries of this session, the oldest first."""
        self._at = 0
        """Which of them is shown; their number for what is typed."""
        self._pasted = ""
        """Lines that were pasted, in place of what is typed."""

    def compose(self) -> ComposeResult:
        """A sign, the words, a hint."""
        with Horizontal():
            yield Static("?", classes="sign")
            yield LinesInput(placeholder="what to look for", compact=True, select_on_focus=False)
        yield Static(_HINT, classes="said")

    @property
    def line(self) -> LinesInput:
        """The line itself."""
        return self.query_one(LinesInput)

    def show(self, query: str) -> None:
        """Show the query in force, unless a person is typing another one."""
        if query != self.query_text:
            self.query_text = query
            if not self.line.has_focus:
                self._put(query)

    def open(self) -> None:
        """Type."""
        self._at = len(self.kept)
        self.line.focus()

    def _put(self, query: str) -> None:
        """Have the line stand for a query; several lines are shown in words."""
        line = self.line
        self._pasted = query if "\n" in query else ""
        with self.prevent(Input.Changed):
            line.value = "" if self._pasted else content(query).plain
        line.cursor_position = len(line.value)
        line.placeholder = "what to look for"
        if self._pasted:
            lines = [one for one in query.split("\n") if one.strip()]
            first = shown_name(lines[0] if lines else "", _SHOWN_CELLS)
            count = query.count("\n") + 1
            line.placeholder = f"{number(count)} lines, {number(len(query))} characters: {first}"

    @on(LinesInput.LinesPasted)
    def _lines_pasted(self, message: LinesInput.LinesPasted) -> None:
        message.stop()
        before = self.line.value.strip()
        self._put(f"{before}\n{message.text}" if before else message.text)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        if event.value:
            self._pasted = ""
            self.line.placeholder = "what to look for"

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        query = self._pasted or self.line.value.strip()
        if query and query in self.kept:
            self.kept.remove(query)
        if query:
            self.kept = [*self.kept, query][-MOST_KEPT:]
        self.query_text = query
        self.post_message(self.Asked(query))

    def action_leave(self) -> None:
        """Leave the query as it is in force."""
        self._put(self.query_text)
        self.post_message(self.Left())

    def action_recall(self, step: int) -> None:
        """Show another query of this session."""
        if not self.kept:
            return
        self._at = min(max(self._at + step, 0), len(self.kept))
        self._put(self.kept[self._at] if self._at < len(self.kept) else self.query_text)
