"""A list of any number of rows: only the rows in sight are ever drawn."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.cache import LRUCache
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.widgets.hatched import hatched_line
from tui.widgets.parts import Parts
from tui.widgets.row_source import RowSource, RowState

REMEMBERED_ROWS = 1024
"""Drawn rows that are kept; several screens full."""


class RowList(Parts, ScrollView, inherit_bindings=False, can_focus=True):
    """Shows the rows of a source; the cursor stays on the same thing when the rows change."""

    DEFAULT_CSS = """
    RowList {
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-size-vertical: 1;
        color: $foreground;
        background: $background;
        & > .row-list--cursor { background: $surface; text-style: bold; }
        &:focus > .row-list--cursor { background: $panel; text-style: bold; }
        & > .row-list--hover { background: $surface; }
        & > .row-list--header { color: $foreground-darken-1; text-style: bold; }
        & > .row-list--hatch { color: $panel-lighten-1; }
        & > .row-list--empty { color: $foreground; }
        & > .row-list--pointer { color: $muted; }
        &:focus > .row-list--pointer { color: $primary; }
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "row-list--cursor", "row-list--hover", "row-list--header", "row-list--hatch", "row-list--empty",
        "row-list--pointer",
    }  # fmt: skip
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "cursor(1)", "Down", id="list.down", tooltip="Next row", show=False),
        Binding("up,k", "cursor(-1)", "Up", id="list.up", tooltip="Row before", show=False),
        Binding("pagedown,ctrl+f", "page(1)", "Page down", id="list.page-down", tooltip="A page on", show=False),
        Binding("pageup,ctrl+b", "page(-1)", "Page up", id="list.page-up", tooltip="A page back", show=False),
        Binding("ctrl+d", "page(0.5)", "Half down", id="list.half-down", tooltip="Half a page on", show=False),
        Binding("ctrl+u", "page(-0.5)", "Half up", id="list.half-up", tooltip="Half a page back", show=False),
        Binding("home,g", "edge(False)", "Top", id="list.top", tooltip="First row", show=False),
        Binding("end,G", "edge(True)", "Bottom", id="list.bottom", tooltip="Last row", show=False),
    ]

    cursor_row: reactive[int] = reactive(0, repaint=False)
    """Row that the cursor is on; 0 as well when there are no rows."""
    hover_row: reactive[int] = reactive(-1, repaint=False)
    """Row that the mouse is on, or -1."""

    @dataclass
    class RowMessage(Message):
        """Something about one row."""

        row_list: RowList
        row: int
        key: Hashable

        @property
        def control(self) -> RowList:
            """The list."""
            return self.row_list

    class Highlighted(RowMessage):
        """The cursor moved to another thing."""

        def can_replace(self, message: Message) -> bool:
            """Replace an older one that nobody handled yet."""
            return isinstance(message, RowList.Highlighted) and message.row_list is self.row_list

    class Chosen(RowMessage):
        """A row was clicked twice."""

    def __init__(self, source: RowSource | None = None, *, id: str | None = None, classes: str | None = None) -> None:
        """Show a source, or nothing yet."""
        super().__init__(id=id, classes=classes)
        self._source = source
        self._cursor_key: Hashable = None
        self._drawn: LRUCache[tuple[Hashable, RowState, int], Strip] = LRUCache(REMEMBERED_ROWS)
        self._painted: dict[str, Style] = {}
        self._under: dict[RowState, Style] = {}
        self._has_header = False

    # -- rows ------------------------------------------------------------------------------------------------------

    @property
    def source(self) -> RowSource | None:
        """What is shown."""
        return self._source

    @source.setter
    def source(self, source: RowSource | None) -> None:
        self._source = source
        self.rows_changed()

    @property
    def row_total(self) -> int:
        """Number of rows."""
        return 0 if self._source is None else self._source.row_count()

    @property
    def cursor_key(self) -> Hashable:
        """Key of the row that the cursor is on; None when there are no rows."""
        return self._cursor_key

    def rows_changed(self, key: Hashable = None) -> None:
        """Take up rows that came, went or moved; the cursor stays on its thing and on its line of the screen.

        Args:
            key: Thing to have the cursor on from now; None for the one it is on.
        """
        before, line = self._cursor_key, self.cursor_row - self.scroll_offset.y
        total = self.row_total
        wanted = before if key is None else key
        source, row = self._source, -1
        if source is not None and total:
            row = source.row_of(wanted) if wanted is not None else 0
        row = min(max(row if row >= 0 else self.cursor_row, 0), max(0, total - 1))
        self._has_header = source is not None and total > 0 and source.header_segments(0, self._paint) is not None
        self._drawn.clear()
        self.virtual_size = Size(0, total + self._has_header)
        self.set_reactive(RowList.cursor_row, row)
        self._cursor_key = source.row_key(row) if source is not None and total else None
        if self.hover_row >= total:
            self.set_reactive(RowList.hover_row, -1)
        if self.is_mounted and self._page_rows:
            self.scroll_to(y=max(0, row - min(max(line, 0), self._page_rows - 1)), animate=False)
            self.show_cursor()
        self.refresh()
        if self._cursor_key != before and self._cursor_key is not None:
            self.cursor_moved()

    def rows_redrawn(self) -> None:
        """Draw the rows again: what they say changed, not which there are."""
        self._drawn.clear()
        self.refresh()

    def move_cursor(self, row: int) -> None:
        """Put the cursor on a row, or the nearest there is."""
        if total := self.row_total:
            self.cursor_row = min(max(row, 0), total - 1)

    def show_cursor(self) -> None:
        """Scroll as little as needed to have the cursor in sight."""
        top, page = self.scroll_offset.y, self._page_rows
        if page <= 0:
            return
        if self.cursor_row < top:
            self.scroll_to(y=self.cursor_row, animate=False)
        elif self.cursor_row >= top + page:
            self.scroll_to(y=self.cursor_row - page + 1, animate=False)

    def cursor_moved(self) -> None:
        """Tell that the cursor is on another thing; subclasses tell more."""
        self.post_message(self.Highlighted(self, self.cursor_row, self._cursor_key))

    def row_chosen(self, row: int) -> None:
        """Tell that a row was clicked twice; subclasses do something about it."""
        self.post_message(self.Chosen(self, row, self._cursor_key))

    @property
    def _page_rows(self) -> int:
        return self.scrollable_content_region.height - self._has_header

    def watch_cursor_row(self, old: int, new: int) -> None:
        """Redraw the two rows and tell."""
        if self._source is None or not self.row_total:
            return
        self._cursor_key = self._source.row_key(new)
        self._refresh_row(old)
        self._refresh_row(new)
        self.show_cursor()
        self.cursor_moved()

    def watch_hover_row(self, old: int, new: int) -> None:
        """Redraw the two rows."""
        self._refresh_row(old)
        self._refresh_row(new)

    def _refresh_row(self, row: int) -> None:
        line = row - self.scroll_offset.y + self._has_header
        if row >= 0 and self._has_header <= line < self.size.height:
            self.refresh(Region(0, line, self.size.width, 1))

    # -- drawing ---------------------------------------------------------------------------------------------------

    def _paint(self, name: str) -> Style:
        style = self._painted.get(name)
        if style is None:
            style = self._painted[name] = self.get_component_rich_style(name, partial=True)
        return style

    def _row_style(self, state: RowState) -> Style:
        """Style under a row; kept, for finding it costs as much as drawing the row."""
        style = self._under.get(state)
        if style is None:
            part = "cursor" if state & RowState.CURSOR else "hover"
            style = self.get_component_rich_style(f"row-list--{part}") if state else self.rich_style
            self._under[state] = style
        return style

    def render_line(self, y: int) -> Strip:
        """Draw one line of the visible part."""
        width = self.scrollable_content_region.width
        if self._source is None or not self.row_total:
            lines = self._source.empty_lines() if self._source is not None else ()
            style = self._row_style(RowState.PLAIN)
            hatch, said = style + self._paint("row-list--hatch"), style + self._paint("row-list--empty")
            return hatched_line(lines, y, width, self.size.height, hatch, said)
        if self._has_header and y == 0:
            header = self._source.header_segments(width, self._paint) or ()
            style = self._row_style(RowState.PLAIN) + self._paint("row-list--header")
            return Strip(Segment.apply_style(header, style)).adjust_cell_length(width, style)
        row = self.scroll_offset.y + y - self._has_header
        if row >= self.row_total:
            return Strip.blank(width, self._row_style(RowState.PLAIN))
        state = RowState.CURSOR if row == self.cursor_row else RowState.PLAIN
        if row == self.hover_row:
            state |= RowState.HOVER
        key = (self._source.row_key(row), state, width)
        strip = self._drawn.get(key)
        if strip is None:
            style = self._row_style(state)
            pointer = Segment("▌" if state & RowState.CURSOR else " ", style + self._paint("row-list--pointer"))
            drawn = self._source.row_segments(row, width - 1, state, self._paint)
            segments = [pointer, *(Segment(text, style + own if own else style) for text, own, _ in drawn if text)]
            strip = self._drawn[key] = Strip(segments).adjust_cell_length(width, style)
        return strip

    def notify_style_update(self) -> None:
        """Forget what was drawn in the old colours."""
        super().notify_style_update()
        self._drawn.clear()
        self._painted.clear()
        self._under.clear()
        self.refresh()

    # -- keys and mouse --------------------------------------------------------------------------------------------

    def action_cursor(self, rows: int) -> None:
        """Move the cursor by rows."""
        self.move_cursor(self.cursor_row + rows)

    def action_page(self, pages: float) -> None:
        """Move the cursor by pages."""
        self.move_cursor(self.cursor_row + int(pages * max(1, self._page_rows)))

    def action_edge(self, is_end: bool) -> None:
        """Move the cursor to the first or last row."""
        self.move_cursor(self.row_total - 1 if is_end else 0)

    def on_mount(self) -> None:
        """Take up the rows that were there before."""
        self.rows_changed()

    def on_resize(self) -> None:
        """Keep the cursor in sight."""
        self._drawn.clear()
        self.show_cursor()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Light the row under the mouse."""
        self.hover_row = self._row_under(event)

    def on_leave(self) -> None:
        """Light no row."""
        self.hover_row = -1

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on the row; twice chooses it."""
        row = self._row_under(event)
        if row >= 0:
            event.stop()
            self.move_cursor(row)
            if event.chain > 1:
                self.row_chosen(row)

    def _row_under(self, event: events.MouseEvent) -> int:
        offset = event.get_content_offset(self)
        if offset is None or offset.y < self._has_header:
            return -1
        row = self.scroll_offset.y + offset.y - self._has_header
        return row if row < self.row_total else -1
