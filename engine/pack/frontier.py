"""Per chunk: drop dominated levels and keep the concave frontier, as upgrade steps.

A step leads from one level to a better one. Along a chunk the retention gained per token falls, so taking steps in
order of value per token never takes a later step of a chunk before an earlier one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.columns import Floats, Ints
from engine.pack.problem import LINE, OUTLINE, Mask

FREE_COST = 1e-3
"""Tokens that a step without cost is divided by, so that it has a finite and very high rate."""


@dataclass(frozen=True, slots=True)
class Steps:
    """``s`` upgrade steps, chunk by chunk, each chunk's in order; it starts from level 5."""

    chunk: Ints
    """(s,) row of the chunk."""
    ordinal: Ints
    """(s,) position among the steps of its chunk, from 0."""
    level: Ints
    """(s,) level reached."""
    cost: npt.NDArray[np.int64]
    """(s,) tokens it adds."""
    gain: Floats
    """(s,) retention it adds."""
    first: Ints
    """(n,) index of a chunk's first step."""
    count: Ints
    """(n,) steps of a chunk."""


def frontier(
    tokens: Ints, retention: Floats, allowed: Mask, base_cost: npt.NDArray[np.int64], base_kept: Floats
) -> Steps:
    """Concave frontier of each row.

    Args:
        tokens: (n, 5) tokens at levels 0-4.
        retention: (n, 6) retention at levels 0-5.
        allowed: (n, 5) levels that may be used.
        base_cost: (n,) tokens of the level a chunk starts from.
        base_kept: (n,) retention of the level a chunk starts from.

    On equal rates the farther level wins, so rates fall strictly along a chunk.
    """
    rows = np.flatnonzero(allowed.any(axis=1))
    cost_now, kept_now = base_cost[rows], base_kept[rows]
    rounds: list[tuple[npt.NDArray[np.intp], npt.NDArray[np.intp], npt.NDArray[np.int64], Floats]] = []
    while len(rows):
        more_cost = tokens[rows] - cost_now[:, None]
        more_kept = retention[rows, :LINE] - kept_now[:, None]
        usable = allowed[rows] & (more_kept > 1e-12) & (more_cost >= 0)
        rate = np.where(usable, more_kept / np.maximum(more_cost, FREE_COST), -1.0)
        best = rate.argmax(axis=1)
        pick = np.arange(len(rows))
        alive = rate[pick, best] > 0
        rows, best, pick = rows[alive], best[alive], pick[alive]
        cost, gain = more_cost[pick, best].astype(np.int64), more_kept[pick, best]
        rounds.append((rows, best, cost, gain))
        cost_now, kept_now = cost_now[alive] + cost, kept_now[alive] + gain
    return _by_chunk(rounds, len(tokens))


def with_detours(steps: Steps, tokens: Ints, gain: Floats, allowed: Mask) -> tuple[Steps, Ints]:
    """Put one extra step before those of a chunk, for where the frontier cannot be followed.

    A frontier without level 4 gets a step to level 4, for when nothing better is permitted. A frontier that begins
    with level 4 gets one that passes over it, for files that are to do without outline lines. Such a step is never
    used together with the ones it stands for.

    Args:
        steps: The frontier.
        tokens: (n,) tokens at level 4.
        gain: (n,) retention that level 4 adds to where the chunk starts.
        allowed: (n,) chunks that may be shown at level 4 and start from level 5 or lower.

    Returns:
        The steps (``first`` and ``count`` still speak of the frontier alone) and (n,) the index of the extra step of
        a chunk or -1.
    """
    n = len(tokens)
    target = np.full(n, -1, dtype=np.int64)
    has = steps.count > 0
    target[has] = steps.level[steps.first[has]]
    outlines = allowed & (gain > 1e-12) & has & (target != OUTLINE)
    passes = (target == OUTLINE) & (steps.count > 1)
    added = outlines | passes
    before = np.cumsum(added, dtype=np.int64)
    total = len(steps.chunk) + int(before[-1] if n else 0)
    old_at = np.arange(len(steps.chunk)) + before[steps.chunk]
    rows = np.flatnonzero(added)
    new_at = steps.first[rows] + before[rows] - 1
    second = np.minimum(steps.first[rows] + 1, len(steps.chunk) - 1)
    passing = passes[rows]

    def spread(column: npt.NDArray[Any], extra: npt.NDArray[Any]) -> npt.NDArray[Any]:
        out = np.zeros(total, dtype=column.dtype)
        out[old_at], out[new_at] = column, extra
        return out

    first = steps.first[rows]
    merged = Steps(
        chunk=spread(steps.chunk, rows),
        ordinal=spread(steps.ordinal, np.zeros(len(rows), dtype=np.int32)),
        level=spread(steps.level, np.where(passing, steps.level[second], OUTLINE)),
        cost=spread(steps.cost, np.where(passing, steps.cost[first] + steps.cost[second], tokens[rows])),
        gain=spread(steps.gain, np.where(passing, steps.gain[first] + steps.gain[second], gain[rows])),
        first=(steps.first + before).astype(np.int32),
        count=steps.count,
    )
    detour = np.full(n, -1, dtype=np.int32)
    detour[rows] = new_at
    return merged, detour


def _by_chunk(
    rounds: list[tuple[npt.NDArray[np.intp], npt.NDArray[np.intp], npt.NDArray[np.int64], Floats]], n: int
) -> Steps:
    count = np.zeros(n, dtype=np.int32)
    for rows, _, _, _ in rounds:
        count[rows] += 1
    ends = np.cumsum(count, dtype=np.int64)
    first = (ends - count).astype(np.int32)
    total = int(ends[-1]) if n else 0
    chunk, ordinal, level = (np.zeros(total, dtype=np.int32) for _ in range(3))
    cost, gain = np.zeros(total, dtype=np.int64), np.zeros(total, dtype=np.float64)
    for number, (rows, levels, costs, gains) in enumerate(rounds):
        at = first[rows] + number
        chunk[at], ordinal[at], level[at], cost[at], gain[at] = rows, number, levels, costs, gains
    return Steps(chunk, ordinal, level, cost, gain, first, count)
