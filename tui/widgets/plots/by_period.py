"""Where days, weeks or months lie on the bottom axis."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.telemetry.periods import Period
from tui.telemetry.figures import Figures
from tui.widgets.plots.canvas import Canvas

_WIDEST = 12
"""Columns that a period takes at most."""


@dataclass(frozen=True, slots=True)
class Bottom:
    """Periods that fit, the newest ones, each with its column."""

    columns: Sequence[tuple[int, Mapping[str, Any]]]
    """(first column, figures), oldest first."""
    each: int
    """Columns of a period."""
    first: str
    last: str
    """Their days."""


def bottom_axis(figures: Figures, left: int, width: int) -> Bottom:
    """Lay out periods between two columns; those without calls leave a gap."""
    places = [_place(one[figures.period], figures.period) for one in figures.periods]
    room = max(1, width - left)
    begin = max(places[0], places[-1] - room + 1)
    each = min(_WIDEST, max(1, room // (places[-1] - begin + 1)))
    kept = [
        (left + (place - begin) * each, one)
        for place, one in zip(places, figures.periods, strict=True)
        if place >= begin
    ]
    return Bottom(kept, each, kept[0][1][figures.period], kept[-1][1][figures.period])


def write_days(canvas: Canvas, left: int, bottom: Bottom) -> None:
    """Write the first and the last day below the axis, right under their columns."""
    y = canvas.height - 1
    canvas.text(left, y, bottom.first, "label")
    room = canvas.width - left
    end = min(canvas.width, max(bottom.columns[-1][0] + bottom.each, left + 2 * len(bottom.first) + 1))
    if bottom.last != bottom.first and room >= 2 * len(bottom.first) + 1:
        canvas.text(end - len(bottom.last), y, bottom.last, "label")


def _place(day: str, period: Period) -> int:
    date = datetime.date.fromisoformat(day)
    if period is Period.MONTH:
        return date.year * 12 + date.month
    return date.toordinal() // (7 if period is Period.WEEK else 1)
