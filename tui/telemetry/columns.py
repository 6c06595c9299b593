"""Columns of the history by width: what is dropped first in a narrow pane."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """One column."""

    name: str
    title: str
    cells: int
    """Least width."""
    rank: int
    """What goes first when room is short: the highest."""
    most: int = 0
    """Width up to which it takes room that is left over."""
    right: bool = False


COLUMNS = (
    Column("when", "when (UTC)", 11, 0, 16),
    Column("outcome", "  outcome", 9, 0),
    Column("provider", "provider", 10, 6, 14),
    Column("model", "model", 13, 1, 34),
    Column("category", "category", 10, 3, 20),
    Column("complexity", "complexity", 10, 7),
    Column("selected", "selected", 8, 4, right=True),
    Column("ceiling", "ceiling", 8, 2, right=True),
    Column("output", "output", 8, 0, right=True),
    Column("used", " of ceiling", 17, 8, 40),
    Column("cost", "USD", 9, 5, right=True),
)
"""From left to right."""
GAP = 1


def fitted(width: int) -> tuple[tuple[Column, int], ...]:
    """Columns that fit, each with its width; a cell stays free at the right."""
    width -= 1
    kept = list(COLUMNS)
    while len(kept) > 1 and sum(column.cells + GAP for column in kept) - GAP > width:
        kept.remove(max(kept, key=lambda column: column.rank))
    left = max(0, width - (sum(column.cells + GAP for column in kept) - GAP))
    cells = []
    for column in sorted(kept, key=lambda column: column.rank):
        more = min(left, max(0, column.most - column.cells))
        left -= more
        cells.append((column, column.cells + more))
    widths = dict(cells)
    return tuple((column, widths[column]) for column in kept)
