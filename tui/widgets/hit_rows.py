"""Hits of a search as rows of a list: where, what, how the pack shows it, what it costs, and what spoke for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from rich.segment import Segment

from engine.model import CLASSES
from tui.search_facts import SIGNALS, HitFacts
from tui.text import MARKS, fit, mark, middle, number
from tui.widgets.names import shown_name
from tui.widgets.pack_tree_columns import SHORT_CLASSES
from tui.widgets.row_list import RowList
from tui.widgets.row_source import Paint, RowState
from tui.widgets.signal_bar import signal_parts

_SHORT = {name.value: short for name, short in SHORT_CLASSES.items()}
_RANK, _TOKENS, _TOTAL, _SCORE = 4, 8, 9, 7
_LEVEL, _SHORT_LEVEL = 7, 5
_CLASS, _SHORT_CLASS = 11, 6
_LEAST_PLACE = 12


@dataclass(frozen=True, slots=True)
class Columns:
    """Cells of each column; 0 where it is not there."""

    place: int
    symbol: int
    chunk_class: int
    level: int
    total: int
    bar: int


def columns_for(width: int) -> Columns:
    """Columns of a list so wide; what the panel below tells too goes first."""
    level = _LEVEL if width >= 66 else _SHORT_LEVEL
    width -= _RANK + level + _TOKENS + _SCORE
    chunk_class = _CLASS if width >= 100 else _SHORT_CLASS if width >= 66 else 0
    total = _TOTAL if width >= 54 else 0
    bar = 11 if width < 36 else 14 if width < 46 else 18 if width < 80 else 26 if width < 130 else 42
    rest = width - chunk_class - total - bar
    symbol = min(40, rest * 2 // 5) if rest >= 34 else 0
    return Columns(max(_LEAST_PLACE, rest - symbol), symbol, chunk_class, level, total, bar)


class HitRows:
    """Rows of ``HitFacts``."""

    def __init__(self, hits: Sequence[HitFacts] = (), empty: Sequence[str] = ()) -> None:
        self.hits = hits
        self.empty = empty
        """What is said where there is none."""

    def row_count(self) -> int:
        """Number of hits."""
        return len(self.hits)

    def row_key(self, row: int) -> tuple[str, int, int, str]:
        """Where the hit is."""
        hit = self.hits[row]
        return hit.path, hit.start_line, hit.end_line, hit.symbol

    def row_of(self, key: Any) -> int:
        """Row of a place."""
        return next((row for row in range(len(self.hits)) if self.row_key(row) == key), -1)

    def header_segments(self, width: int, paint: Paint) -> Sequence[Segment] | None:
        """Titles of the columns."""
        # Rows have a pointer before them, and its cell is not theirs.
        shown = columns_for(width - 1)
        level = "  level" if shown.level == _LEVEL else " lvl"
        parts = [
            fit(" " + "#".rjust(_RANK - 1), _RANK + 1), fit(" place", shown.place), fit(" symbol", shown.symbol),
            fit(" class", shown.chunk_class), fit(level, shown.level), fit("tokens", _TOKENS, right=True),
            fit("total", shown.total, right=True), fit("score", _SCORE, right=True), fit(" signals", shown.bar),
        ]  # fmt: skip
        return [Segment("".join(parts), paint("row-list--header"))]

    def row_segments(self, row: int, width: int, state: RowState, paint: Paint) -> Sequence[Segment]:
        """Draw one hit."""
        hit, shown = self.hits[row], columns_for(width)
        lines = f":{hit.start_line}-{hit.end_line}"
        room = shown.place - 1 - len(lines)
        own = mark(hit.level)
        segments = [
            Segment(fit(number(hit.rank), _RANK, right=True), paint("hit-list--quiet")),
            Segment(" " + shown_name(hit.path, room)),
            Segment(lines, paint("hit-list--quiet")),
        ]
        used = _RANK + sum(segment.cell_length for segment in segments[1:])
        segments.append(Segment(" " * max(0, _RANK + shown.place - used)))
        if shown.symbol:
            segments.append(Segment(" " + fit(shown_name(hit.symbol, shown.symbol - 1), shown.symbol - 1)))
        if shown.chunk_class:
            name = hit.chunk_class if shown.chunk_class == _CLASS else _SHORT[hit.chunk_class]
            segments.append(Segment(fit(f" {name}", shown.chunk_class), paint(f"hit-list--class-{hit.chunk_class}")))
        segments += [
            Segment(
                fit(
                    f"  {own.letter} {own.glyph}" if shown.level == _LEVEL else f"  {own.letter}{own.glyph}",
                    shown.level,
                ),
                paint(f"hit-list--{own.variable}"),
            ),
            Segment(fit(number(hit.tokens), _TOKENS, right=True)),
            Segment(fit(number(hit.total), shown.total, right=True) if shown.total else "", paint("hit-list--quiet")),
            Segment(fit(f"{hit.score:.3f}", _SCORE, right=True)),
            Segment(" "),
        ]
        parts = signal_parts(hit.why, shown.bar - 1)
        segments += [Segment(text, paint(f"hit-list--{SIGNALS[at].name}")) for text, at in parts]
        drawn = sum(segment.cell_length for segment in segments)
        segments.append(Segment(" " * max(0, width - drawn)))
        return segments

    def empty_lines(self) -> Sequence[str]:
        """What would be here, and how to get it."""
        return [middle(line, 400) for line in self.empty]


_PARTS = {
    "quiet": "$muted",
    **{signal.name: f"${signal.variable}" for signal in SIGNALS},
    **{known.variable: f"${known.variable}" for known in MARKS},
    **{f"class-{name.value}": f"$class-{name.value}" for name in CLASSES},
}


class HitList(RowList):
    """Shows ``HitRows``; a level has its letter and glyph, a signal its letter besides colours."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"hit-list--{part}" for part in _PARTS}
    DEFAULT_CSS = (
        "HitList {\n"
        + "\n".join(f"    & > .hit-list--{part} {{ color: {colour}; }}" for part, colour in _PARTS.items())
        + "\n}\n"
    )
