"""The price of a token at which a budget is just spent, on a grid: the answer never depends on the way there."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from engine.pack.priced import Choice, Priced
from engine.pack.problem import Mask

LOWEST, HIGHEST = -40, 40
"""Prices as powers of two; beyond them everything or nothing is bought."""
FREE = 1e-9
"""Price at which everything that has a use is bought."""
REMEMBERED = 8
"""Choices that are kept per node; at 100,000 chunks one takes about 1 MB."""


@dataclass(frozen=True, slots=True)
class Bracket:
    """Two neighbouring prices: the dearer buys what fits, the cheaper more than fits."""

    fits: Choice
    over: Choice | None
    """None when everything that has a use fits."""
    bound: float
    """Upper bound of the value that the budget can buy."""
    step: int
    """Step of the grid at which what is bought fits."""


class Node:
    """All choices under one range of the core rule: some files must be listed, little value stays at level 4."""

    def __init__(self, priced: Priced, limit: float, forced: Mask | None, octave: int) -> None:
        """Args:
        priced: The problem.
        limit: Chunks of less value stay at level 4 or deeper.
        forced: (m,) files that must not be omitted.
        octave: Prices of the grid between a price and its double.
        """
        self._priced, self._limit, self.forced, self._octave = priced, limit, forced, octave
        self._known: OrderedDict[int, Choice] = OrderedDict()

    def at(self, step: int) -> Choice:
        """The choice at a price of the grid."""
        if step in self._known:
            self._known.move_to_end(step)
            return self._known[step]
        price = FREE if step == LOWEST * self._octave else 2.0 ** (step / self._octave)
        choice = self._priced.at(price, self._limit, self.forced)
        self._known[step] = choice
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return choice

    def bracket(self, budget_tokens: int, hint: int) -> tuple[Bracket | None, int]:
        """The two choices around a budget, and the step of the grid that fits; None when nothing fits.

        Args:
            budget_tokens: What may be spent, fixed tokens included.
            hint: Step to begin with; it changes the time this takes, not the answer.
        """
        low, high = LOWEST * self._octave, HIGHEST * self._octave
        if self.at(high).tokens > budget_tokens:
            return None, hint
        stride, step = max(1, self._octave // 64), min(max(hint, low), high)
        while step > low and self.at(step).tokens <= budget_tokens:
            high, step, stride = step, max(low, step - stride), stride * 4
        if step == low and self.at(low).tokens <= budget_tokens:
            fits = self.at(low)
            return Bracket(fits, None, self._bound(fits, budget_tokens), low), low
        low, stride = step, max(1, self._octave // 64)
        while low + stride < high and self.at(low + stride).tokens > budget_tokens:
            low, stride = low + stride, stride * 4
        high = min(high, low + stride)
        halve = False
        while high - low > 1:
            # Tokens fall smoothly with the price, so the place between is guessed; every other time halving keeps
            # a bad guess from costing more than a good one saves.
            below, above = self.at(high).tokens, self.at(low).tokens
            share = 0.5 if halve else (above - budget_tokens) / max(1, above - below)
            middle = min(high - 1, max(low + 1, low + round(share * (high - low))))
            halve = not halve
            if self.at(middle).tokens <= budget_tokens:
                high = middle
            else:
                low = middle
        fits, over = self.at(high), self.at(low)
        bound = min(self._bound(fits, budget_tokens), self._bound(over, budget_tokens))
        return Bracket(fits, over, bound, high), high

    def _bound(self, choice: Choice, budget_tokens: int) -> float:
        free = budget_tokens - self._priced.scope.fixed_tokens
        return choice.worth + choice.price * free
