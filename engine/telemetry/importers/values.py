"""Single values of other programs' logs, whatever type they arrive in: nothing here raises, None means unusable."""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from hashlib import blake2b

LONGEST_WORD = 200
"""Characters of a name or an id that are kept."""
_MOST_DIGITS = 30
_LONGEST_MOMENT = 48
_MICROSECONDS = ((1e17, 1e-3), (1e14, 1.0), (1e11, 1e3), (-math.inf, 1e6))
"""Epoch numbers by size: nanoseconds, microseconds, milliseconds, seconds; and what makes microseconds of each."""
_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


def count(value: object) -> int | None:
    """Return a whole number, also of ``12.0`` and ``"12"``; it may be negative or absurd, which the event's check says.

    OpenTelemetry writes 64-bit integers as strings, CSV everything.
    """
    if type(value) is int:
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    if isinstance(value, str) and 0 < len(value) <= _MOST_DIGITS and value.isascii():
        whole, _, rest = value.strip().partition(".")
        if whole.removeprefix("-").isdigit() and not rest.strip("0"):
            return int(whole)
    return None


def first_count(record: Mapping[str, object], *names: str) -> int | None:
    """Return the first usable count under one of some names."""
    for name in names:
        found = count(record.get(name))
        if found is not None:
            return found
    return None


def number(value: object) -> float | None:
    """Return a finite number."""
    if isinstance(value, str):
        if len(value) > _MOST_DIGITS:
            return None
        try:
            value = float(value)
        except ValueError:
            return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value) if math.isfinite(value) else None
    except OverflowError:
        return None


def money(value: object) -> Decimal | None:
    """Return what a log says a call cost in USD; None for 0, which programs write for prices they do not know."""
    found = number(value)
    if found is None or found == 0 or abs(found) > 1e9:
        return None
    try:
        return Decimal(str(value).strip())
    except InvalidOperation:
        return None


def word(value: object, most: int = LONGEST_WORD) -> str:
    """Return a name or an id without control characters and stray surrogates, cut to a length; else ``""``."""
    if type(value) is not str:
        return ""
    if len(value) > most:
        value = value[:most]
    if value.isprintable():
        return value
    return "".join(mark if mark.isprintable() else "\N{REPLACEMENT CHARACTER}" for mark in value)


def words(*values: object) -> tuple[str, ...]:
    """Return several names or ids as ``word`` does, at the price of one where all are short and plain."""
    try:
        joined = "".join(values)  # type: ignore[arg-type]
    except TypeError:
        joined = "\0"
    if len(joined) <= LONGEST_WORD and joined.isprintable():
        return values  # type: ignore[return-value]
    return tuple(map(word, values))


def key(value: object) -> str:
    """Return an id fit for a dedupe key: as it is while it is short and plain, else its digest."""
    if type(value) is not str or not value:
        return ""
    if len(value) <= LONGEST_WORD and value.isprintable():
        return value
    return digest(value)


def digest(*parts: object) -> str:
    """Return a short digest of some values, for records that carry no id."""
    text = "\0".join(map(str, parts)).encode("utf-8", "surrogatepass")
    return blake2b(text, digest_size=12).hexdigest()


def first_word(record: Mapping[str, object], *names: str) -> str:
    """Return the first text under one of some names."""
    for name in names:
        found = word(record.get(name))
        if found:
            return found
    return ""


def moment(value: object) -> datetime.datetime | None:
    """Return a moment in UTC of ISO 8601 text or of an epoch in s, ms, µs or ns; text without a zone is taken for UTC.

    The formats that are read here either write a zone or mean UTC.
    """
    try:
        if isinstance(value, str):
            if len(value) > _LONGEST_MOMENT:
                return None
            if value[4:5] == "-" and value[-1:] == "Z":
                return datetime.datetime.fromisoformat(value)
            as_number = value.strip()
            if as_number.replace(".", "", 1).isdigit() and len(as_number) >= 9:
                return _of_epoch(float(as_number))
            return _in_utc(datetime.datetime.fromisoformat(_plain(value)))
        if isinstance(value, datetime.datetime):
            return _in_utc(value)
        seconds = number(value)
        return None if seconds is None else _of_epoch(seconds)
    except (ValueError, OverflowError):
        return None


def mapping(value: object) -> Mapping[str, object]:
    """Return a JSON object, also one that was written as a string; else an empty one."""
    if isinstance(value, str) and value[:1] == "{":
        from engine.telemetry.importers.json_text import parse

        try:
            value = parse(value.encode("utf-8", "replace"))
        except ValueError:
            return {}
    return value if isinstance(value, dict) else {}


def _in_utc(found: datetime.datetime) -> datetime.datetime:
    if found.tzinfo is datetime.UTC:
        return found
    return found.replace(tzinfo=datetime.UTC) if found.tzinfo is None else found.astimezone(datetime.UTC)


def _of_epoch(value: float) -> datetime.datetime:
    scale = next(scale for least, scale in _MICROSECONDS if value >= least)
    return _EPOCH + datetime.timedelta(microseconds=round(value * scale))


def _plain(text: str) -> str:
    """Databases write ``2026-11-20 10:00:00.123+00``, exports also `` UTC`` or a longer fraction at the end."""
    text = text.strip().removesuffix(" UTC")
    whole, point, rest = text.partition(".")
    if not point:
        return text
    digits = len(rest) - len(rest.lstrip("0123456789"))
    return f"{whole}.{rest[:digits][:6]:0<6}{rest[digits:]}"
