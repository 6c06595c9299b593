"""Draws a text of any size: folded, numbered, coloured, marked; only what is visible is ever styled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.cache import LRUCache
from textual.geometry import Size
from textual.message import Message
from textual.reactive import var
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.cells import cell_of, cut
from tui.document import Document
from tui.finding import Matches
from tui.highlight import Highlighter, Section
from tui.painting import Layer, paint
from tui.token_parts import token_parts
from tui.widgets.parts import Parts
from tui.widgets.text_styles import CSS, PARTS
from tui.wrapping import Folding

_FOLD_MARKS = ("…", "⋯")
"""What lines start with that stand for lines which are not shown."""


class TextCanvas(Parts, ScrollView, can_focus=True):
    """Shows a text. Repository text is only ever put into segments, controls as symbols."""

    COMPONENT_CLASSES: ClassVar[set[str]] = PARTS
    DEFAULT_CSS = CSS

    @dataclass
    class Scrolled(Message):
        """Other lines are visible."""

        view: TextCanvas

        def can_replace(self, message: Message) -> bool:
            """Replace an older one that nobody handled yet."""
            return isinstance(message, TextCanvas.Scrolled) and message.view is self.view

    wrap: var[bool] = var(False)
    """Fold long lines instead of scrolling sideways."""
    numbers: var[bool] = var(True)
    """Show the number of each line."""
    match_case: var[bool] = var(False)
    """Search with regard to case."""
    token_ends: var[Sequence[int]] = var((), always_update=True)
    """Offset in the text behind each token; marks tokens when there are any."""
    first_number: var[int] = var(1)
    """Number of the first line."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.document = Document("")
        self.matches = Matches((), "")
        self.current = -1
        """Number of the match that is gone to; -1 for none."""
        self.selection: tuple[int, int] | None = None
        """Lines that are selected: where it began, where it is."""
        self._highlighter = Highlighter((), ())
        self._frames: frozenset[int] = frozenset()
        self.folding: Folding | None = None
        self._strips: LRUCache[int, Strip] = LRUCache(512)
        self._strips_of: tuple[int, int] = (0, 0)
        self._styles: dict[str, Style] = {}

    def load(
        self, document: Document, sections: Sequence[Section] = (), frames: Sequence[int] = (), *, keep: bool = False
    ) -> None:
        """Show another text.

        Args:
            document: What to show.
            sections: Languages of stretches of its lines; none, no colours.
            frames: Lines that are headings of what follows.
            keep: Stay at the same lines instead of going to the top.
        """
        words = self.matches.words
        self.document, self.selection, self.current = document, None, -1
        self._highlighter, self._frames = Highlighter(document.lines, sections), frozenset(frames)
        self.set_reactive(TextCanvas.token_ends, ())
        self.matches = Matches(document.lines, words, match_case=self.match_case)
        self._measure()
        if not keep:
            self.move(0, 0)

    # -- where things are --------------------------------------------------------------------------------------------

    @property
    def gutter_cells(self) -> int:
        """Cells that line numbers take."""
        return len(str(self.first_number + max(0, len(self.document) - 1))) + 2 if self.numbers else 0

    @property
    def text_cells(self) -> int:
        """Cells that are left for text."""
        return max(2, self.scrollable_content_region.width - self.gutter_cells)

    @property
    def row_count(self) -> int:
        """Rows of the whole text."""
        return len(self.folding) if self.folding is not None else len(self.document)

    def line_of_row(self, row: int) -> int:
        """Line that a row of the text shows (a part of)."""
        row = min(max(0, row), max(0, self.row_count - 1))
        return self.folding.part(row)[0] if self.folding is not None and self.row_count else row

    def row_of(self, line: int, character: int = 0) -> int:
        """Row that shows a character of a line."""
        return self.folding.row_of(line, character) if self.folding is not None else line

    @property
    def visible_lines(self) -> tuple[int, int]:
        """First and last line in view."""
        top = round(self.scroll_y)
        return self.line_of_row(top), self.line_of_row(top + max(1, self.scrollable_content_region.height) - 1)

    def end_cell(self, line: int) -> int:
        """Cell behind the last character of a line."""
        text = self.document.lines[line]
        return cell_of(text, len(text))

    def go_to(self, line: int, character: int = 0, *, top: bool = False) -> None:
        """Bring a character into view; ``top`` puts its line first."""
        if not len(self.document):
            return
        row, height = self.row_of(line, character), max(1, self.scrollable_content_region.height)
        y = None
        if top:
            y = row
        elif not self.scroll_y <= row < self.scroll_y + height:
            y = max(0, row - height // 3)
        x = None
        if self.folding is None:
            cell, cells = cell_of(self.document.lines[line], character), self.text_cells
            if not self.scroll_x <= cell < self.scroll_x + cells - 1:
                x = max(0, cell - cells // 2) if cell >= cells else 0
        self.move(x, y)

    def move(self, x: float | None, y: float | None) -> None:
        """Scroll at once; also where no scroll bar was laid out yet, as just after a text came."""
        self.scroll_to(x, y, animate=False, force=True)

    # -- changes -------------------------------------------------------------------------------------------------------

    def redraw(self) -> None:
        """Style the visible lines anew."""
        self._strips.clear()
        self.refresh()

    def _measure(self) -> None:
        self.folding = Folding(self.document.lines, self.text_cells) if self.wrap else None
        width = 0 if self.folding is not None else self.document.width + self.gutter_cells
        self.virtual_size = Size(width, self.row_count)
        self.redraw()

    def watch_wrap(self) -> None:
        """Fold or unfold, keeping the line at the top."""
        line = self.visible_lines[0] if self.is_mounted else 0
        self._measure()
        self.move(0, None)
        self.go_to(line, top=True)

    def watch_numbers(self) -> None:
        """Make room for numbers, or take it back."""
        self._measure()

    def watch_first_number(self) -> None:
        """Write other numbers."""
        self._measure()

    def watch_token_ends(self) -> None:
        """Mark other tokens."""
        self.redraw()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Tell who scrolls along."""
        super().watch_scroll_y(old_value, new_value)
        self.post_message(self.Scrolled(self))

    def on_resize(self, event: events.Resize) -> None:
        """Fold at the new width, keeping the line at the top."""
        line = self.visible_lines[0]
        if self.wrap:
            self._measure()
            self.go_to(line, top=True)
        self.post_message(self.Scrolled(self))

    def notify_style_update(self) -> None:
        """Forget strips of other colours."""
        super().notify_style_update()
        self._styles.clear()
        self._strips.clear()

    # -- drawing -----------------------------------------------------------------------------------------------------

    def render_line(self, y: int) -> Strip:
        """Draw a visible row."""
        scroll_x, scroll_y = self.scroll_offset
        width = self.scrollable_content_region.width
        if (scroll_x, width) != self._strips_of:
            self._strips.clear()
            self._strips_of = (scroll_x, width)
        row = scroll_y + y
        strip = self._strips.get(row)
        if strip is None:
            strip = self._strips[row] = self._draw(row, scroll_x, width)
        return strip

    def _draw(self, row: int, scroll_x: int, width: int) -> Strip:
        base = self.rich_style
        if row >= self.row_count:
            return Strip.blank(width, base)
        cells, pad = self.text_cells, 0
        if self.folding is not None:
            line, first, end = self.folding.part(row)
        else:
            line = row
            first, end, pad = cut(self.document.lines[line], scroll_x, cells)
        segments = self._gutter(line, first == 0 or self.folding is None, base)
        if self.document.source_line(line) is None:
            segments.append(Segment("╱" * cells, base + self._style("text-view--filler")))
        if pad:
            segments.append(Segment(" " * pad, base))
        selected = self.selection is not None and min(self.selection) <= line <= max(self.selection)
        if selected:
            base += self._style("text-view--selected")
        segments += paint(self.document.lines[line], first, end, base, self._layers(line, first, end))
        return Strip(segments).adjust_cell_length(width, base).simplify()

    def _gutter(self, line: int, is_first: bool, base: Style) -> list[Segment]:
        cells, source = self.gutter_cells, self.document.source_line(line)
        if not cells:
            return []
        number = str(source + self.first_number) if is_first and source is not None else ""
        return [Segment(f"{number:>{cells - 2}}  ", base + self._style("text-view--gutter"))]

    def _layers(self, line: int, first: int, end: int) -> list[Layer]:
        text = self.document.lines[line]
        if line in self._frames:
            layers = [(0, len(text), self._style("text-view--frame"))]
        elif text[:80].lstrip().startswith(_FOLD_MARKS):
            layers = [(0, len(text), self._style("text-view--fold"))]
        else:
            layers = [(a, b, self._style(f"syntax--{name}")) for a, b, name in self._highlighter.spans(line)]
        parity = ("text-view--token-even", "text-view--token-odd")
        for start, stop, number in token_parts(self.document, self.token_ends, line, first, end):
            layers.append((start, stop, self._style(parity[number % 2])))
        for number, start, stop in self.matches.within(line, first, end):
            name = "text-view--match-current" if number == self.current else "text-view--match"
            layers.append((start, stop, self._style(name)))
        return layers

    def _style(self, name: str) -> Style:
        style = self._styles.get(name)
        if style is None:
            rules = self.get_component_styles(name)
            # A partial style of Textual's own forgets that a background may be thin.
            thick = (self.background_colors[1] + rules.background).rich_color if rules.background.a else None
            known = rules.color.rich_color if rules.has_rule("color") else None
            style = self._styles[name] = Style(color=known, bgcolor=thick) + rules.text_style
        return style
