"""The data files of this room as frozen objects, read once: coefficients, deliverables, limits."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

OTHER = "other"
"""The entry that stands in for whatever has none of its own."""


@dataclass(frozen=True, slots=True)
class Category:
    """What is known about a kind of work. Figures by complexity are output tokens."""

    name: str
    names: tuple[str, ...]
    """Other words for it."""
    docs_like: bool
    """A low budget is meant to be low."""
    base: Mapping[str, int]
    overhead: Mapping[str, int]
    assumed: str
    """Type of the one new file that stands in when no deliverable is named."""
    ratio: Mapping[str, float]
    """Median of actual / estimate."""
    spread: Mapping[str, float]
    """Standard deviation of the logarithm of that ratio."""
    buffer: float | None
    """Buffer of its own, which then is the only one."""
    large_buffer: bool
    """Whether a high complexity asks for more buffer."""


@dataclass(frozen=True, slots=True)
class Provider:
    """What the ceiling has to know about who serves the model."""

    name: str
    names: tuple[str, ...]
    floor_tokens: int
    """Smallest ceiling in a mode that needs one."""
    default_model: str
    unstreamed_limit_tokens: int | None
    """Most that can be asked for without streaming; None for no such limit."""


@cache
def coefficients() -> Mapping[str, Any]:
    """The table of ``coefficients.toml``."""
    return _read("coefficients.toml")


@cache
def deliverables() -> Mapping[str, Any]:
    """The table of ``deliverables.toml``."""
    return _read("deliverables.toml")


@cache
def limits() -> Mapping[str, Any]:
    """The table of ``limits.toml``."""
    return _read("limits.toml")


@cache
def categories() -> Mapping[str, Category]:
    """All categories by name, what each leaves open taken from ``other``."""
    table = coefficients()["category"]
    other = table[OTHER]
    return {
        name: Category(
            name,
            tuple(entry["names"]),
            entry.get("docs_like", False),
            {**other["base"], **entry.get("base", {})},
            {**other["overhead"], **entry["overhead"]},
            entry["assumed"],
            {**other["ratio"], **entry.get("ratio", {})},
            {**other["spread"], **entry.get("spread", {})},
            entry.get("buffer"),
            entry.get("large_buffer", False),
        )
        for name, entry in table.items()
    }


@cache
def providers() -> Mapping[str, Provider]:
    """All providers by name."""
    return {
        name: Provider(
            name, tuple(entry["names"]), entry["floor"], entry["default_model"], entry.get("unstreamed_limit")
        )
        for name, entry in limits()["provider"].items()
    }


def _read(name: str) -> Mapping[str, Any]:
    return tomllib.loads(files("engine.budgets").joinpath(name).read_text("utf-8"))
