"""Tiny budgets, where a token counts: the best mix of what files come to at several prices, by dynamic programming."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.columns import Floats
from engine.pack.evaluate import State
from engine.pack.forest import Forest

Choices = np.ndarray[tuple[int, ...], np.dtype[np.int8]]


def combined(forest: Forest, states: Sequence[State], room: int) -> State | None:
    """For each file the levels that it has in one of the states, so that all together are worth most.

    Args:
        forest: Chunks and files.
        states: Levels under the same number of listed files; 127 at most.
        room: Tokens that may be spent.

    Returns:
        None when no choice fits.
    """
    cost = np.stack([state.cost for state in states]).astype(np.int64)
    value = np.stack([state.value for state in states])
    least = cost.min(axis=0)
    size = room - int(least.sum()) + 1
    if size <= 0:
        return None
    extra = cost - least
    pick = np.where(extra == 0, value, -np.inf).argmax(axis=0).astype(np.int8)
    open_files = np.flatnonzero((extra > 0).any(axis=0)).tolist()
    worth: Floats = np.zeros(size)
    made: list[Choices] = []
    for file in open_files:
        worth, chosen = _added(worth, extra[:, file].tolist(), value[:, file].tolist())
        made.append(chosen)
    at = int(worth.argmax())
    for file, chosen in zip(reversed(open_files), reversed(made), strict=True):
        pick[file] = chosen[at]
        at -= int(extra[pick[file], file])
    files = np.arange(len(pick))
    levels = np.stack([state.levels for state in states])[pick[forest.file], np.arange(len(forest.file))]
    mode = np.stack([state.mode for state in states])[pick, files]
    return State(states[0].price, mode, levels, cost[pick, files].astype(float), value[pick, files], states[0].options)


def _added(worth: Floats, costs: list[int], values: list[float]) -> tuple[Floats, Choices]:
    """Best worth for each number of tokens with one more file, and the state of it that gives that."""
    out = np.full(len(worth), -np.inf)
    chosen = np.zeros(len(worth), dtype=np.int8)
    seen: set[int] = set()
    for state, (cost, value) in enumerate(zip(costs, values, strict=True)):
        if cost in seen or cost >= len(worth):
            continue
        seen.add(cost)
        tried = worth[: len(worth) - cost] + value
        better = tried > out[cost:]
        out[cost:][better] = tried[better]
        chosen[cost:][better] = state
    return out, chosen
