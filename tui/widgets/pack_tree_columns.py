"""Columns of the tree by width: what is dropped first in a narrow pane, and the line above the rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.segment import Segment

from engine.model import CLASSES, ChunkClass
from tui.text import fit
from tui.tree import Sort
from tui.widgets.row_source import Paint

SHORT_CLASSES: dict[ChunkClass, str] = {
    ChunkClass.CODE: "code", ChunkClass.TESTS: "test", ChunkClass.COMMENTS: "comm", ChunkClass.EXAMPLES: "exam",
    ChunkClass.CONFIG: "conf", ChunkClass.DOCS: "docs", ChunkClass.DATA: "data", ChunkClass.GENERATED: "gen",
    ChunkClass.VENDORED: "vend", ChunkClass.LOCKFILE: "lock",
}  # fmt: skip
"""Classes in four letters."""
CLASS_PAINT = tuple(f"pack-tree--class-{name.value}" for name in CLASSES)
"""Component class by class."""
GAP = 2
"""Empty cells between columns."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Width in cells of each column; 0 for one that is not shown. A column's gap is part of it, on its left."""

    name: int
    chunk_class: int = 0
    mark: int = 8
    full: int = 0
    packed: int = 11
    bar: int = 0
    share: int = 0
    value: int = 0


def columns_for(width: int) -> Columns:
    """Share out a width: a narrow pane has name, level and packed tokens; the rest comes with room for it."""
    if width < 70:
        return Columns(max(8, width - 19))
    if width < 104:
        return Columns(width - 8 - 11 - 11 - 10, full=11, bar=10)
    return Columns(width - 7 - 8 - 11 - 11 - 18 - 9 - 9, 7, full=11, bar=18, share=9, value=9)


def columns_while_found(width: int) -> Columns:
    """Columns while nothing is packed yet."""
    bar = 18 if width >= 104 else 10 if width >= 40 else 0
    return Columns(max(8, width - 11 - bar), mark=0, full=11, packed=0, bar=bar)


def header(columns: Columns, sort: Sort, paint: Paint) -> Sequence[Segment]:
    """Draw the titles; an arrow marks the one that rows are sorted by."""

    def title(text: str, cells: int, by: Sort | None = None) -> Segment:
        is_sorted = by is sort
        words = f"{text}{' ↓' if is_sorted else ''}"
        style = paint("pack-tree--sorted") if is_sorted else None
        return Segment(fit(words, cells, right=True) if cells else "", style)

    name = "name ↑" if sort is Sort.NAME else "name"
    if (sort is Sort.SIZE and not columns.full) or (sort is Sort.VALUE and not columns.value):
        name = f"name, by {sort.value} ↓"
    return [
        Segment(" " + fit(name, columns.name - 1), paint("pack-tree--sorted") if name != "name" else None),
        Segment(fit("  class", columns.chunk_class)) if columns.chunk_class else Segment(""),
        Segment(fit("  level", columns.mark)) if columns.mark else Segment(""),
        title("full", columns.full, Sort.SIZE),
        title("packed", columns.packed, Sort.PACKED),
        Segment(fit("  share", columns.bar)) if columns.bar else Segment(""),
        title("of pack", columns.share),
        title("value", columns.value, Sort.VALUE),
    ]
