"""Names that occur among recorded calls, with how many calls each has: what a filter may say."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from engine.telemetry.words import Outcome
from tui.telemetry.words import OUTCOMES
from tui.widgets.names import shown_name

NAMED = ("provider", "model", "category", "complexity")
"""Parts of a call that are filtered by name."""
NONE = "none"
"""How an unknown part is called."""
_BLANK = "blank"
"""How a name is called in which nothing can be seen."""
_LONGEST = 60
_NEAR = 4
"""Choices that are told when none is near."""


@lru_cache(maxsize=8192)
def typeable(name: str) -> str:
    """A name as it can be typed: visible, without spaces and commas, not too long."""
    if not name:
        return NONE
    return shown_name(name, _LONGEST).replace(" ", "_").replace(",", "_") or _BLANK


@dataclass(frozen=True, slots=True)
class Choices:
    """Names by part, the most frequent first."""

    names: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """Calls by name, by part."""

    def typed(self, key: str) -> list[tuple[str, int]]:
        """What can be typed for a part, with its calls."""
        if key == "outcome":
            counts = self.names.get(key, {})
            return [(word.replace(" ", "_"), counts.get(outcome, 0)) for outcome, (_, word) in OUTCOMES.items()]
        return [(typeable(name), calls) for name, calls in self.names.get(key, {}).items()]

    def named(self, key: str, word: str) -> tuple[str, ...]:
        """Names that a word stands for: the one that it is, else those that begin with it, else those that have it."""
        wanted = word.casefold()
        if key == "outcome":
            known = [
                (spelled, outcome.value)
                for outcome, (_, said) in OUTCOMES.items()
                for spelled in (outcome.value, said.replace(" ", "_"))
            ]
        else:
            known = [(typeable(name).casefold(), name) for name in self.names.get(key, {})]
        for matches in (str.__eq__, str.startswith, str.__contains__):
            found = tuple(dict.fromkeys(name for spelled, name in known if matches(spelled, wanted)))
            if found:
                return found
        return ()

    def near(self, key: str, word: str) -> str:
        """What a word that stands for nothing may have meant."""
        known = [name for name, _ in self.typed(key)]
        nearest = difflib.get_close_matches(word.casefold(), known, 1, 0.5)
        if nearest:
            return f"did you mean {nearest[0]}?"
        return f"there is {', '.join(known[:_NEAR])}{' …' if len(known) > _NEAR else ''}" if known else "none is known"


def choices_of(report: Mapping[str, Any]) -> Choices:
    """Take the names out of a report about all calls."""
    names: dict[str, Mapping[str, int]] = {}
    for key in NAMED:
        counts: Counter[str] = Counter()
        for group in report["groups"]:
            counts[group[key]] += group["n"]
        names[key] = dict(counts.most_common())
    names["outcome"] = {Outcome(name): calls for name, calls in report["total"]["outcomes"].items()}
    return Choices(names)
