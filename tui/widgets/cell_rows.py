"""Cells of calibration as rows of a list: what was seen, what is proposed, and what that would do."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from rich.segment import Segment

from tui.calibration_facts import CellFacts
from tui.text import fit, number
from tui.widgets.names import shown_name, wrapped
from tui.widgets.row_source import Paint, RowState

SIGNS = {"raise": "▲", "escalate": "▲", "lower": "▼", "keep": "=", "wait": "·", "refused": "×"}
"""What is proposed, in one cell."""
EMPTY = (
    "no recorded calls with a category and a complexity",
    "",
    "packsight telemetry import  takes over the logs of Claude Code, Codex, Gemini …",
    "T, then I                   does the same here",
    "packsight call              records what it asks",
    "packsight telemetry record  takes events of your own",
)
"""What fills the list."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of figures."""

    title: str
    cells: int
    least_width: int
    """Width of the list from which it is there."""
    text: Callable[[CellFacts], str]
    is_muted: bool = False


def state_of(cell: CellFacts, refused: Collection[tuple[str, int]]) -> str:
    """What is proposed, in a word."""
    return "refused" if cell.is_change and (cell.name, cell.budget_tokens) in refused else cell.action


def share(value: float) -> str:
    """Write a share of calls: ``4.5 %``."""
    return f"{100 * value:.1f} %"


def interval(bounds: tuple[float, float]) -> str:
    """Write the interval of a share: ``2.4–8.3 %``."""
    return f"{100 * bounds[0]:.1f}–{100 * bounds[1]:.1f} %"


def times(value: float | None) -> str:
    """Write tokens reserved for each token used."""
    return "–" if value is None else f"{value:.2f}×"


def change(cell: CellFacts) -> str:
    """Write by how much the budget changes."""
    if not cell.is_change:
        return "–"
    return f"{100 * (cell.budget_tokens / cell.current_tokens - 1):+.0f} %".replace("-", "−")


def will_cut(cell: CellFacts) -> str:
    """Write the share that the proposal is expected to cut off; beyond what was seen it is a bound."""
    bound = "≤ " if cell.budget_tokens > cell.longest_tokens and cell.truncation else ""
    return bound + share(cell.truncation)


COLUMNS = (
    Column("calls", 7, 62, lambda cell: number(cell.samples)),
    Column("cut off", 9, 0, lambda cell: share(cell.cut_share)),
    Column("95 %", 14, 100, lambda cell: interval(cell.cut_interval), is_muted=True),
    Column("now", 9, 0, lambda cell: number(cell.current_tokens)),
    Column("proposed", 10, 0, lambda cell: number(cell.budget_tokens) if cell.is_change else "–"),
    Column("change", 9, 90, change),
    Column("will cut", 10, 82, will_cut),
    Column("reserved", 11, 134, lambda cell: times(cell.current_reserved), is_muted=True),
    Column("→ then", 9, 134, lambda cell: times(cell.reserved)),
)
_STATE_CELLS, _STATE_FROM = 11, 68
"""Of the state in a word, and the width from which it is there; its sign always is."""
_BOTH_NAMES = 18
"""Cells from which a provider is named beside the model family."""
_WHY_FROM = 165
"""Width from which a row has room for the reason."""


class CellRows:
    """Rows of ``CellFacts``."""

    def __init__(self, cells: Sequence[CellFacts], refused: Collection[tuple[str, int]] = ()) -> None:
        self.cells = cells
        self.refused = refused
        """(name, budget) of proposals that a person refused."""

    def row_count(self) -> int:
        """Number of cells."""
        return len(self.cells)

    def row_key(self, row: int) -> str:
        """Name of the cell."""
        return self.cells[row].name

    def row_of(self, key: Any) -> int:
        """Row of a name."""
        return next((row for row, cell in enumerate(self.cells) if cell.name == key), -1)

    def header_segments(self, width: int, paint: Paint) -> Sequence[Segment] | None:
        """Titles of the columns."""
        # Rows have a pointer before them, and its cell is not theirs.
        width -= 1
        name, who, why = _rooms(width)
        parts = ["    ", fit("work", name), fit("model", who)]
        parts += [fit(column.title, column.cells, right=True) for column in _shown(width)]
        parts += [fit("  state", _state_cells(width)), fit("why", why)]
        return [Segment("".join(parts), paint("row-list--header"))]

    def row_segments(self, row: int, width: int, state: RowState, paint: Paint) -> Sequence[Segment]:
        """Draw one cell."""
        cell = self.cells[row]
        name, who, why = _rooms(width)
        word = state_of(cell, self.refused)
        muted = paint("row-list--empty")
        names = [part for part in (cell.provider, cell.family) if part] or ["any"]
        family = "/".join(names if who > _BOTH_NAMES else names[-1:])
        kind = shown_name(f"{cell.category}/{cell.complexity}", name - 1)
        segments = [
            Segment(f" {SIGNS.get(word, ' ')} "),
            Segment(fit(kind, name)),
            Segment(fit(shown_name(family, who - 1), who), muted),
        ]
        segments += [
            Segment(fit(column.text(cell), column.cells, right=True), muted if column.is_muted else None)
            for column in _shown(width)
        ]
        marked = "?" if cell.is_provisional and cell.is_change else ""
        segments.append(Segment(fit(f"  {word}{marked}", _state_cells(width))))
        if why:
            segments.append(Segment(fit(wrapped(cell.why, why, 1)[0], why), muted))
        return segments

    def empty_lines(self) -> Sequence[str]:
        """Say how to get some."""
        return EMPTY


def _shown(width: int) -> list[Column]:
    return [column for column in COLUMNS if width >= column.least_width]


def _state_cells(width: int) -> int:
    return _STATE_CELLS if width >= _STATE_FROM else 0


def _rooms(width: int) -> tuple[int, int, int]:
    """Cells of the work, of who does it, and of the reason."""
    left = max(12, width - 3 - _state_cells(width) - sum(column.cells for column in _shown(width)))
    why = 0
    if width >= _WHY_FROM:
        why = left - 48
        left = 48
    who = min(26, max(0, left * 2 // 5))
    return left - who, who, why
