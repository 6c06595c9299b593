"""Ground of the widgets that draw themselves: rows of styled text, kept until something changes.

Text goes straight into segments, so nothing in it is ever read as markup; it must be visible text of known width.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

Row = list[tuple[str, Style]]
"""Pieces of text from left to right."""


class Painted(Widget):
    """A widget whose content is a few rows; subclasses give ``rows`` and call ``repaint`` when facts change."""

    PREFIX: ClassVar[str] = "painted"
    """Begin of the names of its component classes: ``window-bar`` of ``window-bar--tick``."""

    def __init__(self, *, name: str | None = None, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self._strips: list[Strip] | None = None
        self._painted_size = (-1, -1)

    def rows(self, width: int, height: int) -> list[Row]:
        """Draw the content, at most ``height`` rows of at most ``width`` cells."""
        raise NotImplementedError

    def repaint(self) -> None:
        """Draw anew at the next chance."""
        self._strips = None
        self.refresh()

    def notify_style_update(self) -> None:
        """Forget what was drawn in other colours."""
        self._strips = None
        super().notify_style_update()

    def ink(self, *parts: str) -> Style:
        """Style of a part on the widget's own background; without parts, of plain text."""
        if not parts:
            return self.rich_style
        return self.get_component_rich_style(*(f"{self.PREFIX}--{part}" for part in parts))

    def solid(self, part: str, behind: str = "") -> Style:
        """Style of text knocked out of a part's colour; with ``behind``, the part's colour before another one's."""
        color = self.ink(part).color
        if behind:
            return Style(color=color, bgcolor=self.ink(behind).color)
        return Style(color=self.rich_style.bgcolor, bgcolor=color)

    def render_line(self, y: int) -> Strip:
        """One row of the content."""
        width, height = self.size
        if self._strips is None or self._painted_size != (width, height):
            self._strips = [_strip(row, width, self.rich_style) for row in self.rows(width, height)[:height]]
            self._painted_size = (width, height)
        return self._strips[y] if y < len(self._strips) else Strip.blank(width, self.rich_style)


def _strip(row: Iterable[tuple[str, Style]], width: int, ground: Style) -> Strip:
    return Strip([Segment(text, style) for text, style in row if text]).adjust_cell_length(width, ground)


def css_colors(prefix: str, names: Iterable[str]) -> str:
    """Write the rules that give component classes the theme variable of their own name."""
    return "\n".join(f"& > .{prefix}--{name} {{ color: ${name}; }}" for name in names)
