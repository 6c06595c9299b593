"""A budget between two rungs of the ladder: only the files in which the two differ are decided anew."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

import numpy as np

from engine.columns import Floats
from engine.pack.evaluate import State
from engine.pack.forest import Forest
from engine.pack.ladder import HIGHEST, LOWEST, Ladder, Rung
from engine.pack.listing import by_listing
from engine.pack.priced import ABSENT
from engine.pack.problem import LINE, OMITTED, Levels, Mask
from engine.pack.spend import WIDER, WIDEST, Spent, Task, rounded, spent

APART = 1.13
"""Factor between the prices at which all numbers of listed files are judged."""
NEAR = 0.02
"""Worth, as a fraction, that a number of listed files may lack to be tried."""
FEW = 600
"""Open chunks up to which every number of listed files that is tried is rounded with care."""
SMALL = 3_000
"""Open chunks up to which there is time to look further around."""
TRIES = (FEW, 8), (SMALL, 4), (4 * SMALL, 2)
"""How many numbers of listed files are tried up to a number of open chunks."""
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
    """Value above that at the start that prices leave possible under any number of listed files: exactly so under
    those that were tried, as judged by ``by_listing`` under the others."""


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
        open_bound = possible.copy()
        few = len(part.forest.place) <= FEW
        best: Spent | None = None
        for listed in self._candidates(possible + part.rest_value, part.tries):
            if best is not None and possible[listed] <= best.state.value.sum():
                break
            near = int((part.worth[:, listed] + part.prices * left).argmin())
            prices = float(part.prices[max(0, near - 1)]), float(part.prices[min(len(part.prices) - 1, near + 1)])
            found = spent(Task(part.forest, self._ranking, part.low + listed, left), *prices)
            open_bound[listed] = -np.inf if found is None else found.bound
            if found is None:
                continue
            if few:
                found = rounded(found)
            if best is None or found.state.value.sum() > best.state.value.sum():
                best = found
        bound = float(open_bound.max()) + part.rest_value
        if best is None:
            value = float(dear.value.sum())
            return Answer(self._told(dear, None, None), dear.price, value, max(value, bound))
        state = rounded(best).state if not few and len(part.forest.place) <= SMALL else best.state
        value = float(state.value.sum()) + part.rest_value
        return Answer(self._told(dear, part, state), best.fits.price, value, max(value, bound))

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
        one, other, active, forest = self._open(around, 0)
        if len(forest.place) <= SMALL // 3:
            one, other, active, forest = self._open(around, 3)
        elif len(forest.place) <= SMALL:
            one, other, active, forest = self._open(around, 1)
        rest = ~active
        low, high = sorted((one.listed, other.listed))
        rest_tokens, rest_value = round(float(one.cost[rest].sum())), float(one.value[rest].sum())
        if len(forest.place) > 4 * SMALL:
            prices = np.array([one.price, np.sqrt(one.price * other.price), other.price])
        else:
            asked = 2 + int(np.log(one.price / other.price * WIDER**2) / np.log(APART))
            prices = np.geomspace(one.price * WIDER, other.price / WIDER, asked)
        worth = np.empty((len(prices), high - low + 1))
        here = slice(low - self._ranking.least, high - self._ranking.least + 1)
        for row, price in enumerate(prices.tolist()):
            known = next((rung for rung in (one, other) if rung.price == price), None)
            if known is None:
                worth[row] = by_listing(forest, price, self._ranking, low, high)
            else:
                worth[row] = known.worth[here] - rest_value + price * rest_tokens
        tries = (
            8
            if len(forest.place) <= FEW
            else 4
            if len(forest.place) <= SMALL
            else 2
            if len(forest.place) <= 4 * SMALL
            else 1
        )
        part = _Part(forest, rest_tokens, rest_value, tries, low, prices, worth)
        self._parts[around] = part
        if len(self._parts) > PARTS:
            self._parts.popitem(last=False)
        return part

    def _open(self, around: tuple[int, int], reach: int) -> tuple[Rung, Rung, Mask, Forest]:
        """Rungs ``reach`` further apart, the files in which they differ, and those files' forest."""
        one = self.ladder.at(min(HIGHEST, around[0] + reach))
        other = self.ladder.at(max(LOWEST, around[1] - reach))
        active = (one.mode != other.mode) | (one.cost != other.cost) | (one.value != other.value)
        floor = other.price / WIDER**WIDEST
        return one, other, active, self.ladder.cut(floor).only(active, floor)
