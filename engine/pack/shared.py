"""Live answers under class shares: a price of its own for the tokens of each class that a share binds.

The classes are priced together, a few times over, each price moved by how far its tokens are from what the share asks
for. By duality any such prices bound what packs that keep the shares can be worth.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from engine.columns import CLASSES
from engine.model import ChunkClass
from engine.pack.evaluate import State, evaluate
from engine.pack.fill import filled
from engine.pack.forest import Forest
from engine.pack.ladder import Ladder
from engine.pack.listing import by_listing
from engine.pack.measure import class_tokens
from engine.pack.priced import ABSENT
from engine.pack.problem import LINE, OMITTED, Levels, Problem
from engine.pack.scope import Scope

PROBES = 16
"""Times that prices are tried at most."""
LISTED_ANEW = 4
"""Times that prices are tried before the number of listed files is chosen again."""
FAR = 0.8
"""Share of the budget, or its inverse, beyond which the number of listed files is chosen again at once."""
ANCHORS = 4
"""Budgets between a budget and its double for which prices are kept to begin with."""
INSIDE = 0.985
"""Share of what may be spent that is aimed at; what is left is filled up."""
NEAR = 0.03
"""Distance from what is aimed at, as a share, at which prices are good enough."""
TOLERATED = 0.01
"""Share of the budget to which what classes lack is told apart: packs come in chunks."""
STEEPEST, FLATTEST = 4.0, 0.4
"""Octaves that tokens fall by while their price doubles, at most and at least."""
USUAL = 1.2
CLOSEST = 0.02
"""Octaves between prices that are known to be too low and too high, below which nothing is known any more."""
LONGEST = 3.0
"""Octaves that a price moves at once."""
LOWEST = -12.0
"""Lowest price of a class in terms of the others', as a power of two."""
DEARER = 1.15
"""Factor between the price at which a budget is not spent and that which fills it."""


@dataclass(frozen=True, slots=True)
class Shared:
    """What came of it."""

    levels: Levels
    """(n,) in the order of the layout."""
    price: float
    value: float
    """Value above that at the start."""
    bound: float
    """The same that no levels that keep the shares exceed, as far as prices were tried."""
    lacking: int
    """Tokens that classes lack of their smallest shares."""
    charges: dict[ChunkClass, float]
    """Factors on the price of a token for classes that a share binds, under which the bound was least."""
    allowance: float
    """Tokens that the budget seems larger by under those, for a bound."""


@dataclass(frozen=True, slots=True)
class _Prices:
    """Logarithms of prices."""

    rest: float
    classes: dict[ChunkClass, float]


@dataclass(slots=True)
class _Group:
    """Tokens that have a price of their own: those of a class, or all others."""

    target: float
    at: float
    """Logarithm of the price."""
    before: tuple[float, float] | None = None
    """Logarithms of a price and its tokens."""
    cheap: float = -math.inf
    dear: float = math.inf
    """Logarithms of prices at which it were too many and too few tokens."""

    def move(self, tokens: float) -> None:
        """Go to where the target is to be expected; half way where that is known to be beyond it."""
        if tokens > self.target:
            self.cheap = max(self.cheap, self.at)
        else:
            self.dear = min(self.dear, self.at)
        if self.dear - self.cheap < CLOSEST:  # other prices have moved meanwhile
            self.cheap, self.dear = -math.inf, math.inf
        now = math.log2(max(tokens, 1.0))
        slope = USUAL
        if self.before is not None and abs(self.before[0] - self.at) > 1e-3:
            slope = -(now - self.before[1]) / (self.at - self.before[0])
            slope = min(STEEPEST, max(FLATTEST, slope))
        self.before = self.at, now
        step = (now - math.log2(max(self.target, 1.0))) / slope
        at = self.at + min(LONGEST, max(-LONGEST, step))
        if not self.cheap < at < self.dear and math.isfinite(self.dear - self.cheap):
            at = (self.cheap + self.dear) / 2
        self.at = at


