"""The data on hidden characters, as sets and patterns."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Characters:
    """What ``characters.toml`` says."""

    kind: dict[int, str]
    """Kind by code point."""
    hidden: re.Pattern[str]
    """A run of hidden characters."""
    directions: re.Pattern[str]
    right_to_left: re.Pattern[str]
    joiners: re.Pattern[str]
    joining: re.Pattern[str]
    emoji: re.Pattern[str]
    pictured: re.Pattern[str]
    ideographs: re.Pattern[str]
    look_alike: re.Pattern[str]
    """A letter drawn as a Latin one beside a Latin one."""
    alike: frozenset[str]
    """Such letters."""


@cache
def characters() -> Characters:
    """Read the data."""
    read = tomllib.loads(files("engine.hidden").joinpath("characters.toml").read_text("utf-8"))
    kind = {
        point: name
        for name, ranges in read["kinds"].items()
        for low, high in _pairs(ranges)
        for point in range(low, high + 1)
    }
    ranges = read["styled"]["letters"]
    styled = [chr(point) for low, high in _pairs(ranges) for point in range(low, high + 1)]
    # As ranges: a set of so many letters beyond 16 bits is gone through one by one.
    alike = "".join(read["look_alike"].values()) + _class(ranges)[1:-1]
    belong = {name: re.compile(_class(ranges)) for name, ranges in read["belong"].items()}
    return Characters(
        kind=kind,
        hidden=re.compile(_class([item for ranges in read["kinds"].values() for item in ranges]) + "+"),
        look_alike=re.compile(f"(?<=[A-Za-z])[{alike}]|[{alike}](?=[A-Za-z])"),
        alike=frozenset([*"".join(read["look_alike"].values()), *styled]),
        **belong,
    )


def _pairs(ranges: Sequence[str]) -> list[tuple[int, int]]:
    pairs = []
    for item in ranges:
        low, _, high = item.partition("-")
        pairs.append((int(low, 16), int(high or low, 16)))
    return pairs


def _class(ranges: Sequence[str]) -> str:
    return "[" + "".join(f"\\U{low:08x}-\\U{high:08x}" for low, high in _pairs(ranges)) + "]"
