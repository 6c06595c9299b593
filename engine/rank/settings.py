"""The numbers behind relevance, from ``weights.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Settings:
    """Numbers of the ranking; the data file says what each means."""

    most_definitions: int
    damping: float
    rounds: int
    common_references: int
    half_life_days: float
    lift: float
    half_commits: float
    centrality_power: float
    length_power: float
    shortest_tokens: int
    longest_tokens: int
    usual_tokens: int
    lowest: float
    highest: float


@cache
def settings() -> Settings:
    """The shipped numbers."""
    text = files(__package__ or "engine.rank").joinpath("weights.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    return Settings(**{key: value for table in data.values() for key, value in table.items()})
