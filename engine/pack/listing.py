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
from engine.pack.evaluate import Modes, chosen, options_at
from engine.pack.forest import Forest, Narrow
from engine.pack.layout import Index
from engine.pack.priced import ABSENT, LISTED, OUTLINED, SHOWN
from engine.pack.problem import OUTLINE, Levels, Mask
from engine.pack.scope import CAPSULE

Ranks = npt.NDArray[np.int64]
DROPPED = 11
"""Trailing bits of a value that are not looked at: 0.05 % of it."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """Files by their most valuable core chunk."""

    core: Floats
    """(K,) that value, falling."""
    rank: Ranks
    """(m,) place of each file among them, K for files without core chunks."""
    least: int
    """Fewest files that have to be listed."""
    needed: npt.NDArray[np.int32]
    """(n,) about how many files have to be listed for a chunk to be shown, in the order of the layout."""

    @classmethod
    def of(cls, ranked: Index, core: Floats, least: int, reach: Narrow) -> Ranking:
        """From the files in their order and their value.

        Args:
            ranked: Files with core chunks, the most valuable first.
            core: (m,) value of the most valuable core chunk.
            least: Fewest files that have to be listed.
            reach: (n,) see ``Forest.reach``.
        """
        rank = np.full(len(core), len(ranked))
        rank[ranked] = np.arange(len(ranked))
        return cls(core[ranked], rank, least, _needed(core[ranked], reach))

    def limit(self, listed: int) -> float:
        """Value from which a chunk may be shown when so many files are listed."""
        return float(self.core[listed]) if listed < len(self.core) else -np.inf

    def forced(self, forest: Forest, listed: int) -> Mask | None:
        """Files of a forest that must not be omitted."""
        return self.rank[forest.files.number] < listed if listed else None


def _needed(core: Floats, reach: Narrow) -> npt.NDArray[np.int32]:
    """(n,) number of files worth more than each chunk, by a table over the leading bits: exact but for near ties."""
    if not len(core):
        return np.zeros(len(reach), dtype=np.int32)
    least, most = (int(_bits(np.array([value], np.float32))[0]) for value in (core[-1], core[0]))
    ends = (np.arange(least, most + 2, dtype=np.int32) << DROPPED).view(np.float32)
    table = np.searchsorted(-core.astype(np.float32), -ends, side="left").astype(np.int32)
    table[0] = max(table[0], len(core) - 1)
    found = table.take(_bits(reach) - least, mode="clip")
    return np.where(reach < np.float32(core[-1]), np.int32(len(core)), found)


def _bits(values: Narrow) -> npt.NDArray[np.int32]:
    """Order-keeping leading bits of numbers from 0 on."""
    return values.view(np.int32) >> DROPPED


def by_listing(forest: Forest, price: float, ranking: Ranking, low: int, high: int) -> Floats:
    """(high - low + 1,) worth at a price for each number of listed files; a little less than the truth.

    Args:
        forest: Chunks and files.
        price: Value per token.
        ranking: The order of files.
        low: Fewest.
        high: Most.
    """
    few = options_at(forest, price, ranking.limit(low))
    if low >= high:
        worth = few
        if low:
            worth = worth.copy()
            worth[ABSENT, ranking.forced(forest, low)] = -np.inf
        return np.array([worth.max(axis=0).sum()])
    many, mode, levels = chosen(forest, price, ranking.limit(high))
    closed = few.max(axis=0)
    opened = many[SHOWN:].max(axis=0)
    change = _gains(forest, price, (closed, opened, mode, levels), ranking, low, high)
    rank = ranking.rank[forest.files.number]
    near = np.flatnonzero(rank < high)
    listed = np.maximum(few[LISTED:, near].max(axis=0), many[LISTED:, near].max(axis=0))
    lost = np.maximum(0.0, -listed)
    change -= np.bincount(np.maximum(rank[near] + 1 - low, 0), weights=lost, minlength=high - low + 1)
    change[0] += float(closed.sum())
    return np.cumsum(change)


def _gains(
    forest: Forest, price: float, best: tuple[Floats, Floats, Modes, Levels], ranking: Ranking, low: int, high: int
) -> Floats:
    """(high - low + 1,) worth that is added by what each further file allows to show."""
    closed, opened, mode, levels = best
    count = len(forest.files.number)
    rows = np.flatnonzero((levels <= CAPSULE) & (forest.value < np.inf))
    level = levels[rows].astype(np.intp)
    at = level * len(levels) + rows
    rate = price if forest.charge is None else price * forest.charge[rows]
    part = forest.gain.ravel().take(at) - rate * forest.tokens.ravel().take(at)
    file = forest.file[rows]
    instead = forest.gain[OUTLINE, rows] - rate * forest.tokens[OUTLINE, rows]
    part -= np.where((mode == OUTLINED)[file], np.maximum(instead, 0), 0)
    needed = np.clip(ranking.needed[forest.place[rows]], low, high)
    if not len(rows):
        return np.zeros(high - low + 1)
    order = np.argsort(file * (len(ranking.core) + 2) + needed)
    part, file, needed = part[order].astype(np.float64), file[order], needed[order]
    opened = opened - np.bincount(file, weights=part, minlength=count)
    first = np.flatnonzero(np.concatenate([[True], file[1:] != file[:-1]]))
    sums = np.cumsum(part)
    sizes = np.diff(np.append(first, len(file)))
    sums -= np.repeat(sums[first] - part[first], sizes)
    worth = np.maximum(closed[file], opened[file] + sums)
    before = np.empty_like(worth)
    before[1:] = worth[:-1]
    before[first] = closed[file[first]]
    return np.bincount(needed - low, weights=worth - before, minlength=high - low + 1).astype(np.float64)
