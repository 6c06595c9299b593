"""What learning came to: weights before and after, the evidence, the measured gain, and whether it is worth keeping."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.profiles import Profile, settings_table
from engine.profiles.learning import Move
from engine.profiles.learning_gain import Gain


@dataclass(frozen=True, slots=True)
class Tally:
    """What was learned from."""

    looked_at: int
    """Commits that were looked at."""
    earlier: int
    """Commits that the update was made from."""
    later: int
    """Commits that it was measured on; all are later than those."""
    packs: int
    """Recorded packs of which something became known."""
    first: str
    """Oldest commit of all."""
    last: str
    """Newest one."""
    lines: int
    """Edited lines."""
    levels: Mapping[int, float]
    """Share of the edited lines whose chunks packs with the present weights show at each level."""
    classes: Mapping[str, int]
    """Edited lines by class."""
    signals: Mapping[str, float]
    """Mean share of the edited chunks' relevance that each signal brought; nothing without a query."""

    def as_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "commits": {"looked_at": self.looked_at, "earlier": self.earlier, "later": self.later},
            "packs": self.packs,
            "first": self.first,
            "last": self.last,
            "lines": self.lines,
            "levels": {str(level): round(share, 4) for level, share in self.levels.items()},
            "classes": dict(self.classes),
            "signals": {name: round(share, 4) for name, share in self.signals.items()},
        }


@dataclass(frozen=True, slots=True)
class Lesson:
    """A proposed update of a profile; nothing is saved yet."""

    repository: str
    model: str
    profile: str
    """Name of the profile that would change."""
    version: int | None
    """Its newest version now; None where it would be made."""
    in_force: bool
    """Whether packs use it already."""
    query: str
    """``message`` or ``none``: what packs of the past were made for."""
    budget_tokens: int
    tally: Tally
    moves: tuple[Move, ...]
    step: float
    """Part of the whole move that did best on the earlier commits."""
    gain_before: Gain | None
    """On the commits that it was made from, where anything moves."""
    gain: Gain | None
    """On the later commits; None where nothing was measured."""
    refused: str
    """Why it is not worth keeping, or ``""``."""
    proposed: Profile
    """The profile with the update."""

    def as_dict(self) -> dict[str, Any]:
        """The JSON of ``packsight profile learn``."""
        return {
            "repository": self.repository,
            "model": self.model,
            "profile": self.profile,
            "version": self.version,
            "query": self.query,
            "budget": self.budget_tokens,
            "evidence": self.tally.as_dict(),
            "moves": [
                {
                    "class": one.name.value,
                    "before": one.before,
                    "after": one.after,
                    "n": one.n,
                    "of": one.of,
                    "observed": round(one.observed, 4),
                    "expected": round(one.expected, 4),
                    "why": one.why,
                }
                for one in self.moves
            ],
            "step": self.step,
            "earlier": None if self.gain_before is None else self.gain_before.as_dict(),
            "later": None if self.gain is None else self.gain.as_dict(),
            "refused": self.refused,
            "proposed": settings_table(self.proposed),
        }
