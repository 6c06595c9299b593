"""Wishes about classes and paths as people write them: levels, pins, shares, and the pack table of a file."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from typing import Any

from engine.errors import InputError, UsageError
from engine.model import ChunkClass
from engine.request import Tuning

_SHARE = re.compile(r"(?P<low>\d*\.?\d+)?%?\s*\.\.\s*(?P<high>\d*\.?\d+)?%?")


def class_named(name: str) -> ChunkClass:
    """Find a class by name.

    Raises:
        UsageError: there is none; names the nearest.
    """
    try:
        return ChunkClass(name.strip().lower())
    except ValueError:
        nearest = difflib.get_close_matches(name, list(ChunkClass), 1, 0.0)
        raise UsageError(f"there is no class '{name}'", f"did you mean '{nearest[0]}'?") from None


def level_named(text: str) -> int:
    """Read a level 0-5.

    Raises:
        UsageError: it is something else.
    """
    if text.strip() in {"0", "1", "2", "3", "4", "5"}:
        return int(text)
    raise UsageError(f"there is no level '{text}'", "0 full, 1 trimmed, 2 condensed, 3 capsule, 4 outline, 5 emergency")


def parse_pin(text: str) -> tuple[str, int]:
    """Read ``GLOB=LEVEL``."""
    pattern, found, level = text.rpartition("=")
    if not found or not pattern:
        raise UsageError(f"pin '{text}' is not GLOB=LEVEL", "for instance --pin 'src/*.py=0'")
    return pattern, level_named(level)


def parse_max_level(text: str) -> tuple[ChunkClass, int]:
    """Read ``CLASS=LEVEL``."""
    name, found, level = text.partition("=")
    if not found:
        raise UsageError(f"'{text}' is not CLASS=LEVEL", "for instance --max-level tests=3")
    return class_named(name), level_named(level)


def parse_share(text: str) -> tuple[ChunkClass, tuple[float, float]]:
    """Read ``CLASS=MIN..MAX``; each side is a fraction (``0.2``) or a percentage (``20%``), either may be empty."""
    name, found, span = text.partition("=")
    match = _SHARE.fullmatch(span.strip())
    if not found or match is None:
        raise UsageError(f"'{text}' is not CLASS=MIN..MAX", "for instance --share docs=0..20%")
    low, high = (_fraction(match[side], span) for side in ("low", "high"))
    low, high = (0.0 if low is None else low), (1.0 if high is None else high)
    if not 0 <= low <= high <= 1:
        raise UsageError(f"share '{span}' of {name} is no range within 0..100%")
    return class_named(name), (low, high)


def _fraction(number: str | None, span: str) -> float | None:
    if number is None:
        return None
    value = float(number)
    return value / 100 if "%" in span or value > 1 else value


def merge(base: Mapping[str, Any], origin: str, override: Tuning) -> Tuning:
    """Join the pack table of the configuration with what was asked for here; the latter wins.

    Raises:
        InputError: the table holds a value that is none.
    """
    try:
        weights = {class_named(name): float(value) for name, value in base.get("weights", {}).items()}
        shares = dict(parse_share(f"{name}={value}") for name, value in base.get("shares", {}).items())
        deepest = dict(parse_max_level(f"{name}={value}") for name, value in base.get("max_level", {}).items())
        pins = tuple(parse_pin(f"{glob}={level}") for glob, level in base.get("pins", {}).items())
    except (UsageError, ValueError, TypeError, AttributeError) as error:
        message = error.message if isinstance(error, UsageError) else str(error)
        raise InputError(f"{origin}: {message}", getattr(error, "hint", "")) from error
    tuning = Tuning(
        weights={**weights, **override.weights},
        shares={**shares, **override.shares},
        max_level={**deepest, **override.max_level},
        pins=(*pins, *override.pins),
        excludes=(*base.get("excludes", ()), *override.excludes),
    )
    check(tuning)
    return tuning


def check(tuning: Tuning) -> None:
    """Refuse shares that cannot all be kept and weights that are none.

    Raises:
        UsageError: names what is wrong.
    """
    total = sum(low for low, _ in tuning.shares.values())
    if total > 1 + 1e-9:
        raise UsageError(f"minimum shares add up to {total:.0%} of the budget", "lower them to 100% or less")
    for name, weight in tuning.weights.items():
        if not 0 <= weight < float("inf"):
            raise UsageError(f"weight {weight} of {name.value} is not a number from 0")
