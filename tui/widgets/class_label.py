"""The name of a class, with what the pack holds of it where there is room."""

from __future__ import annotations

from typing import ClassVar

from textual.reactive import reactive

from engine.model import ChunkClass
from tui.text import fit, percent, short_number
from tui.widgets.class_marks import CLASS_VARIABLES
from tui.widgets.painted import Painted, Row, css_colors

_NAME_CELLS = 10


class ClassLabel(Painted):
    """Name in the colour of the class, tokens and share of the budget behind it."""

    PREFIX = "class-label"
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"class-label--{name}" for name in (*CLASS_VARIABLES, "number")}
    DEFAULT_CSS = f"""
    ClassLabel {{
        height: 1;
        {css_colors("class-label", CLASS_VARIABLES)}
        & > .class-label--number {{ color: $foreground; }}
    }}
    """

    tokens: reactive[int] = reactive(0)
    """Tokens of the class in the pack."""
    budget_tokens: reactive[int] = reactive(0)
    """The budget; 0 while unknown."""

    def __init__(self, chunk_class: ChunkClass) -> None:
        super().__init__()
        self.chunk_class = chunk_class

    def watch_tokens(self) -> None:
        """Draw anew."""
        self.repaint()

    def watch_budget_tokens(self) -> None:
        """Draw anew."""
        self.repaint()

    def rows(self, width: int, height: int) -> list[Row]:
        """Name and numbers."""
        row: Row = [(fit(self.chunk_class.value, min(width, _NAME_CELLS)), self.ink(f"class-{self.chunk_class.value}"))]
        if width >= _NAME_CELLS + 14 and self.budget_tokens:
            words = fit(short_number(self.tokens), 6, right=True)
            words += fit(percent(self.tokens / self.budget_tokens), 8, right=True)
            row.append((words, self.ink("number")))
        return [row]
