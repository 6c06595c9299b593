"""What a query is after: rules from ``intent.toml`` weigh its words and the things that it names."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from engine.errors import UsageError
from engine.rank.intent_rules import INTENTS, IntentRules, Rule, intent_rules

_WORD = re.compile(r"\S+")
BY_HAND = "chosen by hand"


@dataclass(frozen=True, slots=True)
class Entity:
    """A thing that a query names."""

    kind: str
    """``frame``, ``error``, ``route``, ``file``, ``setting``, ``class`` or ``function``."""
    name: str
    """As it is written; of a frame its path."""
    line: int = 0
    """Line of a frame, from 1; else 0."""
    inside: str = ""
    """Function of a frame, where it is told."""


@dataclass(frozen=True, slots=True)
class Intent:
    """What a query is after, and why that was read in it."""

    name: str
    """``symbol``, ``config``, ``api``, ``incident`` or ``search``."""
    confidence: float
    """Share of the evidence that speaks for it, 0-1; 1 when it was chosen by hand."""
    reasons: tuple[str, ...]
    """Rules that spoke for it, the weightiest first; empty when nothing spoke for any other."""
    entities: tuple[Entity, ...]
    """What the query names, by kind and place."""


def read_intent(text: str, chosen: str = "", rules: IntentRules | None = None) -> Intent:
    """Tell what a query is after.

    Args:
        text: A few words, an issue, a commit message, a stack trace; anything.
        chosen: An intent that somebody chose by hand; empty to let the rules decide.
        rules: Those that ship when None.

    Raises:
        UsageError: there is no such intent; lists those there are.
    """
    if chosen and chosen not in INTENTS:
        raise UsageError(f"there is no intent '{chosen[:80]}'", f"intents: {', '.join(INTENTS)}")
    rules = rules or intent_rules()
    text = text[: rules.characters]
    entities = _entities(text, rules)
    if chosen:
        return Intent(chosen, 1.0, (BY_HAND,), entities)
    kinds = {entity.kind for entity in entities}
    words = sum(1 for _ in _WORD.finditer(text))
    points = dict.fromkeys(INTENTS, 0.0)
    points[rules.default] = rules.default_points
    spoke: list[Rule] = []
    for rule in rules.rules:
        if rule.holds(text, words, kinds):
            points[rule.intent] += rule.points
            spoke.append(rule)
    # The order of INTENTS settles ties: what fails comes before what is looked for.
    name = max(INTENTS, key=lambda intent: points[intent])
    top = points[name]
    whole = sum(math.exp((value - top) * rules.sharpness) for value in points.values())
    reasons = sorted((rule for rule in spoke if rule.intent == name), key=lambda rule: -rule.points)
    return Intent(name, round(1.0 / whole, 4), tuple(dict.fromkeys(rule.reason for rule in reasons)), entities)


def _entities(text: str, rules: IntentRules) -> tuple[Entity, ...]:
    found: dict[str, dict[Entity, None]] = {}
    for kind, pattern in rules.patterns:
        kept = found.setdefault(kind, {})
        for match in pattern.finditer(text):
            if len(kept) >= rules.entities:
                break
            parts = match.groupdict()
            name = parts.get("path") or parts.get("name") or ""
            if name:
                kept[Entity(kind, name, int(parts.get("line") or 0), (parts.get("in") or "").strip())] = None
    return tuple(entity for kept in found.values() for entity in kept)
