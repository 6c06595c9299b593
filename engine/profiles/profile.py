"""What a profile is, what it may be called, and laying one wish over another."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.errors import UsageError
from engine.model import ChunkClass
from engine.request import Tuning

Shares = Mapping[ChunkClass, tuple[float, float]]

NO_PROFILE = ("none", "default")
"""Names that mean no profile at all."""

_ROUNDING = 1e-9
"""Of a sum of shares; shrinking what fits already would never end."""

LONGEST_NAME = 60
"""Characters; names stand in tables of 80 columns."""

_RESERVED = {*NO_PROFILE, "now", "tuned", "worktree"}
_NAME = re.compile(r"(?!\.)[^\s/\\,=@](?:[^/\\,=@]*[^\s/\\,=@])?")


@dataclass(frozen=True, slots=True)
class Profile:
    """Wishes for the packs of one repository and model. What it does not set is left to the settings below it."""

    name: str
    budget: str | int | None = None
    """Tokens or a written form (``64k``, ``40%``); None where the profile has no say."""
    reserve_tokens: int | None = None
    """Tokens of the window kept free for the answer; None where the profile has no say."""
    format: str = ""
    """Output format; empty where the profile has no say."""
    tuning: Tuning = field(default_factory=Tuning)
    """Weights, shares, deepest levels, pins and excludes."""
    tuned_at_revision: str = ""
    """Commit that stood in the repository when the profile was saved, or empty."""


def check_name(name: str) -> str:
    """Return a name that a profile may have; commands must be able to tell it from paths and settings.

    Raises:
        UsageError: it is empty, too long, reserved, or has characters that mean something else.
    """
    if name.lower() in _RESERVED:
        raise UsageError(f"'{name}' cannot name a profile: it has a meaning of its own", "for instance 'lean'")
    if len(name) > LONGEST_NAME or not name.isprintable() or not _NAME.fullmatch(name):
        raise UsageError(
            f"'{name[:LONGEST_NAME]}' cannot name a profile",
            f"at most {LONGEST_NAME} letters, digits, spaces or marks, without / \\ , = @ and no leading dot",
        )
    return name


def lay_over(base: Tuning, over: Tuning) -> Tuning:
    """Join two wishes; where both speak of the same class or path, ``over`` wins.

    Smallest shares of ``base`` shrink together where those of ``over`` leave too little of the budget for them.
    """
    pins = dict(base.pins)
    for glob, level in over.pins:
        # Later pins win, so a pin that is set again also moves behind the others.
        pins.pop(glob, None)
        pins[glob] = level
    return Tuning(
        weights={**base.weights, **over.weights},
        shares=_fitting(base.shares, over.shares),
        max_level={**base.max_level, **over.max_level},
        pins=tuple(pins.items()),
        excludes=tuple(dict.fromkeys((*base.excludes, *over.excludes))),
    )


def _fitting(base: Shares, over: Shares) -> Shares:
    kept = {name: share for name, share in base.items() if name not in over}
    wanted = sum(low for low, _ in kept.values())
    room = max(0.0, 1 - sum(low for low, _ in over.values()))
    if wanted > room + _ROUNDING:
        kept = {name: (low * room / wanted, high) for name, (low, high) in kept.items()}
    return {**kept, **over}
