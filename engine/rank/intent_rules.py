"""The rules behind intents, and what each intent changes, from ``intent.toml``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Set
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from engine.model import ChunkClass

INTENTS = ("incident", "symbol", "config", "api", "search")
"""Every intent; of two that have as much evidence the first one is meant."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Evidence for an intent. Everything that it says must hold."""

    intent: str
    points: float
    reason: str
    pattern: re.Pattern[str] | None = None
    entity: str = ""
    """Kind of a thing that must be named."""
    most_words: int = 0
    """Words that the query may have; 0 for any number."""

    def holds(self, text: str, words: int, kinds: Set[str]) -> bool:
        """Whether a query is such evidence."""
        if (self.most_words and words > self.most_words) or (self.entity and self.entity not in kinds):
            return False
        return self.pattern is None or self.pattern.search(text) is not None


@dataclass(frozen=True, slots=True)
class Effect:
    """What an intent changes."""

    about: str
    """The intent in words."""
    weights: Mapping[ChunkClass, float]
    """Factors on the weights of classes."""
    deepest: Mapping[ChunkClass, int]
    """Deepest levels of classes, where nobody asked for others."""
    asks: frozenset[ChunkClass]
    """Classes that count as asked for."""
    full_hits: int
    """Best hits that are shown in full, at most."""
    full_share: float
    """Share of the budget that they may take."""
    full_least: float
    """Least score of such a hit, as a share of the best one's."""
    named: float
    """Relevance of chunks whose very name is asked for, in units of the best one's, at least."""
    least: float
    """Where the list of hits stops, as a share of the best score."""

    def changes(self) -> list[str]:
        """What is different, in words."""
        out = [f"weight of {name} × {factor:g}" for name, factor in self.weights.items()]
        out += [f"{name} at level {level} at the deepest" for name, level in self.deepest.items()]
        out += [f"words in {name} count in full" for name in sorted(self.asks)]
        out.append(f"up to {self.full_hits} best hits in full, within {self.full_share:.0%} of the budget")
        out.append(f"hits below {self.least:.1%} of the best score are not listed")
        return out


@dataclass(frozen=True, slots=True)
class IntentRules:
    """All of the data file."""

    characters: int
    entities: int
    default: str
    default_points: float
    sharpness: float
    patterns: tuple[tuple[str, re.Pattern[str]], ...]
    """(kind of entity, pattern)."""
    rules: tuple[Rule, ...]
    effects: Mapping[str, Effect]


@cache
def intent_rules() -> IntentRules:
    """The shipped rules."""
    text = files(__package__ or "engine.rank").joinpath("intent.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    confidence = data["confidence"]
    return IntentRules(
        characters=data["limits"]["characters"],
        entities=data["limits"]["entities"],
        default=confidence["default"],
        default_points=confidence["default_points"],
        sharpness=confidence["sharpness"],
        patterns=tuple((row["kind"], _pattern(row)) for row in data["entities"]),
        rules=tuple(_rule(row) for row in data["rules"]),
        effects={name: _effect(data["intents"][name]) for name in INTENTS},
    )


def _pattern(row: Mapping[str, Any]) -> re.Pattern[str]:
    return re.compile(row["pattern"], re.M if row.get("case") else re.M | re.I)


def _rule(row: Mapping[str, Any]) -> Rule:
    return Rule(
        row["intent"],
        float(row["points"]),
        row["reason"],
        _pattern(row) if "pattern" in row else None,
        row.get("entity", ""),
        row.get("most_words", 0),
    )


def _effect(row: Mapping[str, Any]) -> Effect:
    return Effect(
        row["about"],
        {ChunkClass(name): float(factor) for name, factor in row["weights"].items()},
        {ChunkClass(name): int(level) for name, level in row["deepest"].items()},
        frozenset(ChunkClass(name) for name in row["asks"]),
        int(row["full"]["hits"]),
        float(row["full"]["share"]),
        float(row["full"]["least"]),
        float(row["named"]),
        float(row["least"]),
    )
