"""A list of models in columns, with a cursor; what it shows is decided above."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.message import Message
from textual.reactive import reactive

from engine.model import Method, Model
from tui.widgets.model_rows import ModelColumns, cells_of, columns_for, heads
from tui.widgets.painted import Painted, Row


class ModelList(Painted):
    """Draws only the rows in sight; keys come from the screen, whose line of input has the focus."""

    PREFIX = "model-list"
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"model-list--{part}" for part in ("head", "name", "figure", "method", "estimate", "mark", "cursor")
    }
    DEFAULT_CSS = """
    ModelList {
        height: 1fr;
        & > .model-list--head { color: $muted; }
        & > .model-list--name { color: $foreground; }
        & > .model-list--figure { color: $foreground; }
        & > .model-list--method { color: $muted; }
        & > .model-list--estimate { color: $estimate; }
        & > .model-list--mark { color: $accent; text-style: bold; }
        & > .model-list--cursor { background: $primary; color: $background; text-style: bold; }
    }
    """

    models: reactive[tuple[Model, ...]] = reactive(())
    """What is listed, in order."""
    cursor: reactive[int] = reactive(0)
    """Index of the row that is meant."""
    current: reactive[str] = reactive("")
    """Id of the model in force."""
    recent: reactive[tuple[str, ...]] = reactive(())
    """Ids of models used last."""

    @dataclass
    class Clicked(Message):
        """A row was clicked."""

        model: Model

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._first = 0

    @property
    def chosen(self) -> Model | None:
        """The model under the cursor."""
        return self.models[self.cursor] if 0 <= self.cursor < len(self.models) else None

    def watch_models(self) -> None:
        """Begin at the top."""
        self._first = 0
        self.set_reactive(ModelList.cursor, 0)
        self.repaint()

    def watch_cursor(self) -> None:
        """Draw anew."""
        self.repaint()

    def watch_current(self) -> None:
        """Draw anew."""
        self.repaint()

    def move(self, rows: int) -> None:
        """Move the cursor."""
        self.cursor = min(max(0, self.cursor + rows), max(0, len(self.models) - 1))

    @property
    def page(self) -> int:
        """Rows in sight."""
        return max(1, self.size.height - 1)

    def rows(self, width: int, height: int) -> list[Row]:
        """Heads and the rows in sight."""
        columns = columns_for(width)
        body = max(1, height - 1)
        self._first = max(0, min(max(self._first, self.cursor - body + 1), self.cursor))
        made: list[Row] = [[(heads(columns), self.ink("head"))]]
        if not self.models:
            return [*made, [("  no model matches; fewer letters find more", self.ink("name"))]]
        shown = range(self._first, min(len(self.models), self._first + body))
        return [*made, *(self._row(self.models[at], columns, at == self.cursor) for at in shown)]

    def _row(self, model: Model, columns: ModelColumns, here: bool) -> Row:
        mark = "● " if model.id == self.current else "○ " if model.id in self.recent else "  "
        name, figures, method = cells_of(model, columns)
        if here:
            return [(mark + name + figures + method, self.ink("cursor"))]
        method_part = "estimate" if model.method is Method.ESTIMATE else "method"
        return [
            (mark, self.ink("mark")), (name, self.ink("name")), (figures, self.ink("figure")),
            (method, self.ink(method_part)),
        ]  # fmt: skip

    def on_click(self, event: events.Click) -> None:
        """Choose a row."""
        at = event.get_content_offset(self)
        if at is None or at.y < 1 or self._first + at.y - 1 >= len(self.models):
            return
        self.cursor = self._first + at.y - 1
        self.post_message(self.Clicked(self.models[self.cursor]))

    def on_mouse_scroll_down(self) -> None:
        """Move down."""
        self.move(3)

    def on_mouse_scroll_up(self) -> None:
        """Move up."""
        self.move(-3)
