"""Choose one of the levels 0-5."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import reactive

from tui.settings import DEEPEST
from tui.text import MARKS
from tui.widgets.painted import Painted, Row, css_colors

_SHOWN = MARKS[: DEEPEST + 1]


class LevelPicker(Painted, can_focus=True):
    """The marks of all levels in a row; the chosen one is knocked out, deeper ones are dim."""

    PREFIX = "level-picker"
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"level-picker--{mark.variable}" for mark in _SHOWN} | {
        "level-picker--dim", "level-picker--chosen",
    }  # fmt: skip
    DEFAULT_CSS = f"""
    LevelPicker {{
        height: 1;
        width: auto;
        {css_colors("level-picker", (mark.variable for mark in _SHOWN))}
        & > .level-picker--dim {{ color: $muted; }}
        & > .level-picker--chosen {{ color: $secondary; text-style: bold reverse; }}
        &:focus > .level-picker--chosen {{ color: $primary; text-style: bold reverse; }}
    }}
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h", "step(-1)", "Fuller", id="level.fuller", tooltip="The fuller level", show=False),
        Binding("right,l", "step(1)", "Deeper", id="level.deeper", tooltip="The deeper level", show=False),
        *(
            Binding(str(level), f"take({level})", mark.name, id=f"level.{mark.name}", tooltip=f"Level {level}",
                    show=False)
            for level, mark in enumerate(_SHOWN)
        ),
    ]  # fmt: skip

    level: reactive[int] = reactive(DEEPEST)
    """The chosen level."""

    @dataclass
    class Moved(Message):
        """A person chose another level."""

        picker: LevelPicker
        level: int

        @property
        def control(self) -> LevelPicker:
            """The picker, for selectors."""
            return self.picker

    def __init__(self, level: int = DEEPEST, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.set_reactive(LevelPicker.level, level)

    def watch_level(self) -> None:
        """Draw anew."""
        self.repaint()

    @property
    def _cells(self) -> int:
        """Cells of one level: letter, or glyph and letter with a space around."""
        return min(4, max(1, self.size.width // len(_SHOWN)))

    def rows(self, width: int, height: int) -> list[Row]:
        """The marks."""
        cells = self._cells
        row: Row = []
        for level, mark in enumerate(_SHOWN):
            text = mark.letter if cells < 3 else f"{mark.glyph}{mark.letter}"
            text = text if cells in (1, 3) else f" {text}"
            part = "chosen" if level == self.level else "dim" if level > self.level else mark.variable
            row.append((text.ljust(cells), self.ink(part)))
        return [row]

    def action_step(self, steps: int) -> None:
        """Move by some levels."""
        self.action_take(self.level + steps)

    def action_take(self, level: int) -> None:
        """Choose a level."""
        level = min(max(0, level), DEEPEST)
        if level != self.level:
            self.level = level
            self.post_message(self.Moved(self, level))

    def on_click(self, event: events.Click) -> None:
        """Choose what is under the mouse."""
        at = event.get_content_offset(self)
        if at is not None and at.x < self._cells * len(_SHOWN):
            self.action_take(at.x // self._cells)
