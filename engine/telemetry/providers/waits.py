"""How long to wait before the next try: what the service asks for, else a little, then twice as long each time."""

from __future__ import annotations

import datetime
import email.utils
import math
import re
from collections.abc import Mapping

from engine.telemetry.providers.fields import each, text
from engine.telemetry.providers.rules import rules

_PARTS = re.compile(r"(\d+(?:\.\d+)?)(ms|h|m|s)")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}


def asked_wait_s(headers: Mapping[str, str], body: object, now: datetime.datetime) -> float | None:
    """Return the seconds a service asks to wait for, None when it does not say.

    ``retry-after-ms`` and ``retry-after`` come first, then Gemini's ``RetryInfo`` in the body, then the moments at
    which a rate limit that is used up is filled again.
    """
    for name, factor in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        value = _number(headers.get(name, ""))
        if value is not None:
            return max(0.0, value * factor)
    date = _seconds_until(headers.get("retry-after", ""), now)
    return date if date is not None else _of_body(body) or _of_limits(headers, now)


def usual_wait_s(tries: int, jitter: float) -> float:
    """Return the seconds to wait when nobody says.

    Args:
        tries: Tries so far, from 1.
        jitter: 0 to 1; shortens the wait by up to a quarter, so that many callers do not come back together.
    """
    rule = rules()["retry"]
    wait: float = min(rule["first_wait_s"] * 2 ** min(tries - 1, 30), rule["longest_wait_s"])
    return wait * (1 - 0.25 * jitter)


def _of_body(body: object) -> float | None:
    """``{"error": {"details": [{"@type": "…RetryInfo", "retryDelay": "34s"}]}}``."""
    for detail in each(body, "error", "details"):
        delay = text(detail, "retryDelay")
        if delay:
            return _duration_s(delay)
    return None


def _of_limits(headers: Mapping[str, str], now: datetime.datetime) -> float | None:
    waits = []
    for limit in rules()["retry"]["reset"]:
        if _number(headers.get(limit["remaining"], "")) == 0:
            written = headers.get(limit["reset"], "")
            wait = _duration_s(written)
            waits.append(_seconds_until(written, now) if wait is None else wait)
    return max((wait for wait in waits if wait is not None), default=None)


def _duration_s(written: str) -> float | None:
    """``6m0s``, ``250ms``, ``1.5s``."""
    written = written.strip()
    parts = _PARTS.findall(written)
    if not parts or "".join(number + unit for number, unit in parts) != written:
        return None
    return sum(float(number) * _SECONDS[unit] for number, unit in parts)


def _seconds_until(written: str, now: datetime.datetime) -> float | None:
    """A moment as HTTP or RFC 3339 write it."""
    if not written:
        return None
    try:
        moment = email.utils.parsedate_to_datetime(written)
    except (TypeError, ValueError):
        try:
            moment = datetime.datetime.fromisoformat(written)
        except ValueError:
            return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=datetime.UTC)
    return max(0.0, (moment - now).total_seconds())


def _number(written: str) -> float | None:
    try:
        value = float(written)
    except ValueError:
        return None
    return None if math.isnan(value) else value
