"""A text of any size to read: its keys, over what ``TextCanvas`` draws."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from tui.finding import Matches
from tui.widgets.text_canvas import TextCanvas

_SIDEWAYS = 8
"""Cells that one key press moves sideways."""


class TextView(TextCanvas):
    """Scrolls, searches and selects by keys."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "rows(1)", "Down", id="text.down", tooltip="One row down", show=False),
        Binding("up,k", "rows(-1)", "Up", id="text.up", tooltip="One row up", show=False),
        Binding("right,l", "cells(1)", "Right", id="text.right", tooltip="Some cells to the right", show=False),
        Binding("left,h", "cells(-1)", "Left", id="text.left", tooltip="Some cells to the left", show=False),
        Binding("pagedown,ctrl+f,space", "pages(2)", "Page down", id="text.page-down", tooltip="Page down", show=False),
        Binding("pageup,ctrl+b", "pages(-2)", "Page up", id="text.page-up", tooltip="A page up", show=False),
        Binding("ctrl+d", "pages(1)", "Half down", id="text.half-down", tooltip="Half a page down", show=False),
        Binding("ctrl+u", "pages(-1)", "Half up", id="text.half-up", tooltip="Half a page up", show=False),
        Binding("home,g", "end(False)", "Top", id="text.top", tooltip="To the first line", show=False),
        Binding("end,G", "end(True)", "Bottom", id="text.bottom", tooltip="To the last line", show=False),
        Binding("circumflex_accent", "line_start", "Line start", id="text.line-start", tooltip="To the left edge",
                key_display="^", show=False),
        Binding("dollar_sign", "line_end", "Line end", id="text.line-end", tooltip="To the end of visible lines",
                key_display="$", show=False),
        Binding("slash", "search", "Search", id="text.search", tooltip="Search this text", key_display="/"),
        Binding("n", "match(1)", "Next", id="text.next", tooltip="Next match", show=False),
        Binding("N", "match(-1)", "Previous", id="text.previous", tooltip="Previous match", show=False),
        Binding("I", "case", "Case", id="text.case", tooltip="Search with or without regard to case", show=False),
        Binding("W", "wrap", "Wrap", id="text.wrap", tooltip="Fold long lines, or scroll sideways", show=False),
        Binding("number_sign", "numbers", "Numbers", id="text.numbers", tooltip="Show or hide line numbers",
                key_display="#", show=False),
        Binding("V", "select", "Select", id="text.select", tooltip="Select lines; moving extends", show=False),
        Binding("escape", "clear", "Clear", id="text.clear", tooltip="Forget search and selection", show=False),
    ]  # fmt: skip

    @dataclass
    class SearchWanted(Message):
        """A person wants to type what to search for."""

        view: TextView

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Grey out what would do nothing; leave escape to others when there is nothing to forget."""
        if action == "match":
            return True if len(self.matches) else None
        if action == "clear":
            return bool(self.matches.words) or self.selection is not None
        return True

    def offsets_of_row(self, row: int) -> tuple[int, int]:
        """Offset in the text at which a row begins, and behind its last character, a line break included."""
        line, first, end = (row, 0, -1) if self.folding is None else self.folding.part(row)
        start, raw = self.document.raw(line)
        if 0 <= end < len(self.document.lines[line]):
            behind = start + self.document.text_column(line, end)
        else:
            behind = self.document.text.find("\n", start + len(raw)) + 1 or len(self.document.text)
        return start + (self.document.text_column(line, first) if first else 0), behind

    @property
    def visible_offsets(self) -> tuple[int, int]:
        """Offsets of the text between which everything in view stands; lines count whole unless they are folded."""
        top, last = round(self.scroll_y), max(0, self.row_count - 1)
        bottom = top + max(1, self.scrollable_content_region.height) - 1
        return self.offsets_of_row(min(top, last))[0], self.offsets_of_row(min(bottom, last))[1]

    def search(self, words: str) -> None:
        """Mark all matches and go to the first one from the top of what is visible."""
        self.matches = Matches(self.document.lines, words, match_case=self.match_case)
        self.current = self.matches.following(self.visible_lines[0], 0)
        self._show_match()

    def step(self, direction: int) -> None:
        """Go to the next (1) or previous (-1) match, round the end."""
        if len(self.matches):
            self.current = (self.current + direction) % len(self.matches)
        self._show_match()

    def _show_match(self) -> None:
        if self.current >= 0:
            line, first, _ = self.matches.place(self.current)
            self.go_to(line, first)
        self.redraw()
        self.post_message(self.Scrolled(self))

    @property
    def selected_text(self) -> str:
        """Lines that are selected, as the text has them; empty when none are."""
        if self.selection is None:
            return ""
        first, last = sorted(self.selection)
        return "".join(
            self.document.raw(line)[1] + "\n"
            for line in range(first, min(last + 1, len(self.document)))
            if self.document.source_line(line) is not None
        )

    def watch_match_case(self) -> None:
        """Search again."""
        self.search(self.matches.words)

    # -- keys ---------------------------------------------------------------------------------------------------------

    def action_rows(self, count: int) -> None:
        """Scroll, or extend the selection, by rows."""
        if self.selection is not None:
            start, at = self.selection
            self._extend(start, at + count)
        else:
            self.move(None, self.scroll_y + count)

    def action_cells(self, direction: int) -> None:
        """Scroll sideways."""
        self.move(self.scroll_x + direction * _SIDEWAYS, None)

    def action_pages(self, halves: int) -> None:
        """Scroll by half pages."""
        rows = max(1, self.scrollable_content_region.height * abs(halves) // 2 - abs(halves) // 2)
        self.action_rows(rows if halves > 0 else -rows)

    def action_end(self, last: bool) -> None:
        """Go to the first or last line."""
        line = max(0, len(self.document) - 1) if last else 0
        if self.selection is not None:
            self._extend(self.selection[0], line)
        else:
            self.move(None, self.row_count if last else 0)

    def action_line_start(self) -> None:
        """Scroll to the left edge."""
        self.move(0, None)

    def action_line_end(self) -> None:
        """Scroll until the end of the longest visible line is visible."""
        first, last = self.visible_lines
        cells = max((self.end_cell(line) for line in range(first, last + 1)), default=0)
        self.move(max(0, cells - self.text_cells), None)

    def action_search(self) -> None:
        """Ask for the words."""
        self.post_message(self.SearchWanted(self))

    def action_match(self, direction: int) -> None:
        """Go to another match."""
        self.step(direction)

    def action_case(self) -> None:
        """Change whether case counts."""
        self.match_case = not self.match_case

    def action_wrap(self) -> None:
        """Fold or unfold."""
        self.wrap = not self.wrap

    def action_numbers(self) -> None:
        """Show or hide line numbers."""
        self.numbers = not self.numbers

    def action_select(self) -> None:
        """Begin a selection at the first visible line, or give it up."""
        top = self.visible_lines[0]
        self.selection = None if self.selection is not None or not len(self.document) else (top, top)
        self._tell()

    def action_clear(self) -> None:
        """Forget selection, then search."""
        if self.selection is not None:
            self.selection = None
        else:
            self.search("")
        self._tell()

    def _extend(self, start: int, line: int) -> None:
        line = min(max(0, line), len(self.document) - 1)
        self.selection = (start, line)
        self.go_to(line)
        self._tell()

    def _tell(self) -> None:
        self.redraw()
        self.post_message(self.Scrolled(self))
