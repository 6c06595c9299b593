"""A text as lines that can be shown, and the way back from what is shown to offsets of the text itself."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import cached_property, lru_cache
from itertools import accumulate

from engine.visible import visible_text
from tui.cells import width_bound
from tui.text import lines_of

TAB_CELLS = 4
_STEERING = re.compile("[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
"""Marks that reorder or break a line in terminals that know them; all else of a repository stays as it is."""
_UNEQUAL = re.compile("[\t\r\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""Characters that may be shown as more than one."""
_MOST_UNEQUAL = 50_000
"""Characters of one line that are mapped; beyond, positions are those of a line without them."""


class Document:
    """Text to show. ``rows`` leaves out or repeats nothing: it only puts empty rows between lines.

    Args:
        text: The text itself.
        rows: Index of the text's line in each shown row, None for an empty one; by default all lines.
    """

    def __init__(self, text: str, rows: Sequence[int | None] | None = None) -> None:
        """Split the text; nothing is measured yet."""
        self.text = text
        shown = text if text.isascii() else _STEERING.sub("\ufffd", text)
        self._source = lines_of(shown, TAB_CELLS)
        if len(self._source) > 1 and not self._source[-1]:
            self._source.pop()  # what follows the last line break is no line
        self.rows = rows
        self.lines = self._source if rows is None else ["" if row is None else self._source[row] for row in rows]
        """What is shown, without line breaks."""

    def __len__(self) -> int:
        return len(self.lines)

    def source_line(self, index: int) -> int | None:
        """Line of the text that a shown row holds, from 0; None for an empty row between lines."""
        return index if self.rows is None else self.rows[index]

    @cached_property
    def width(self) -> int:
        """Cells of the widest line, or a little more."""
        return max(map(width_bound, self.lines), default=0)

    @cached_property
    def starts(self) -> list[int]:
        """Offset in the text at which each of its lines begins."""
        raw = self.text.split("\n")
        return [0, *accumulate(len(line) + 1 for line in raw[:-1])]

    def line_at(self, offset: int) -> int:
        """Shown row that holds an offset of the text."""
        line = max(0, bisect_right(self.starts, offset) - 1)
        if self.rows is None:
            return line
        return next((index for index, row in enumerate(self.rows) if row is not None and row >= line), 0)

    def raw(self, index: int) -> tuple[int, str]:
        """Offset and characters of a shown row in the text, without its line break."""
        line = self.source_line(index)
        if line is None:
            return 0, ""
        start = self.starts[line]
        end = self.starts[line + 1] - 1 if line + 1 < len(self.starts) else len(self.text)
        text = self.text[start:end]
        return start, text[:-1] if text.endswith("\r") and end < len(self.text) else text

    def shown_column(self, index: int, column: int) -> int:
        """Character of the shown row at which a character of the text's line stands."""
        raw_at, shown_at = _columns(self.raw(index)[1])
        run = bisect_right(raw_at, column) - 1
        return min(shown_at[run] + column - raw_at[run], len(self.lines[index]))

    def text_column(self, index: int, column: int) -> int:
        """Character of the text's line that stands at a character of the shown row."""
        raw_at, shown_at = _columns(self.raw(index)[1])
        run = bisect_right(shown_at, column) - 1
        most = raw_at[run + 1] - 1 if run + 1 < len(raw_at) else len(self.raw(index)[1])
        return min(raw_at[run] + column - shown_at[run], most)


@lru_cache(maxsize=256)
def _columns(raw: str) -> tuple[list[int], list[int]]:
    """Where runs of equal characters begin, in the text and as shown."""
    raw_at, shown_at = [0], [0]
    if raw.isascii() and raw.isprintable():
        return raw_at, shown_at
    for found in _UNEQUAL.finditer(raw):
        shown = shown_at[-1] + found.start() - raw_at[-1]
        shown += TAB_CELLS - shown % TAB_CELLS if found.group() == "\t" else len(visible_text(found.group()))
        raw_at.append(found.end())
        shown_at.append(shown)
        if len(raw_at) > _MOST_UNEQUAL:
            break
    return raw_at, shown_at
