"""Moments as numbers: microseconds since 1970 in UTC, which both databases compare and index as they are."""

from __future__ import annotations

import datetime

EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
DAY_US = 86_400_000_000
"""Microseconds of a day."""
_US = datetime.timedelta(microseconds=1)


def to_us(moment: datetime.datetime) -> int:
    """Microseconds since 1970 of an aware moment."""
    return (moment - EPOCH) // _US


def from_us(at_us: int) -> datetime.datetime:
    """The moment in UTC."""
    return EPOCH + datetime.timedelta(microseconds=at_us)


def day_of(at_us: int) -> int:
    """Days since 1970, UTC."""
    return at_us // DAY_US


def day_start(day: int) -> datetime.datetime:
    """The first moment of a day."""
    return EPOCH + datetime.timedelta(days=day)
