"""One row with all levels of a place: what each would cost, and which one is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.message import Message
from textual.reactive import var

from tui.text import MARKS, number, short_number
from tui.widgets.painted import Painted, Row

_SHOWN = 5
"""Levels that text can be shown at."""


class LevelStrip(Painted):
    """``a as packed │ 0 █ full 1,203 │ 1 ▆ trimmed 1,010 …``; a click chooses."""

    PREFIX = "level-strip"
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "level-strip--quiet", "level-strip--chosen", *(f"level-strip--{known.variable}" for known in MARKS),
    }  # fmt: skip
    DEFAULT_CSS = f"""
    LevelStrip {{
        height: 1; background: $background; color: $foreground;
        .level-strip--quiet {{ color: $muted; }}
        .level-strip--chosen {{ color: $background; background: $primary; text-style: bold; }}
        {"".join(f".level-strip--{known.variable} {{ color: ${known.variable}; }}" for known in MARKS)}
    }}
    """

    @dataclass
    class Chosen(Message):
        """A person wants a level; None is as packed."""

        level: int | None

    costs: var[Sequence[int]] = var((), always_update=True)
    """Tokens at levels 0 to 4."""
    chosen: var[int | None] = var(None)
    """Level that is asked for; None is as packed."""
    packed: var[int] = var(-1)
    """Level in the pack; -1 when there are several."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._edges: list[tuple[int, int | None]] = []

    def watch_costs(self) -> None:
        """Write other costs."""
        self.repaint()

    def watch_chosen(self) -> None:
        """Mark another level."""
        self.repaint()

    def watch_packed(self) -> None:
        """Name another level."""
        self.repaint()

    def rows(self, width: int, height: int) -> list[Row]:
        """As many words as fit: names and full numbers, short ones, marks alone."""
        if not self.costs:
            return []
        for form in range(4):
            pieces = self._pieces(form)
            if sum(len(text) + 1 for text, _ in pieces) - 1 <= width:
                break
        row: Row = []
        self._edges = []
        used = 0
        for text, level in pieces:
            name = "quiet" if level is None else MARKS[level].variable
            row += [(text, self.ink("chosen") if level == self.chosen else self.ink(name)), (" ", self.ink())]
            used += len(text) + 1
            self._edges.append((used, level))
        return [row]

    def _pieces(self, form: int) -> list[tuple[str, int | None]]:
        name = "several" if self.packed < 0 else MARKS[self.packed].name
        pieces: list[tuple[str, int | None]] = [
            ((f" a as packed: {name} ", f" a as packed: {name} ", " a packed ", "a")[form], None)
        ]
        for level, cost in enumerate(self.costs[:_SHOWN]):
            known = MARKS[level]
            pieces.append((
                (f" {level} {known.glyph} {known.name} {number(cost)} ", f" {level} {known.glyph} {number(cost)} ",
                 f"{level} {known.glyph} {short_number(cost)}", f"{level}{known.glyph}")[form], level,
            ))  # fmt: skip
        return pieces

    def on_click(self, event: events.Click) -> None:
        """Choose what was clicked."""
        for behind, level in self._edges:
            if event.get_content_offset_capture(self).x < behind:
                self.post_message(self.Chosen(level))
                return
