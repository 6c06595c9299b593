"""What differs between two packs, as rows of a list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rich.segment import Segment

from engine.visible import visible_name
from tui.text import fit, mark, middle, number, short_path
from tui.widgets.row_source import Paint, RowState

if TYPE_CHECKING:
    from engine.inspector import Difference

SIGNS = {"enters": "+", "leaves": "-", "fuller": "▲", "deeper": "▼"}
"""What became of a chunk, in one cell."""
_TOKENS_CELLS, _LEVEL_CELLS, _CLASS_CELLS = 9, 3, 10


class DifferenceRows:
    """Sign, path and symbol, class, both levels, both costs, and the change of tokens."""

    def __init__(self, rows: Sequence[Difference]) -> None:
        self.rows = rows

    def row_count(self) -> int:
        """Number of differences."""
        return len(self.rows)

    def row_key(self, row: int) -> int:
        """Position of the difference."""
        return row

    def row_of(self, key: Any) -> int:
        """The position is the row."""
        return key if isinstance(key, int) and key < len(self.rows) else -1

    def header_segments(self, width: int, paint: Paint) -> Sequence[Segment] | None:
        """Titles of the columns."""
        room, with_class = self._room(width)
        parts = [fit("  what", room)]
        if with_class:
            parts.append(fit("class", _CLASS_CELLS))
        parts += [fit("A", _LEVEL_CELLS + 1), fit("B", _LEVEL_CELLS)]
        parts += [fit(title, _TOKENS_CELLS, right=True) for title in ("A", "B", "B - A")]
        return [Segment("".join(parts), paint("row-list--header"))]

    def row_segments(self, row: int, width: int, state: RowState, paint: Paint) -> Sequence[Segment]:
        """Draw one difference."""
        found = self.rows[row]
        room, with_class = self._room(width)
        sign = SIGNS[found.change]
        where = f"{found.start_line}-{found.end_line}"
        name = visible_name(found.symbol) or where
        path = short_path(found.path, max(8, room - 5 - min(len(name), room // 2)))
        what = fit(f"{sign} {path}  {middle(name, room // 2)}", room - 1) + " "
        segments = [Segment(what)]
        if with_class:
            segments.append(Segment(fit(found.chunk_class, _CLASS_CELLS), paint("row-list--empty")))
        left, right = (mark(level) for level in (found.level_left, found.level_right))
        segments += [
            Segment(f"{left.glyph}{left.letter}→ "),
            Segment(f"{right.glyph}{right.letter} "),
            Segment(fit(number(found.tokens_left), _TOKENS_CELLS, right=True), paint("row-list--empty")),
            Segment(fit(number(found.tokens_right), _TOKENS_CELLS, right=True)),
            Segment(fit(f"{found.tokens_right - found.tokens_left:+,}", _TOKENS_CELLS, right=True)),
        ]
        return segments

    def empty_lines(self) -> Sequence[str]:
        """Say what would be here."""
        return ("no chunk differs",)

    @staticmethod
    def _room(width: int) -> tuple[int, bool]:
        fixed = 2 * _LEVEL_CELLS + 1 + 3 * _TOKENS_CELLS
        with_class = width >= fixed + _CLASS_CELLS + 36
        return max(8, width - fixed - (_CLASS_CELLS if with_class else 0)), with_class
