"""Facts that languages state about a definition or a file: a test, a fixture, a demo, generated, an example."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

from engine.chunk.definitions import Definition
from engine.chunk.spans import Trait

_HEAD_BYTES = 2048
_HEAD_OF_DEFINITION = 600


@cache
def trait_rules(language: str) -> list[tuple[Trait, re.Pattern[bytes], str, bool]]:
    """Rules of ``traits.toml`` for a language: trait, pattern over the head, kinds it is for, whether it is inherited."""
    raw = tomllib.loads((files("engine.chunk") / "traits.toml").read_text("utf-8"))
    return [
        (Trait[row["trait"]], re.compile(row["pattern"].encode(), re.M), row.get("kinds", ""), row.get("inside", False))
        for row in raw["rule"]
        if language in row["languages"]
    ]


@cache
def _generated() -> re.Pattern[bytes]:
    raw = tomllib.loads((files("engine.chunk") / "traits.toml").read_text("utf-8"))
    return re.compile("|".join(raw["generated"]["patterns"]).encode(), re.I)


def file_traits(data: bytes) -> Trait:
    """Traits that the beginning of a file gives to all of it."""
    return Trait.GENERATED if _generated().search(data, 0, _HEAD_BYTES) else Trait.NONE


def mark_traits(data: bytes, starts: list[int], definitions: list[Definition], language: str) -> None:
    """Give traits to definitions; members of a test scope are in a test."""
    rules = trait_rules(language)
    for item in definitions:
        if item.nested:
            continue
        traits = Trait.NONE
        if item.kind in ("test", "suite"):
            traits = Trait.TEST
        elif item.kind == "fixture":
            traits = Trait.FIXTURE
        elif item.kind == "demo":
            traits = Trait.DEMO
        begin = starts[item.first]
        stop = max(item.body_byte, item.name_end, item.start_byte)
        head = data[max(begin, stop - _HEAD_OF_DEFINITION) : stop]
        for trait, pattern, kinds, inside in rules:
            if (not kinds or item.kind in kinds) and pattern.search(head):
                if not inside:
                    traits |= trait
                elif item.parent >= 0 and definitions[item.parent].traits & (Trait.TEST | Trait.IN_TEST):
                    traits |= trait
        if item.parent >= 0 and definitions[item.parent].traits & (Trait.TEST | Trait.IN_TEST):
            traits |= Trait.IN_TEST
        item.traits = traits