class Sharing:
    """One problem with shares, for any number of budgets."""

    def __init__(self, scope: Scope, order: npt.NDArray[np.intp], ladder: Ladder) -> None:
        """Args:
        scope: What is possible.
        order: (n,) row of each chunk of the layout.
        ladder: Of the problem without shares.
        """
        self._problem: Problem = scope.problem
        self._room0, self._ladder = scope.fixed_tokens, ladder
        self._class = scope.problem.columns.chunk_class[order]
        self._start = class_tokens(scope.problem, scope.base)
        self._whole = class_tokens(scope.problem, np.zeros_like(scope.base))
        self._prices: dict[int, _Prices] = {}

    def run(self, budget_tokens: int) -> Shared | None:
        """Levels for a budget; None when no prices keep within it and the largest shares.

        Args:
            budget_tokens: What may be spent, fixed tokens included.
        """
        near = round(ANCHORS * math.log2(max(budget_tokens - self._room0, 1)))
        if near not in self._prices:
            room = round(2.0 ** (near / ANCHORS))
            around = self._ladder.around(room)
            price = self._ladder.at(around[0]).price if around and around[0] != around[1] else self._ladder.usual_price
            self._prices[near] = self._search(room + self._room0, _Prices(math.log2(price), {}))[1]
        return self._search(budget_tokens, self._prices[near])[0]

    def _search(self, budget_tokens: int, begin: _Prices) -> tuple[Shared | None, _Prices]:
        room = budget_tokens - self._room0
        least, most = self._limits(budget_tokens)
        rest = _Group(INSIDE * room, begin.rest)
        groups = {name: self._group(name, at, least, most) for name, at in begin.classes.items()}
        best: tuple[tuple[int, float], State, Forest, int, dict[ChunkClass, float]] | None = None
        reached = begin
        bound, listed, far = math.inf, -1, True
        tight: tuple[dict[ChunkClass, float], float] = {}, 0.0
        for turn in range(PROBES):
            charges = {name: 2.0 ** (group.at - rest.at) for name, group in groups.items()}
            if turn % LISTED_ANEW == 0 or far:
                listed = -1
            forest, state, listed, worth = self._probe(2.0**rest.at, charges, listed)
            got = self._spent(forest, state)
            far = not FAR * room <= state.tokens <= room / FAR
            allowance = self._allowance(charges, least, most)
            if worth + state.price * (room + allowance) < bound:
                bound, tight = worth + state.price * (room + allowance), (charges, allowance)
            over = any(got[name] > high for name, high in most.items())
            lacking = sum(max(0, low - got[name]) for name, low in least.items())
            if state.tokens <= room and not over:
                rank = round(lacking / (TOLERATED * budget_tokens)), -float(state.value.sum())
                if best is None or rank < best[0]:
                    best = rank, state, forest, listed, charges
                    reached = _Prices(rest.at, {name: group.at for name, group in groups.items()})
            self._bind(groups, rest, got, least, most)
            held = sum(group.target for group in groups.values())
            rest.target = max(0.02 * room, INSIDE * room - held)
            free = state.tokens - sum(got[name] for name in groups)
            if self._settled(groups, rest, got, free, state.tokens <= room and not over):
                break
            rest.move(free)
            for name, group in groups.items():
                group.move(got[name])
                group.at = max(rest.at + LOWEST, group.at)
        if best is None:
            return None, reached
        _, state, forest, listed, charges = best
        full = self._filled(forest, state, listed, room, charges)
        got = self._spent(forest, full)
        if any(got[name] > high for name, high in most.items()):
            full, got = state, self._spent(forest, state)
        value = float(full.value.sum())
        lacking = sum(max(0, low - got[name]) for name, low in least.items())
        return Shared(self._told(forest, full), state.price, value, max(value, bound), lacking, *tight), reached

    @staticmethod
    def _group(name: ChunkClass, at: float, least: dict[ChunkClass, int], most: dict[ChunkClass, int]) -> _Group:
        low = least.get(name, 0)
        high = most.get(name)
        if low and (high is None or 1.01 * low < 0.98 * high):
            return _Group(min(low * 1.01, low + 200.0), at)
        return _Group(0.98 * (high or 0), at)

    def _limits(self, budget_tokens: int) -> tuple[dict[ChunkClass, int], dict[ChunkClass, int]]:
        """Tokens above those from the start that classes must get, as far as they have them, and may get."""
        least, most = {}, {}
        for name, (low, high) in self._problem.shares.items():
            if low > 0:
                least[name] = min(math.ceil(low * budget_tokens), self._whole[name]) - self._start[name]
            if high < 1:
                most[name] = max(0, int(high * budget_tokens) - self._start[name])
        return {name: tokens for name, tokens in least.items() if tokens > 0}, most

    def _bind(
        self,
        groups: dict[ChunkClass, _Group],
        rest: _Group,
        got: dict[ChunkClass, int],
        least: dict[ChunkClass, int],
        most: dict[ChunkClass, int],
    ) -> None:
        """Give classes beyond a share a price of their own, and take it from those that need none."""
        for name in CLASSES:
            low, high = least.get(name, 0), most.get(name)
            group = groups.get(name)
            if group is None and got[name] < low:
                groups[name] = _Group(min(low * 1.01, low + 200.0), rest.at)
            elif group is None and high is not None and got[name] > high:
                groups[name] = _Group(0.98 * high, rest.at)
            elif group is not None and low <= got[name] <= (math.inf if high is None else high):
                needless = group.at > rest.at + 0.05 if group.target >= low > 0 else group.at < rest.at - 0.05
                if needless:
                    del groups[name]

    @staticmethod
    def _settled(
        groups: dict[ChunkClass, _Group], rest: _Group, got: dict[ChunkClass, int], free: float, fits: bool
    ) -> bool:
        near = all(abs(got[name] - group.target) <= NEAR * group.target for name, group in groups.items())
        return fits and near and abs(free - rest.target) <= NEAR * rest.target

    def _allowance(
        self, charges: dict[ChunkClass, float], least: dict[ChunkClass, int], most: dict[ChunkClass, int]
    ) -> float:
        """Tokens that the budget may seem larger by: what a share's own price is charged too much, or too little."""
        return sum(
            (charge - 1) * (most.get(name, math.inf) if charge > 1 else least.get(name, 0))
            for name, charge in charges.items()
        )

    def _probe(self, price: float, charges: dict[ChunkClass, float], listed: int) -> tuple[Forest, State, int, float]:
        """The optimum at prices, how many files it lists, and what no number of them exceeds.

        Args:
            price: Value per token.
            charges: Factors on it for classes.
            listed: How many files to list; -1 for what is best.
        """
        ladder, ranking = self._ladder, self._ladder.ranking
        forest = ladder.cut(price * min([1.0, *charges.values()]))
        if charges:
            by_class = np.ones(len(CLASSES), np.float32)
            for name, charge in charges.items():
                by_class[CLASSES.index(name)] = charge
            forest = replace(forest, charge=by_class[self._class[forest.place]])
        most = math.inf
        if listed < 0:
            worth = by_listing(forest, price, ranking, ranking.least, len(ranking.core))
            listed, most = ranking.least + int(worth.argmax()), float(worth.max())
        state = evaluate(forest, price, ranking.limit(listed), ranking.forced(forest, listed))
        return forest, state, listed, max(most, state.worth)

    def _spent(self, forest: Forest, state: State) -> dict[ChunkClass, int]:
        """Tokens of each class above those from the start."""
        rows = np.flatnonzero(state.levels < forest.base)
        tokens = forest.tokens[state.levels[rows], rows]
        by_class = np.bincount(self._class[forest.place[rows]], tokens, len(CLASSES))
        return {name: round(float(by_class[number])) for number, name in enumerate(CLASSES)}

    def _filled(self, forest: Forest, state: State, listed: int, room: int, charges: dict[ChunkClass, float]) -> State:
        """Spend what is left: the tokens of classes without a price of their own a little cheaper."""
        if room <= state.tokens:
            return state
        ranking = self._ladder.ranking
        more = forest if forest.charge is None else replace(
            forest, charge=np.where(forest.charge == 1, np.float32(1), forest.charge * np.float32(DEARER))
        )  # fmt: skip
        over = evaluate(more, state.price / DEARER, ranking.limit(listed), ranking.forced(forest, listed))
        return filled(forest, state, over, room - state.tokens)

    def _told(self, forest: Forest, state: State) -> Levels:
        whole = self._ladder.forest
        levels = whole.base.copy()
        levels[forest.place] = state.levels
        return np.where((levels == LINE) & (state.mode == ABSENT)[whole.file], np.int8(OMITTED), levels)
