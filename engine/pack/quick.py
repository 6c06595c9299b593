"""A budget between two rungs of the ladder: only the files in which the two differ are decided anew."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

import numpy as np

from engine.columns import Floats
from engine.pack.combine import combined
from engine.pack.evaluate import State, evaluate
from engine.pack.fill import filled
from engine.pack.forest import Forest
from engine.pack.ladder import HIGHEST, LOWEST, Ladder, Rung
from engine.pack.listing import by_listing
from engine.pack.priced import ABSENT
from engine.pack.problem import LINE, OMITTED, Levels

APART = 1.13
"""Factor between the prices at which all numbers of listed files are judged."""
PRICES = 5
"""Prices that are tried to spend a budget under one number of listed files."""
WIDER = 1.12
"""Factor by which a price goes beyond the rungs where one number of listed files asks for it."""
WIDEST = 4
"""How often it does."""
NEAR = 0.02
"""Worth, as a fraction, that a number of listed files may lack to be tried."""
ENOUGH = 1e-3
"""Distance from what prices leave possible, as a fraction, at which rounding is good enough."""
FACTORS = (2.2, 1.3, 1.1, 0.75, 0.5, 0.3)
"""Further prices, in terms of that of the budget, at which small parts are looked at."""
FEW_TOKENS = 4_000
"""Tokens up to which the states of files are combined one by one."""
SMALL = 3_000
"""Open chunks up to which there is time to look further around."""
PARTS = 6
"""Parts that are kept."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Levels for a budget."""

    levels: Levels
    """(n,) of the chunks in the order of the layout."""
    price: float
    """Value per token at which the budget ran out; 0 when everything fits."""
    value: float
    """Value above that at the start."""
    bound: float
    """Value above that at the start that prices leave possible under the numbers of listed files that were tried."""


@dataclass(frozen=True, slots=True)
class _Part:
    """The files that are open between two rungs."""

    forest: Forest
    rest_tokens: int
    rest_value: float
    """What the other files come to."""
    tries: int
    """Numbers of listed files that there is time to try."""
    low: int
    prices: Floats
    worth: Floats
    """(prices, numbers from ``low``) worth at a price for each number of listed files."""


