"""Moments as people write them: ``2026-11-20``, ``2026-11-20T12:00``, ``24h`` ago, ``7d`` ago from midnight on."""

from __future__ import annotations

import datetime
import re

from engine.errors import UsageError

_AGO = re.compile(r"(\d{1,6})\s*([mhdw])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def read_moment(written: str, now: datetime.datetime) -> datetime.datetime:
    """Return the moment that is meant; one without a time zone is in UTC, and so are days.

    Raises:
        UsageError: it is none.
    """
    text = written.strip()
    ago = _AGO.fullmatch(text)
    try:
        if ago is not None:
            moment = (now - datetime.timedelta(**{_UNITS[ago[2]]: int(ago[1])})).astimezone(datetime.UTC)
            # Whole days mean whole days, whose figures are kept.
            return moment.replace(hour=0, minute=0, second=0, microsecond=0) if ago[2] in "dw" else moment
        moment = datetime.datetime.fromisoformat(text)
        return moment if moment.tzinfo is not None else moment.replace(tzinfo=datetime.UTC)
    except (ValueError, OverflowError):
        raise UsageError(f"'{written[:40]}' is no moment", "write 2026-11-20, 2026-11-20T12:00, 7d or 24h") from None
