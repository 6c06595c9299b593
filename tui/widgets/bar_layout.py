"""Where the parts of a bar lie: cells, eighths of cells, ticks. Numbers only, nothing is drawn here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

_NICE = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Cell:
    """What one cell of a bar shows."""

    left: int
    """Index of the part at its left."""
    right: int
    """Index of the part at its right."""
    eighths: int
    """Eighths that belong to the left part: 8 when there is only one."""


def cells(amounts: Sequence[int], total: int, width: int) -> list[Cell]:
    """Lay parts end to end on ``width`` cells.

    Args:
        amounts: Size of each part, not negative.
        total: What the whole width stands for; at least the sum of the parts. What is left belongs to the last part.
        width: Cells.
    """
    if not amounts or total <= 0:
        return []
    ends = [min(width * 8, round(end * width * 8 / total)) for end in accumulate(amounts)]
    ends[-1] = width * 8
    made = []
    part = 0
    for at in range(0, width * 8, 8):
        while ends[part] <= at:
            part += 1
        last = part
        while ends[last] < at + 8:
            last += 1
        made.append(Cell(part, last, 8 if last == part else ends[part] - at))
    return made


def runs(laid: Sequence[Cell]) -> list[tuple[int, int, int]]:
    """(part, first cell, end) of the cells that belong to one part alone, from left to right."""
    found: list[tuple[int, int, int]] = []
    for at, cell in enumerate(laid):
        if cell.left != cell.right:
            continue
        if found and found[-1][0] == cell.left and found[-1][2] == at:
            found[-1] = (cell.left, found[-1][1], at + 1)
        else:
            found.append((cell.left, at, at + 1))
    return found


def nice_step(span: float, most: int) -> int:
    """The smallest round step that cuts ``span`` into at most ``most`` pieces."""
    least = max(1.0, span / max(1, most))
    size = 1
    while size * 10 <= least:
        size *= 10
    return next(int(size * factor) for factor in _NICE if size * factor >= least and (size * factor).is_integer())


def nice_above(amount: int) -> int:
    """A round number with room above ``amount``: the end of a scale."""
    step = nice_step(amount * 1.25, 5)
    return (int(amount * 1.25) // step + 1) * step


def cell_at(amount: int, total: int, width: int) -> int:
    """Cell that an amount lies in."""
    return min(width - 1, max(0, round(amount * width / total - 0.5))) if total > 0 else 0


def amount_at(cell: float, total: int, width: int) -> int:
    """Amount that a cell stands for, as round as a cell is wide."""
    if width <= 0:
        return 0
    step = 1
    while step * 10 <= total / width:
        step *= 10
    return min(total, max(0, round((cell + 0.5) * total / width / step) * step))
