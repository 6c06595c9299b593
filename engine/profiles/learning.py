"""Updates of class weights: what edits and outcomes say against what the weights expected.

The value that a profile gives a chunk is read as how likely the chunk is wanted, up to a factor that all chunks of a
class share. Then the most likely factor of a class is what was observed there over what was expected; a prior of some
commits' worth of belief in the present weights (a gamma prior with mean 1, see Gelman et al., Bayesian Data Analysis,
2.6) keeps few observations from moving much.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from engine.model import CLASSES, ChunkClass
from engine.profiles.learning_truth import learning_numbers

Shares = Mapping[ChunkClass, float]


@dataclass(frozen=True, slots=True)
class Observation:
    """One commit, or one pack of which something became known."""

    observed: Shares
    """Share of what was wanted, by class; all together at most 1."""
    expected: Shares
    """Share of the value that the weights in force gave each class; as much in total as was observed or refused."""


@dataclass(slots=True)
class Evidence:
    """Observations added up, in units of one commit."""

    n: int = 0
    """Observations."""
    observed: dict[ChunkClass, float] = field(default_factory=dict)
    expected: dict[ChunkClass, float] = field(default_factory=dict)
    seen: dict[ChunkClass, int] = field(default_factory=dict)
    """Observations in which the class was wanted."""

    def add(self, one: Observation) -> None:
        """Take an observation."""
        self.n += 1
        for name, share in one.observed.items():
            self.observed[name] = self.observed.get(name, 0.0) + share
            self.seen[name] = self.seen.get(name, 0) + (share > 0)
        for name, share in one.expected.items():
            self.expected[name] = self.expected.get(name, 0.0) + share


@dataclass(frozen=True, slots=True)
class Move:
    """A weight before and after."""

    name: ChunkClass
    before: float
    after: float
    n: int
    """Observations in which the class was wanted."""
    of: int
    """Observations in all."""
    observed: float
    """Share of what was wanted, 0-1."""
    expected: float
    """Share that the weights expected, 0-1."""

    @property
    def why(self) -> str:
        """The figures in words."""
        return f"{self.observed:.0%} of what was wanted, {self.expected:.0%} expected; in {self.n:,} of {self.of:,}"


def evidence_of(observations: Iterable[Observation]) -> Evidence:
    """Add observations up."""
    found = Evidence()
    for one in observations:
        found.add(one)
    return found


def updated(weights: Shares, evidence: Evidence, steepness: float, step: float) -> dict[ChunkClass, float]:
    """Weights after a part of an update; the same evidence gives the same weights.

    A weight moves by at most the largest factor, stays within the bounds (or where it is, if it is outside), and stays
    0 if it is 0. Classes that nothing was expected of and nothing observed in stay as they are.

    Args:
        weights: Weights in force, of all classes.
        evidence: What became known.
        steepness: Power of a weight that values have; 1 without a query.
        step: Part of the whole move, 0-1, on a logarithmic scale.
    """
    rules = learning_numbers()["update"]
    most, prior = rules["most_factor"], rules["prior"]
    out: dict[ChunkClass, float] = {}
    for name in CLASSES:
        before = weights[name]
        observed, expected = evidence.observed.get(name, 0.0), evidence.expected.get(name, 0.0)
        factor = max(0.0, observed + prior) / (expected + prior)
        factor = min(most, max(1 / most, factor ** (1 / steepness))) ** step
        if before <= 0 or abs(factor - 1) < rules["least_change"]:
            out[name] = before
            continue
        after = float(f"{before * factor:.3g}")
        # Rounding must not lead beyond what one update may do.
        after = min(before * most, max(before / most, after))
        out[name] = min(max(rules["most_weight"], before), max(min(rules["least_weight"], before), after))
    return out


def moves(before: Shares, after: Shares, evidence: Evidence) -> tuple[Move, ...]:
    """What changes, the largest change first."""
    total = sum(evidence.observed.values()) or 1.0
    awaited = sum(evidence.expected.values()) or 1.0
    found = [
        Move(
            name, before[name], after[name], evidence.seen.get(name, 0), evidence.n,
            evidence.observed.get(name, 0.0) / total, evidence.expected.get(name, 0.0) / awaited,
        )
        for name in CLASSES
        if before[name] != after[name]
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda one: -max(one.after / one.before, one.before / one.after)))
