"""The budget of a cell: a weighted Kaplan-Meier quantile of its own calls and those of its nearest parent."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from engine.telemetry.calibrate.settings import Settings
from engine.telemetry.calibrate.survival import Curve, survival


class Seen(NamedTuple):
    """A length, and whether it is only a lower bound."""

    length: int
    is_cut: bool
    allowed: int | None = None
    """Budget or ceiling that the call was made under."""


@dataclass(frozen=True, slots=True)
class Fit:
    """What the calls of a cell and its parent say."""

    budget_tokens: int
    """Budget under which at most the target share is cut off; the current one when that cannot be known."""
    curve: Curve
    """Survival curve of the mixture."""
    samples: int
    """Own calls that counted."""
    cut: int
    """Of those, calls that were cut off."""
    cuts: tuple[tuple[int, int], ...]
    """(length, calls) of those, by length."""
    longest_tokens: int
    """Longest length among own calls and the parent's, 0 for none."""
    parent_samples: int
    """Calls of the parent that were leaned on, 0 for none."""
    parent_share: float
    """Weight of the parent in the mixture, 0 to 1."""
    is_known: bool
    """False when history cannot tell the budget: too few calls, or too many of them cut off."""
    has_drifted: bool
    """Whether older calls were left out because answers got longer."""


def fit(own: Sequence[Seen], parent: Sequence[Seen], current_tokens: int, target: float, rules: Settings) -> Fit:
    """Fit the budget of a cell.

    Args:
        own: Its latest calls, oldest first.
        parent: The latest calls of the nearest parent with enough of them, or nothing.
        current_tokens: The budget so far; what an unknown one starts from.
        target: Share of calls that may be cut off.
        rules: Settings of calibration.
    """
    drifted = has_drifted(own, target, rules)
    if drifted:
        own = own[len(own) // 2 :]
    weight = rules.parent_weight if len(parent) >= rules.parent_from else 0.0
    leaned = parent if weight else ()
    lengths = np.array([one.length for one in own] + [one.length for one in leaned], np.float64)
    is_cut = np.array([one.is_cut for one in own] + [one.is_cut for one in leaned], np.bool_)
    weights = np.concatenate((np.ones(len(own)), np.full(len(leaned), weight / max(1, len(leaned)))))
    # One answer longer than all: the quantile is to hold for the next call.
    curve = survival(lengths, is_cut, weights, beyond=1.0)
    found = curve.quantile(target)
    known = math.isfinite(found)
    if known:
        budget = round_up(found, rules)
    elif is_cut.any() and len(own) + len(leaned) >= rules.least:
        # Up from the highest evidence, which is not the current budget when that was never tried.
        tried = float(lengths[is_cut].max())
        budget = max(current_tokens, round_up(tried * rules.escalate_by, rules))
    else:
        budget = current_tokens
    return Fit(
        budget_tokens=max(1, min(budget, rules.longest_tokens)),
        curve=curve,
        samples=len(own),
        cut=sum(one.is_cut for one in own),
        cuts=tuple(sorted(Counter(one.length for one in own if one.is_cut).items())),
        longest_tokens=int(lengths.max()) if len(lengths) else 0,
        parent_samples=len(leaned),
        parent_share=weight / (weight + len(own)) if weight else 0.0,
        is_known=known,
        has_drifted=drifted,
    )


def has_drifted(own: Sequence[Seen], target: float, rules: Settings) -> bool:
    """Whether the latest answers are longer than the ones before them allow (one-sided binomial test).

    Each of the latest calls is compared at a length that it could show: the quantile of the calls before, or its own
    ceiling where that was lower.
    """
    older, last = own[: -rules.drift_last], own[-rules.drift_last :]
    if len(older) < rules.drift_last:
        return False
    curve = curve_of(older)
    if not len(curve.lengths):
        return False
    usual = min(curve.quantile(target), float(curve.lengths[-1]))
    limits = [min(usual, one.allowed or (one.length if one.is_cut else usual)) for one in last]
    longer = sum(
        one.length > limit or (one.is_cut and one.length >= limit) for one, limit in zip(last, limits, strict=True)
    )
    expected = sum(map(curve.longer_than, limits)) / len(last)
    return at_least(longer, len(last), expected) < rules.drift_chance


def curve_of(seen: Sequence[Seen]) -> Curve:
    """The survival curve of calls that count alike."""
    lengths = np.array([one.length for one in seen], np.float64)
    return survival(lengths, np.array([one.is_cut for one in seen], np.bool_))


def at_least(hits: int, total: int, share: float) -> float:
    """Return the chance of so many hits or more: the upper tail of a binomial distribution."""
    return min(1.0, sum(math.comb(total, k) * share**k * (1 - share) ** (total - k) for k in range(hits, total + 1)))


def round_up(tokens: float, rules: Settings) -> int:
    """Round a budget up to a step of about a 64th of it, at most ``round_to``: small budgets stay small."""
    step = 1
    while step < rules.round_to and step * 2 * 64 <= tokens:
        step *= 2
    return math.ceil(tokens / step) * step