class Quick:
    """One problem under one set of weights, for any number of budgets."""

    def __init__(self, ladder: Ladder) -> None:
        """Args:
        ladder: Optima at fixed prices.
        """
        self.ladder, self._ranking = ladder, ladder.ranking
        self._parts: OrderedDict[tuple[int, int], _Part] = OrderedDict()

    def run(self, room: int) -> Answer | None:
        """Levels for a number of tokens above the fixed ones; None where no price finds any."""
        around = self.ladder.around(room)
        if around is None:
            return None
        dear = self.ladder.at(around[0])
        if around[0] == around[1]:
            value = float(dear.value.sum())
            return Answer(self._told(dear, None, None), 0.0, value, value)
        part = self._part(around)
        left = room - part.rest_tokens
        possible = (part.worth + part.prices[:, None] * left).min(axis=0)
        best: State | None = None
        bound = -np.inf
        for listed in self._candidates(possible + part.rest_value, part.tries):
            found = self._spent(
                part, part.low + listed, left, int((part.worth[:, listed] + part.prices * left).argmin())
            )
            if found is None:
                continue
            state, worth = found
            bound = max(bound, worth)
            if best is None or state.value.sum() > best.value.sum():
                best = state
        if best is None:
            value = float(dear.value.sum())
            return Answer(self._told(dear, None, None), dear.price, value, value)
        return Answer(
            self._told(dear, part, best), best.price, float(best.value.sum()) + part.rest_value, bound + part.rest_value
        )

    def _candidates(self, possible: Floats, number: int) -> list[int]:
        """Numbers of listed files that may be best, counted from the fewest."""
        out: list[int] = []
        worth = possible.copy()
        least = float(worth.max()) * (1 - NEAR)
        while len(out) < number:
            best = int(worth.argmax())
            if worth[best] < least:
                break
            out.append(best)
            apart = 1 + best // 24
            worth[max(0, best - apart + 1) : best + apart] = -np.inf
        return out

    def _told(self, dear: Rung, part: _Part | None, best: State | None) -> Levels:
        forest = self.ladder.forest
        levels, mode = dear.levels, dear.mode
        if part is not None and best is not None:
            levels, mode = levels.copy(), mode.copy()
            levels[part.forest.place] = best.levels
            mode[part.forest.files.number] = best.mode
        return np.where((levels == LINE) & (mode == ABSENT)[forest.file], np.int8(OMITTED), levels)

    def _part(self, around: tuple[int, int]) -> _Part:
        if around in self._parts:
            self._parts.move_to_end(around)
            return self._parts[around]
        for reach in (3, 1, 0):
            one = self.ladder.at(min(HIGHEST, around[0] + reach))
            other = self.ladder.at(max(LOWEST, around[1] - reach))
            active = (one.mode != other.mode) | (one.cost != other.cost) | (one.value != other.value)
            floor = other.price / WIDER**WIDEST
            forest = self.ladder.cut(floor).only(active, floor)
            if len(forest.place) <= SMALL:
                break
        rest = ~active
        low, high = sorted((one.listed, other.listed))
        asked = 2 + int(np.log(one.price / other.price * WIDER**2) / np.log(APART))
        prices = np.geomspace(one.price * WIDER, other.price / WIDER, asked)
        worth = np.empty((asked, high - low + 1))
        for row, price in enumerate(prices.tolist()):
            worth[row] = by_listing(forest, price, self._ranking, low, high)
        tries = 6 if len(forest.place) <= SMALL else 2 if len(forest.place) <= 4 * SMALL else 1
        part = _Part(
            forest, round(float(one.cost[rest].sum())), float(one.value[rest].sum()), tries, low, prices, worth
        )
        self._parts[around] = part
        if len(self._parts) > PARTS:
            self._parts.popitem(last=False)
        return part

    def _spent(self, part: _Part, listed: int, room: int, near: int) -> tuple[State, float] | None:
        """The budget spent under one number of listed files, and what prices say it could be worth."""
        ranking, forest = self._ranking, part.forest
        limit, forced = ranking.limit(listed), ranking.forced(forest, listed)
        upper, lower = float(part.prices[max(0, near - 1)]), float(part.prices[min(len(part.prices) - 1, near + 1)])
        fits = evaluate(forest, upper, limit, forced)
        for _ in range(WIDEST):
            if fits.tokens <= room:
                break
            lower, upper = upper, upper * WIDER
            fits = evaluate(forest, upper, limit, forced)
        if fits.tokens > room:
            return None
        over = evaluate(forest, lower, limit, forced)
        for _ in range(WIDEST):
            if over.tokens > room:
                break
            fits, lower = over, lower / WIDER
            over = evaluate(forest, lower, limit, forced)
        if over.tokens <= room:
            return over, float(over.value.sum())
        for _ in range(PRICES):
            if over.tokens - fits.tokens <= 1 or fits.price < over.price * (1 + 1e-6):
                break
            share = min(0.9, max(0.1, (room - fits.tokens) / (over.tokens - fits.tokens)))
            tried = evaluate(forest, fits.price * (over.price / fits.price) ** share, limit, forced)
            if tried.tokens <= room:
                fits = tried
            else:
                over = tried
        worth = min(state.worth + state.price * room for state in (fits, over))
        best = filled(forest, fits, over, room - fits.tokens)
        if len(forest.place) > SMALL or best.value.sum() >= worth * (1 - ENOUGH):
            return best, worth

        def at(factor: float) -> State:
            return evaluate(forest, fits.price * factor, limit, forced)

        wider = [at(factor) for factor in FACTORS]
        for state in (fits, wider[2], wider[1]):
            for further in (over, *wider[3:5]):
                if room > state.tokens:
                    state = filled(forest, state, further, room - state.tokens)
            if state.value.sum() > best.value.sum():
                best = state
        if room <= FEW_TOKENS and best.value.sum() < worth * (1 - ENOUGH):
            mixed = combined(forest, [fits, over, best, *wider], room)
            if mixed is not None and mixed.value.sum() > best.value.sum():
                best = mixed
        return best, worth
