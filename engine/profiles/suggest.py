"""A profile for a repository nobody has tuned yet, with a reason for each choice. The rules are ``suggest.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

from engine.model import ChunkClass
from engine.profiles.profile import Profile
from engine.tuning import read_table


@dataclass(frozen=True, slots=True)
class Facts:
    """What a suggestion is made from: totals of a scan and what budgets come to."""

    tokens: Mapping[ChunkClass, int]
    """Full tokens of each class."""
    context_window: int
    """Window of the model, in tokens."""
    qualities: Sequence[tuple[int, float]] = field(default_factory=tuple)
    """(budget in tokens, quality of the pack) for the budgets of ``budgets()`` that were tried, growing."""

    def share(self, *names: str) -> float:
        """Part of all tokens that classes have, 0-1."""
        total = sum(self.tokens.values())
        return sum(self.tokens.get(ChunkClass(name), 0) for name in names) / total if total else 0.0


@dataclass(frozen=True, slots=True)
class Reason:
    """One choice and why."""

    rule: str
    """Name of the rule in ``suggest.toml``."""
    choice: str
    """Key and value as in a settings file."""
    why: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A suggested profile."""

    profile: Profile
    reasons: tuple[Reason, ...]
    """In the order of the rules; empty when nothing speaks for a change."""


def budgets(context_window: int) -> tuple[int, ...]:
    """Budgets that are worth trying for a model, in tokens, growing."""
    rules = _rules()["budget"]
    most = int(context_window * rules["most_of_window"])
    return tuple(tokens for tokens in rules["ladder"] if tokens <= most) or (most,)


def quality_goal() -> float:
    """Quality, 0-1, from which a larger budget is not suggested."""
    return float(_rules()["budget"]["quality"])


def suggest(facts: Facts, name: str = "suggested") -> Suggestion:
    """Apply the rules to what is known about a repository; the same facts give the same suggestion."""
    reasons: list[Reason] = []
    pack: dict[str, dict[str, Any]] = {}
    for rule in _rules()["rules"]:
        share = facts.share(*rule["classes"])
        if not rule.get("over", 0.0) < share <= rule.get("up_to", 1.0):
            continue
        if any(facts.share(other) > most for other, most in rule.get("others_up_to", {}).items()):
            continue
        for part, entries in rule["set"].items():
            # The first rule that speaks of a key decides it.
            fresh = {key: value for key, value in entries.items() if key not in pack.get(part, {})}
            pack.setdefault(part, {}).update(fresh)
            why = rule["why"].format(share=f"{share:.0%}")
            reasons += [Reason(rule["name"], f"{part}.{key} = {value}", why) for key, value in fresh.items()]
    chosen = _budget(facts)
    if chosen is not None:
        reasons.append(chosen[1])
    budget = None if chosen is None else chosen[0]
    return Suggestion(Profile(name, budget=budget, tuning=read_table(pack)), tuple(reasons))


def _budget(facts: Facts) -> tuple[str | int, Reason] | None:
    goal = quality_goal()
    reached = next(((tokens, quality) for tokens, quality in facts.qualities if quality >= goal), None)
    if reached is None:
        return None
    tokens, quality = reached
    why = _rules()["budget"]["why"].format(quality=f"{quality:.2f}", goal=f"{goal:.2f}")
    written: str | int = f"{tokens // 1000}k" if tokens % 1000 == 0 else tokens
    return written, Reason("budget", f"budget = {written}", why)


@cache
def _rules() -> dict[str, Any]:
    return tomllib.loads((resources.files("engine.profiles") / "suggest.toml").read_text("utf-8"))
