"""What an update gains on commits that it was not made from, and how sure that is."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import fmean
from typing import Any

from engine.profiles.learning_truth import learning_numbers


@dataclass(frozen=True, slots=True)
class Gain:
    """Edited-line recall before and after, on the same commits."""

    commits: int
    before: float
    """Mean share, 0-1, of a commit's edited lines that a pack of its parent shows."""
    after: float
    low: float
    """Lower end of the interval of the mean difference."""
    high: float
    confidence: float
    """Share of resampled differences within the interval."""
    better: int
    """Commits of which more is shown."""
    worse: int

    @property
    def difference(self) -> float:
        """Mean gain."""
        return self.after - self.before

    @property
    def is_gain(self) -> bool:
        """Whether the whole interval is above zero."""
        return self.low > 0

    def as_dict(self) -> dict[str, Any]:
        """Plain numbers, shares rounded to four digits."""
        values = {**asdict(self), "difference": self.difference}
        rounded = {name: round(value, 4) if isinstance(value, float) else value for name, value in values.items()}
        return {**rounded, "is_gain": self.is_gain}


def measured_gain(before: Sequence[float], after: Sequence[float]) -> Gain:
    """Compare two scores of each commit.

    The interval is the percentile bootstrap of the mean paired difference (Efron 1979); the same scores give the same
    interval.

    Args:
        before: One share a commit, at least one.
        after: The same commits in the same order.
    """
    rules = learning_numbers()["held_out"]
    differences = [new - old for old, new in zip(before, after, strict=True)]
    draw, n = random.Random(0), len(differences)
    means = sorted(fmean(draw.choices(differences, k=n)) for _ in range(rules["resamples"]))
    tail = (1 - rules["confidence"]) / 2
    low, high = (means[min(len(means) - 1, int(share * len(means)))] for share in (tail, 1 - tail))
    return Gain(
        commits=n,
        before=fmean(before),
        after=fmean(after),
        low=low,
        high=high,
        confidence=rules["confidence"],
        better=sum(one > 0 for one in differences),
        worse=sum(one < 0 for one in differences),
    )
