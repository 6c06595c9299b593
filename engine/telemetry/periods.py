"""Days, weeks and months (UTC) that figures are told by."""

from __future__ import annotations

from enum import StrEnum

from engine.telemetry.moments import EPOCH, day_start

_FIRST_WEEKDAY = EPOCH.weekday()


class Period(StrEnum):
    """How long the spans of time are that figures are told by."""

    DAY = "day"
    WEEK = "week"
    """From Monday on."""
    MONTH = "month"


def first_day(day: int, period: Period) -> int:
    """Return the first day of the period that a day is in; both as days since 1970."""
    if period is Period.WEEK:
        return day - (day + _FIRST_WEEKDAY) % 7
    if period is Period.MONTH:
        return day - (day_start(day).day - 1)
    return day
