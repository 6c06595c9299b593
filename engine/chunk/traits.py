"""Facts that languages state about a definition or a file: a test, a fixture, a demo, generated, an example."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from engine.chunk.definitions import Definition
from engine.chunk.spans import Trait

_HEAD_BYTES = 2048
_HEAD_OF_DEFINITION = 600
# Plain integers: arithmetic on flags costs a microsecond each time, and there are many definitions.
_IN_TEST = int(Trait.IN_TEST)
IN_A_TEST = int(Trait.TEST | Trait.IN_TEST)
"""Traits of a scope whose members are in a test."""
_BY_KIND = {
    "test": int(Trait.TEST),
    "suite": int(Trait.TEST),
    "fixture": int(Trait.FIXTURE),
    "demo": int(Trait.DEMO),
}


@dataclass(frozen=True, slots=True)
class TraitRule:
    """One row of ``traits.toml``."""

    trait: int
    pattern: re.Pattern[bytes]
    kinds: frozenset[str]
    """Kinds of definitions it is for; empty for all."""
    hints: tuple[bytes, ...]
    """One of these, in lower case, is in every head that matches: a cheap test before the pattern."""


@cache
def trait_rules(language: str) -> list[TraitRule]:
    """The rules of a language."""
    raw = tomllib.loads((files("engine.chunk") / "traits.toml").read_text("utf-8"))
    return [
        TraitRule(
            int(Trait[row["trait"]]),
            re.compile(row["pattern"].encode(), re.M),
            frozenset(row.get("kinds", "").split()),
            tuple(hint.encode() for hint in row["hints"]),
        )
        for row in raw["rule"]
        if language in row["languages"]
    ]


@cache
def _generated() -> tuple[bytes, re.Pattern[bytes]]:
    raw = tomllib.loads((files("engine.chunk") / "traits.toml").read_text("utf-8"))
    return raw["generated"]["hint"].encode(), re.compile("|".join(raw["generated"]["patterns"]).encode(), re.I)


def file_traits(data: bytes) -> Trait:
    """Traits that the beginning of a file gives to all of it."""
    hint, pattern = _generated()
    head = data[:_HEAD_BYTES]
    return Trait.GENERATED if hint in head.lower() and pattern.search(head) else Trait.NONE


def mark_traits(data: bytes, starts: list[int], definitions: list[Definition], language: str) -> None:
    """Give traits to definitions; members of a test scope are in a test."""
    whole = data.lower()
    rules = [rule for rule in trait_rules(language) if any(hint in whole for hint in rule.hints)]
    for item in definitions:
        if item.nested:
            continue
        traits = _BY_KIND.get(item.kind, 0)
        if rules:
            stop = max(item.body_byte, item.name_end, item.start_byte)
            head = data[max(starts[item.first], stop - _HEAD_OF_DEFINITION) : stop]
            traits |= _stated(rules, item.kind, head)
        if item.parent >= 0 and definitions[item.parent].traits & IN_A_TEST:
            traits |= _IN_TEST
        item.traits = traits


def _stated(rules: list[TraitRule], kind: str, head: bytes) -> int:
    """Traits that the head of a definition states."""
    traits = 0
    lower = head.lower()
    for rule in rules:
        if rule.kinds and kind not in rule.kinds:
            continue
        for hint in rule.hints:
            if hint in lower:
                if rule.pattern.search(head):
                    traits |= rule.trait
                break
    return traits
