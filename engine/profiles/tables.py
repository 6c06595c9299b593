"""A profile as the plain tables of a settings file: the keys of ``.packsight.toml``."""

from __future__ import annotations

from typing import Any

from engine.errors import UsageError
from engine.model import ChunkClass
from engine.profiles.profile import Profile
from engine.request import Tuning
from engine.tuning import parse_share

PARTS = ("weights", "shares", "max_level", "pins")
"""Tables of the ``pack`` table."""


def settings_table(profile: Profile) -> dict[str, Any]:
    """The profile's say in settings: ``budget``, ``reserve``, ``format`` and ``pack``, without what it leaves open.

    Raises:
        UsageError: a glob has bytes that are no text.
    """
    table: dict[str, Any] = {}
    if profile.budget is not None:
        table["budget"] = profile.budget
    if profile.reserve_tokens is not None:
        table["reserve"] = profile.reserve_tokens
    if profile.format:
        table["format"] = profile.format
    pack = pack_table(profile.tuning)
    if pack:
        table["pack"] = pack
    return table


def pack_table(tuning: Tuning) -> dict[str, Any]:
    """The ``pack`` table that ``engine.tuning.read_table`` reads as this tuning.

    Raises:
        UsageError: a glob has bytes that are no text.
    """
    for glob in (*(glob for glob, _ in tuning.pins), *tuning.excludes):
        if not _is_text(glob):
            raise UsageError(f"'{glob}' cannot be saved: it has bytes that are no text", "use a pattern such as *.py")
    table: dict[str, Any] = {}
    if tuning.excludes:
        table["excludes"] = list(tuning.excludes)
    parts = {
        "weights": {name.value: _number(weight) for name, weight in _sorted(tuning.weights)},
        "shares": {name.value: share_text(span) for name, span in _sorted(tuning.shares)},
        "max_level": {name.value: level for name, level in _sorted(tuning.max_level)},
        "pins": dict(tuning.pins),
    }
    return table | {name: part for name, part in parts.items() if part}


def share_text(span: tuple[float, float]) -> str:
    """A share as people write it, ``0..20%``; reading it gives the same fractions where ten digits can tell them."""
    low, high = span
    percent = f"{_plain(low * 100, 10)}..{_plain(high * 100, 10)}%"
    if parse_share(f"code={percent}")[1] == (low, high):
        return percent
    return f"{_plain(low, 15)}..{_plain(high, 15)}"


def _plain(number: float, digits: int) -> str:
    return f"{number:.{digits}f}".rstrip("0").rstrip(".") or "0"


def _number(weight: float) -> float | int:
    return int(weight) if weight == int(weight) else weight


def _sorted(part: Any) -> list[tuple[ChunkClass, Any]]:
    return sorted(part.items(), key=lambda item: list(ChunkClass).index(item[0]))


def _is_text(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
