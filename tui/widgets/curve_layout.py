"""Where things of a survival curve lie in a drawing: both axes are logarithmic, so that the tail can be read.

Decisions are about the longest twentieth of answers, which on a linear axis is less than one row of a terminal; and a
budget is often many times as long as the usual answer.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

_ROUND = (1, 2, 5)
LEAST_SHARE = 0.01
"""Share of answers at the bottom of the drawing, where the target is not lower still."""


@dataclass(frozen=True, slots=True)
class Axes:
    """Sizes and ends of a drawing."""

    width: int
    """Columns."""
    height: int
    """Rows."""
    least_tokens: float
    """At the left edge."""
    most_tokens: float
    """At the right edge."""
    least_share: float
    """At the bottom; the top is all answers."""

    def tokens_at(self, column: float) -> float:
        """Length at a column; a whole number is its left edge."""
        return self.least_tokens * math.pow(self.most_tokens / self.least_tokens, column / self.width)

    def column_of(self, tokens: float) -> int:
        """Column that a length lies in."""
        if tokens <= self.least_tokens:
            return 0
        share = math.log(tokens / self.least_tokens) / math.log(self.most_tokens / self.least_tokens)
        return min(self.width - 1, int(share * self.width))

    def eighths_of(self, share: float) -> int:
        """Height of a share of answers, in eighths of a row from the bottom."""
        if share <= self.least_share:
            return 0
        return round(8 * self.height * (1 - math.log(share) / math.log(self.least_share)))

    def row_of(self, share: float) -> int:
        """Row from the top that a share lies in."""
        return min(self.height - 1, max(0, self.height - 1 - (self.eighths_of(share) - 1) // 8))


def axes_for(lengths: Sequence[float], budgets: Sequence[int], target: float, width: int, height: int) -> Axes:
    """Choose the ends of the axes so that the curve and the budgets are in sight.

    Args:
        lengths: Of the curve, and the longest seen; at least one.
        budgets: Marks that are to be seen.
        target: Share of answers that is to be seen.
        width: Columns.
        height: Rows.
    """
    least = max(1.0, min(*lengths, *budgets) / 1.3)
    most = max(2 * least, max(*lengths, *budgets) * 1.3)
    return Axes(width, height, least, most, min(LEAST_SHARE, target / 5))


def length_ticks(axes: Axes, room: int) -> list[int]:
    """Round lengths for the axis, at least ``room`` columns apart."""
    ticks: list[int] = []
    exponent = math.floor(math.log10(axes.least_tokens))
    while 10**exponent <= axes.most_tokens:
        for digit in _ROUND:
            tokens = round(digit * 10.0**exponent)
            if axes.least_tokens <= tokens <= axes.most_tokens and tokens not in ticks:
                ticks.append(tokens)
        exponent += 1
    kept: list[int] = []
    # Powers of ten first: with little room they are what remains.
    for tokens in sorted(ticks, key=lambda one: (str(one).strip("0") != "1", one)):
        column = axes.column_of(tokens)
        if column <= axes.width - room // 2 and all(abs(axes.column_of(one) - column) >= room for one in kept):
            kept.append(tokens)
    return sorted(kept)


def share_ticks(axes: Axes, target: float) -> dict[int, float]:
    """Round shares by row from the top, the target always among them, no two in neighbouring rows."""
    rows = {axes.row_of(target): target}
    for share in (1.0, 0.1, 0.01, 0.5, 0.2, 0.02, 0.05, 0.005, 0.002, 0.001):
        row = axes.row_of(share)
        if share >= axes.least_share and all(abs(row - taken) > 1 for taken in rows):
            rows[row] = share
    return rows
