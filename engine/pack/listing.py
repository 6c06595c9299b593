"""How many files to list at a price: the core rule as one number, judged for all numbers at once.

The rule is a number k (see ``search``): the k files with the most valuable core chunks are listed, and what is worth
less than the next one stays at level 4 or deeper. From the best levels without the rule it follows for each k what
those of them that k allows are worth; the k worth most is where the true optimum is looked for.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.columns import Floats
from engine.pack.evaluate import State, evaluate
from engine.pack.forest import Forest
from engine.pack.layout import Index
from engine.pack.priced import ABSENT, LISTED, OUTLINED, SHOWN
from engine.pack.problem import OUTLINE, Mask
from engine.pack.scope import CAPSULE

Ranks = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Ranking:
    """Files by their most valuable core chunk."""

    core: Floats
    """(K,) that value, falling."""
    rank: Ranks
    """(m,) place of each file among them, K for files without core chunks."""
    least: int
    """Fewest files that have to be listed."""

    @classmethod
    def of(cls, ranked: Index, core: Floats, least: int) -> Ranking:
        """From the files in their order and their value."""
        rank = np.full(len(core), len(ranked))
        rank[ranked] = np.arange(len(ranked))
        return cls(core[ranked], rank, least)

    def limit(self, listed: int) -> float:
        """Value from which a chunk may be shown when so many files are listed."""
        return float(self.core[listed]) if listed < len(self.core) else -np.inf

    def forced(self, forest: Forest, listed: int) -> Mask | None:
        """Files of a forest that must not be omitted."""
        return self.rank[forest.files.number] < listed if listed else None

    def above(self, values: npt.NDArray[np.floating]) -> Index:
        """How many files have to be listed for a chunk of a value to be shown."""
        return np.searchsorted(-self.core.astype(np.float32), -values.astype(np.float32), side="left")


def by_listing(forest: Forest, price: float, ranking: Ranking, low: int, high: int) -> Floats:
    """(high - low + 1,) worth at a price for each number of listed files; a little less than the truth.

    Args:
        forest: Chunks and files.
        price: Value per token.
        ranking: The order of files.
        low: Fewest.
        high: Most.
    """
    few = evaluate(forest, price, ranking.limit(low), None)
    if low >= high:
        worth = few.options
        if low:
            worth = worth.copy()
            worth[ABSENT, ranking.forced(forest, low)] = -np.inf
        return np.array([worth.max(axis=0).sum()])
    many = evaluate(forest, price, ranking.limit(high), None)
    closed = few.options.max(axis=0)
    change = _gains(forest, many, closed, ranking, low, high)
    rank = ranking.rank[forest.files.number]
    near = np.flatnonzero(rank < high)
    listed = np.maximum(few.options[LISTED:, near].max(axis=0), many.options[LISTED:, near].max(axis=0))
    lost = np.maximum(0.0, -listed)
    change -= np.bincount(np.maximum(rank[near] + 1 - low, 0), weights=lost, minlength=high - low + 1)
    change[0] += float(closed.sum())
    return np.cumsum(change)


def _gains(forest: Forest, state: State, closed: Floats, ranking: Ranking, low: int, high: int) -> Floats:
    """(high - low + 1,) worth that is added by what each further file allows to show."""
    count = len(forest.files.number)
    rows = np.flatnonzero((state.levels <= CAPSULE) & (forest.value < np.inf))
    level = state.levels[rows].astype(np.intp)
    at = level * len(state.levels) + rows
    rate = state.price if forest.charge is None else state.price * forest.charge[rows]
    part = forest.gain.ravel().take(at) - rate * forest.tokens.ravel().take(at)
    file = forest.file[rows]
    instead = forest.gain[OUTLINE, rows] - rate * forest.tokens[OUTLINE, rows]
    part -= np.where((state.mode == OUTLINED)[file], np.maximum(instead, 0), 0)
    needed = np.clip(ranking.above(forest.reach[rows]), low, high)
    if not len(rows):
        return np.zeros(high - low + 1)
    order = np.argsort(file * (len(ranking.core) + 2) + needed)
    part, file, needed = part[order].astype(np.float64), file[order], needed[order]
    opened = state.options[SHOWN:].max(axis=0) - np.bincount(file, weights=part, minlength=count)
    first = np.flatnonzero(np.concatenate([[True], file[1:] != file[:-1]]))
    sums = np.cumsum(part)
    sizes = np.diff(np.append(first, len(file)))
    sums -= np.repeat(sums[first] - part[first], sizes)
    worth = np.maximum(closed[file], opened[file] + sums)
    before = np.empty_like(worth)
    before[1:] = worth[:-1]
    before[first] = closed[file[first]]
    return np.bincount(needed - low, weights=worth - before, minlength=high - low + 1).astype(np.float64)
