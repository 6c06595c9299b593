"""Wishes about classes and paths as people write them: levels, pins, shares, and the pack table of a file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from engine.errors import InputError, UsageError
from engine.model import ChunkClass
from engine.request import Tuning

_SHARE = re.compile(r"(?P<low>\d*\.?\d+)?%?\s*\.\.\s*(?P<high>\d*\.?\d+)?%?")

_LONGEST_SHARE = 40
"""Characters; a run of digits costs the pattern their square."""

_LEVELS = frozenset({"0", "1", "2", "3", "4", "5", 0, 1, 2, 3, 4, 5})
_LEVEL_HINT = "0 full, 1 trimmed, 2 condensed, 3 capsule, 4 outline, 5 emergency"

MAX_WEIGHT = 1_000_000
"""Only ratios of weights matter; beyond this, sums of values would lose the small ones."""


def class_named(name: str) -> ChunkClass:
    """Find a class by name.

    Raises:
        UsageError: there is none; lists the ten.
    """
    try:
        return ChunkClass(name.strip().lower())
    except ValueError:
        raise UsageError(f"there is no class '{name[:80]}'", f"classes: {', '.join(ChunkClass)}") from None


def level_named(text: str) -> int:
    """Read a level 0-5.

    Raises:
        UsageError: it is something else.
    """
    level = text.strip()
    if level in _LEVELS:
        return int(level)
    raise UsageError(f"there is no level '{text}'", _LEVEL_HINT)


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


def parse_weight(text: str) -> tuple[ChunkClass, float]:
    """Read ``CLASS=WEIGHT``."""
    name, found, number = text.partition("=")
    try:
        weight = float(number) if found and len(number) <= _LONGEST_SHARE else -1.0
    except ValueError:
        weight = -1.0
    if not 0 <= weight <= MAX_WEIGHT:
        raise UsageError(
            f"'{text[:80]}' is not CLASS=WEIGHT with a number from 0 to {MAX_WEIGHT:,}",
            "for instance --weight tests=0.5",
        )
    return class_named(name), weight


def parse_share(text: str) -> tuple[ChunkClass, tuple[float, float]]:
    """Read ``CLASS=MIN..MAX``; each side is a fraction (``0.2``) or a percentage (``20%``), either may be empty."""
    name, found, span = text.partition("=")
    match = _SHARE.fullmatch(span.strip()) if len(span) <= _LONGEST_SHARE else None
    if not found or match is None:
        raise UsageError(f"'{text[:80]}' is not CLASS=MIN..MAX", "for instance --share docs=0..20%")
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


def read_table(table: Mapping[str, Any]) -> Tuning:
    """Read the ``pack`` table of a settings file.

    Raises:
        UsageError: names the key and what is expected there.
    """
    weights, shares = _part(table, "weights"), _part(table, "shares")
    deepest, pins = _part(table, "max_level"), _part(table, "pins")
    excludes = table.get("excludes", ())
    if not isinstance(excludes, list | tuple) or not all(isinstance(glob, str) for glob in excludes):
        raise UsageError("'pack.excludes' must be a list of texts", 'for instance ["docs/", "*.csv"]')
    return Tuning(
        weights={_class(name, "weights"): _weight(name, value) for name, value in weights.items()},
        shares={_class(name, "shares"): _share(name, value) for name, value in shares.items()},
        max_level={_class(name, "max_level"): _level(f"max_level.{name}", v) for name, v in deepest.items()},
        pins=tuple((glob, _level(f"pins.{glob}", value)) for glob, value in pins.items()),
        excludes=tuple(excludes),
    )


def _part(table: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    part = table.get(key, {})
    if not isinstance(part, Mapping):
        raise UsageError(f"'pack.{key}' must be a table", f"write [pack.{key}] and its keys below it")
    return part


def _class(name: str, part: str) -> ChunkClass:
    try:
        return class_named(name)
    except UsageError as error:
        raise UsageError(f"'pack.{part}': {error.message}", error.hint) from None


def _weight(name: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= MAX_WEIGHT:
        raise UsageError(f"'pack.weights.{name}' must be a number from 0 to {MAX_WEIGHT:,}")
    return float(value)


def _share(name: str, value: object) -> tuple[float, float]:
    try:
        if isinstance(value, str):
            return parse_share(f"{name}={value}")[1]
    except UsageError:
        pass
    raise UsageError(f"'pack.shares.{name}' must be text \"MIN..MAX\" within 0..100%", 'for instance docs = "0..20%"')


def _level(key: str, value: object) -> int:
    if isinstance(value, str | int) and not isinstance(value, bool) and value in _LEVELS:
        return int(value)
    raise UsageError(f"'pack.{key}' must be a level from 0 to 5", _LEVEL_HINT)


def merge(base: Mapping[str, Any], origin: str, override: Tuning) -> Tuning:
    """Join the pack table of the configuration with what was asked for here; the latter wins.

    Raises:
        InputError: the table holds a value that is none.
        UsageError: the two together make no sense.
    """
    try:
        table = read_table(base)
    except UsageError as error:
        raise InputError(f"{origin}: {error.message}", error.hint) from error
    tuning = Tuning(
        weights={**table.weights, **override.weights},
        shares={**table.shares, **override.shares},
        max_level={**table.max_level, **override.max_level},
        pins=(*table.pins, *override.pins),
        excludes=(*table.excludes, *override.excludes),
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
        if not 0 <= weight <= MAX_WEIGHT:
            raise UsageError(f"the weight of {name.value} is not a number from 0 to {MAX_WEIGHT:,}")
