"""What signals add to a score, as one bar: a letter where each begins, so that it reads without colour."""

from __future__ import annotations

from collections.abc import Sequence

from tui.search_facts import SIGNALS

LINE = "━"
"""What fills a part behind its letter."""


def signal_parts(why: Sequence[float], cells: int) -> list[tuple[str, int]]:
    """Parts of a bar in their order: text, and which of ``SIGNALS`` it is.

    The whole bar is as long as the score is of 1; what is left over by rounding goes to the parts that lost most, so
    that no two bars of one score differ in length. What is worth less than half a cell is not drawn.

    Args:
        why: What each signal adds; negative ones count as nothing.
        cells: Cells of a score of 1.
    """
    wanted = [max(0.0, part) * cells for part in why]
    whole = min(cells, round(sum(wanted)))
    if whole < 1 <= cells and sum(wanted) > 0:
        whole = 1
    sizes = [int(part) for part in wanted]
    by_rest = sorted(range(len(wanted)), key=lambda at: (sizes[at] - wanted[at], -wanted[at]))
    for at in by_rest[: max(0, whole - sum(sizes))]:
        sizes[at] += 1
    return [(SIGNALS[at].letter + LINE * (size - 1), at) for at, size in enumerate(sizes) if size > 0]
