"""Where the columns and rows of the level matrix are, and the text of its cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tui.text import MARKS, bar, fit, number, percent, short_number
from tui.widgets.class_marks import CLASS_LETTERS
from tui.widgets.matrix_cells import LEVELS, MatrixRow

FITS, WALL = "✓", "┃"
_LEAST_CELL = 7
"""Share glyph, five cells of a number, one for a mark."""
_HEIGHTS = " ▁▂▃▄▅▆▇█"


@dataclass(frozen=True, slots=True)
class Layout:
    """Cells and rows; all counts are of the content without border."""

    width: int
    name: int
    """Cells of the class names."""
    cell: int
    """Cells of a level's column: share glyph, number, fit mark, wall."""
    packed: int
    """Cells of the column with the tokens in the pack; 0 for none."""
    head: int
    """Rows of the header."""
    body: int
    """Rows for classes."""
    ruled: bool
    """Whether a line stands above the total."""
    rated: bool
    """Whether the quality stands below the total."""

    short: bool
    """Whether numbers are written short, all of them."""

    @property
    def glyphs(self) -> int:
        """Cells of the mark that says how much of the class is here: one high, or some long."""
        return max(1, min(6, self.cell - 12))

    @property
    def digits(self) -> int:
        """Cells of a number."""
        return self.cell - (1 if self.merged else 2) - self.glyphs

    @property
    def merged(self) -> bool:
        """Whether fit mark and wall share a cell: the wall goes before."""
        return self.cell == _LEAST_CELL

    def level_at(self, x: int) -> int | None:
        """Level whose column a cell is in."""
        level = (x - self.name) // self.cell
        return level if x >= self.name and level < LEVELS else None

    def row_at(self, y: int, first: int, rows: int) -> int | None:
        """Row of the table that stands at ``y``.

        Args:
            y: Row of the content.
            first: First class that is shown.
            rows: Rows of the table, the total included.
        """
        at = y - self.head
        shown = min(self.body, rows - 1 - first)
        if 0 <= at < shown:
            return first + at
        return rows - 1 if shown + self.ruled <= at <= shown + self.ruled + self.rated else None


def layout_for(width: int, height: int, table: Sequence[MatrixRow]) -> Layout:
    """Choose columns for a width, and what to leave out where there are few rows."""
    classes = len(table) - 1
    largest = max((cost for row in table for cost in row.costs), default=0)
    packed = 10 if width >= 96 else 0
    name = 11 if width >= 80 else min(8, max(2, width - _LEAST_CELL * LEVELS))
    cell = min(18, max(_LEAST_CELL, (width - name - packed) // LEVELS))
    head = 1 if cell >= 16 or height < classes + 4 else 2
    rated = height >= head + 3
    body = max(1, min(classes, height - head - 1 - rated))
    ruled = height >= head + body + 2 + rated
    made = Layout(name + cell * LEVELS + packed, name, cell, packed, head, body, ruled, rated, False)
    return replace(made, short=len(number(largest)) > made.digits)


def visible_rows(first: int, cursor: int, body: int, classes: int) -> int:
    """First class to show so that the one under the cursor is in sight."""
    if cursor >= classes:
        return min(first, max(0, classes - body))
    return max(0, min(max(first, cursor - body + 1), cursor, classes - body))


def header_lines(layout: Layout) -> list[str]:
    """Level numbers, marks and names above the columns."""
    marks, names = [" " * layout.name], [" " * layout.name]
    for level, mark in enumerate(MARKS[:LEVELS]):
        short = f"{level} {mark.glyph}{mark.letter}"
        text = f"{short} {mark.name}" if layout.head == 1 and layout.cell >= 16 else short
        marks.append(fit(text, layout.cell - 2, right=True) + "  ")
        names.append(fit(fit(mark.name, min(len(mark.name), layout.cell - 1)), layout.cell - 1, right=True) + " ")
    lines = ["".join(marks), "".join(names)][: layout.head]
    lines[-1] += fit("in pack", layout.packed, right=True)
    return lines


def name_text(row: MatrixRow, layout: Layout, hidden: int = 0) -> str:
    """Name of a row; that of the total says how many classes are out of sight."""
    text = f"all +{hidden}↕" if hidden and row.chunk_class is None else row.name
    if layout.name < 6:
        text = CLASS_LETTERS[row.chunk_class] if row.chunk_class else "Σ"
    elif row.chunk_class and layout.name >= 11:
        text = f"{CLASS_LETTERS[row.chunk_class]} {text}"
    return fit(text, layout.name)


def cell_text(row: MatrixRow, level: int, layout: Layout, budget: int) -> tuple[str, str, str, str]:
    """Share glyph, number, fit mark and wall of one cell."""
    if level >= len(row.costs):
        return " " * layout.glyphs, "…".rjust(layout.digits), " ", "" if layout.merged else " "
    cost = row.costs[level]
    share = row.held[level] if row.held else 0.0
    tall = _HEIGHTS[max(1, round(share * 8))] if share > 0 else " "
    glyph = tall if layout.glyphs == 1 else bar(share, layout.glyphs)
    text = short_number(cost) if layout.short else number(cost)
    fits = FITS if cost <= budget else " "
    wall = WALL if row.chunk_class and row.deepest == level < LEVELS - 1 else " "
    if layout.merged:
        fits, wall = ("", wall) if wall == WALL else (fits, "")
    return glyph, text.rjust(layout.digits), fits, wall


def packed_text(row: MatrixRow, layout: Layout) -> str:
    """Tokens of a row in the pack."""
    return fit(number(row.packed_tokens), layout.packed, right=True) if row.held else ""


def quality_text(total: MatrixRow, layout: Layout) -> str:
    """Quality with everything at each level."""
    texts = [
        percent(share) if layout.cell > _LEAST_CELL else percent(share).replace(".0", "") for share in total.quality
    ]
    shown = "".join(fit(text, layout.cell - 1, right=True) + " " for text in texts)
    return fit("quality" if layout.name > 6 else "%", layout.name) + shown if shown else ""
