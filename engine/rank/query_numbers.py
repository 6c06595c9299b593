"""The numbers behind relevance for a query, from ``query.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from engine.model import ChunkClass


@dataclass(frozen=True, slots=True)
class QuerySettings:
    """Numbers of the ranking; the data file says what each means."""

    later: float
    name: float
    part: float
    pair: float
    task: float
    most_characters: int
    most_terms: int
    rarity: float
    body: float
    symbol: float
    saturation: float
    length: float
    file_length: float
    file: float
    path: float
    scope: float
    named_file: float
    named_line: float
    near_lines: int
    callees: float
    callers: float
    givers: int
    past: float
    past_file: float
    past_power: float
    recent: float
    recent_file: float
    recent_commits: float
    sharpness: float
    length_power: float
    prior: float
    reading: float
    shown: float
    unasked: Mapping[ChunkClass, float]
    asked: Mapping[ChunkClass, float]
    asks: Mapping[ChunkClass, frozenset[str]]
    kinds: Mapping[str, float]
    changes: frozenset[str]

    def classes_asked(self, said: set[str]) -> frozenset[ChunkClass]:
        """Classes that one of these words asks for."""
        return frozenset(name for name, asking in self.asks.items() if not asking.isdisjoint(said))


@cache
def query_settings() -> QuerySettings:
    """The shipped numbers."""
    text = files(__package__ or "engine.rank").joinpath("query.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    asks = {ChunkClass(name): frozenset(said.split()) for name, said in data.pop("asks").items()}
    kinds = data.pop("kinds")
    changes = frozenset(data.pop("headlines")["changes"].split())
    unasked, asked = (
        {ChunkClass(name): factor for name, factor in data.pop(key).items()} for key in ("unasked", "asked")
    )
    return QuerySettings(
        **{key: value for table in data.values() for key, value in table.items()},
        unasked=unasked,
        asked=asked,
        asks=asks,
        kinds=kinds,
        changes=changes,
    )
