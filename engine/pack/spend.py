"""Spend a number of tokens on a forest under one number of listed files: find the price, then round."""

from __future__ import annotations

from dataclasses import dataclass, replace

from engine.pack.combine import combined
from engine.pack.evaluate import State, evaluate
from engine.pack.fill import filled
from engine.pack.forest import Forest
from engine.pack.listing import Ranking

PRICES = 5
"""Prices that are tried to spend a budget under one number of listed files."""
CLOSE = 0.01
"""Distance between what fits and what does not, as a share, from which what differs is taken one by one."""
WIDER = 1.12
"""Factor by which a price goes beyond the rungs where one number of listed files asks for it."""
WIDEST = 4
"""How often it does."""
ENOUGH = 1e-3
"""Distance from what prices leave possible, as a fraction, at which rounding is good enough."""
FACTORS = (2.2, 1.3, 1.1, 0.75, 0.5, 0.3)
"""Further prices, in terms of that of the budget, at which small parts are looked at."""
FEW_TOKENS = 4_000
"""Tokens up to which the states of files are combined one by one."""


@dataclass(frozen=True, slots=True)
class Task:
    """What is asked for."""

    forest: Forest
    ranking: Ranking
    listed: int
    """Number of listed files."""
    room: int
    """Tokens that may be spent."""

    def at(self, price: float) -> State:
        """The optimum at a price."""
        ranking, forest = self.ranking, self.forest
        return evaluate(forest, price, ranking.limit(self.listed), ranking.forced(forest, self.listed))


@dataclass(frozen=True, slots=True)
class Spent:
    """What came of it."""

    task: Task
    state: State
    bound: float
    """No levels under this number of listed files are worth more."""
    fits: State
    over: State | None
    """Optima around the tokens; None when everything that has a use fits."""


def spent(task: Task, upper: float, lower: float) -> Spent | None:
    """Levels that are worth about most; None when no price near the two fits.

    Args:
        task: What is asked for.
        upper: Price at which the tokens are probably not all spent.
        lower: Price at which they probably do not suffice.
    """
    room = task.room
    fits = task.at(upper)
    for _ in range(WIDEST):
        if fits.tokens <= room:
            break
        lower, upper = upper, upper * WIDER
        fits = task.at(upper)
    if fits.tokens > room:
        return None
    over = task.at(lower)
    for _ in range(WIDEST):
        if over.tokens > room:
            break
        fits, lower = over, lower / WIDER
        over = task.at(lower)
    if over.tokens <= room:
        return Spent(task, over, over.worth + over.price * room, over, None)
    for _ in range(PRICES):
        if over.tokens - fits.tokens <= CLOSE * room or fits.price < over.price * (1 + 1e-6):
            break
        share = min(0.9, max(0.1, (room - fits.tokens) / (over.tokens - fits.tokens)))
        tried = task.at(fits.price * (over.price / fits.price) ** share)
        if tried.tokens <= room:
            fits = tried
        else:
            over = tried
    bound = min(state.worth + state.price * room for state in (fits, over))
    return Spent(task, filled(task.forest, fits, over, room - fits.tokens), bound, fits, over)


def rounded(found: Spent) -> Spent:
    """The same rounded with more care, where few chunks are open and each counts."""
    best, fits, over, task = found.state, found.fits, found.over, found.task
    if over is None or best.value.sum() >= found.bound * (1 - ENOUGH):
        return found
    wider = [task.at(fits.price * factor) for factor in FACTORS]
    for state in (fits, wider[2], wider[1]):
        for further in (over, *wider[3:5]):
            if task.room > state.tokens:
                state = filled(task.forest, state, further, task.room - state.tokens)
        if state.value.sum() > best.value.sum():
            best = state
    if task.room <= FEW_TOKENS and best.value.sum() < found.bound * (1 - ENOUGH):
        mixed = combined(task.forest, [fits, over, best, *wider], task.room)
        if mixed is not None and mixed.value.sum() > best.value.sum():
            best = mixed
    return replace(found, state=best)
