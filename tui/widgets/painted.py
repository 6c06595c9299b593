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

from tui.widgets.parts import Parts

Row = list[tuple[str, Style]]
"""Pieces of text from left to right."""


class Painted(Parts, Widget):
    """A widget whose content is a few rows; subclasses give ``rows`` and call ``repaint`` when facts change."""

    PREFIX: ClassVar[str] = "painted"
    """Begin of the names of its component classes: ``window-bar`` of ``window-bar--tick``."""

    def __init__(self, *, name: str | None = None, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self._strips: list[Strip] | None = None
        self._painted_size = (-1, -1)
        self._inks: dict[tuple[str, ...], Style] = {}
        self._solids: dict[tuple[str, str], Style] = {}

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
        self._inks.clear()
        self._solids.clear()
        super().notify_style_update()

    def ink(self, *parts: str) -> Style:
        """Style of a part on the widget's own background; without parts, of plain text."""
        # Kept here because a bar asks for a style per cell, and looking one up costs more than drawing the cell.
        known = self._inks.get(parts)
        if known is None:
            names = [f"{self.PREFIX}--{part}" for part in parts]
            known = self.get_component_rich_style(*names) if parts else self.rich_style
            self._inks[parts] = known
        return known

    def solid(self, part: str, behind: str = "") -> Style:
        """Style of text knocked out of a part's colour; with ``behind``, the part's colour before another one's."""
        known = self._solids.get((part, behind))
        if known is None:
            color = self.ink(part).color
            if behind:
                known = Style(color=color, bgcolor=self.ink(behind).color)
            else:
                known = Style(color=self.ink().bgcolor, bgcolor=color)
            self._solids[part, behind] = known
        return known

    def render_line(self, y: int) -> Strip:
        """One row of the content."""
        width, height = self.size
        if self._strips is None or self._painted_size != (width, height):
            self._strips = [_strip(row, width, self.ink()) for row in self.rows(width, height)[:height]]
            self._painted_size = (width, height)
        return self._strips[y] if y < len(self._strips) else Strip.blank(width, self.ink())


def _strip(row: Iterable[tuple[str, Style]], width: int, ground: Style) -> Strip:
    segments: list[Segment] = []
    text, style = "", ground
    for more, other in row:
        if other is style:
            text += more
        else:
            if text:
                segments.append(Segment(text, style))
            text, style = more, other
    segments.append(Segment(text, style))
    return Strip(segments).adjust_cell_length(width, ground)


def css_colors(prefix: str, names: Iterable[str]) -> str:
    """Write the rules that give component classes the theme variable of their own name."""
    return "\n".join(f"& > .{prefix}--{name} {{ color: ${name}; }}" for name in names)
