"""Live answers: ladders of one problem, without shares and with the tokens of some classes dearer or cheaper."""

from __future__ import annotations

import math
from collections import OrderedDict
from dataclasses import dataclass

import numpy as np

from engine.columns import CLASSES
from engine.model import ChunkClass
from engine.pack.forest import forest_of
from engine.pack.ladder import Ladder
from engine.pack.layout import Layout
from engine.pack.listing import Ranking
from engine.pack.measure import class_tokens
from engine.pack.problem import Levels
from engine.pack.quick import Answer, Quick
from engine.pack.scope import Scope
from engine.pack.search import Search

Steps = tuple[tuple[ChunkClass, int], ...]
"""How much dearer the tokens of classes are, in steps of the grid; cheaper when negative."""
OCTAVE = 12
"""Steps between a factor and its double."""
TRIALS = 8
"""Factors that are tried at most."""
TOLERATED = 0.01
"""Share of the budget to which smallest shares are told apart: packs come in chunks."""
LADDERS = 5
"""Ladders that are kept; at 100,000 chunks one takes 10-20 MB."""
ELASTICITY = 1.2
"""Octaves that a class loses tokens by, about, when its tokens cost an octave more."""


@dataclass(frozen=True, slots=True)
class Told:
    """An answer in the order of the repository."""

    answer: Answer
    levels: Levels
    bound: float


class Live:
    """One problem under one set of weights."""

    def __init__(self, scope: Scope, layout: Layout, search: Search, hint: int | None) -> None:
        """Args:
        scope: What is possible.
        layout: Its columns, sorted.
        search: Values and the core rule.
        hint: Rung to begin with.
        """
        self._scope, self._layout, self._search = scope, layout, search
        self.hint = hint
        self._quick: OrderedDict[Steps, Quick] = OrderedDict()
        self._whole: dict[ChunkClass, int] | None = None

    def run(self, budget_tokens: int) -> Told | None:
        """Levels for a budget, shares kept; None where none were found."""
        free = self._answer(budget_tokens, ())
        if free is None or not self._scope.problem.shares:
            return free
        at: dict[ChunkClass, int] = {}
        told = free
        found: list[tuple[int, float, Told]] = []
        tried: set[Steps] = {()}
        for _ in range(TRIALS):
            missing, change = self._change(told.levels, budget_tokens, at)
            if missing is not None:
                found.append((round(missing / (TOLERATED * budget_tokens)), -told.answer.value, told))
            for name, step in change.items():
                at[name] = at.get(name, 0) + step
            steps = tuple(sorted((name, step) for name, step in at.items() if step))
            if steps in tried:
                break
            tried.add(steps)
            other = self._answer(budget_tokens, steps)
            if other is None:
                break
            told = other
        if not found:
            return None
        best = min(found, key=lambda row: row[:2])[2]
        return Told(best.answer, best.levels, free.bound)

    def _answer(self, budget_tokens: int, steps: Steps) -> Told | None:
        answer = self._at(steps).run(budget_tokens - self._scope.fixed_tokens)
        if answer is None:
            return None
        levels = np.empty_like(answer.levels)
        levels[self._layout.order] = answer.levels
        return Told(answer, levels, answer.bound)

    def _at(self, steps: Steps) -> Quick:
        if steps in self._quick:
            self._quick.move_to_end(steps)
            return self._quick[steps]
        search, surcharge = self._search, None
        if steps:
            by_class = np.ones(len(CLASSES))
            for name, step in steps:
                by_class[CLASSES.index(name)] = 2.0 ** (step / OCTAVE)
            surcharge = by_class[self._scope.problem.columns.chunk_class]
        forest = forest_of(self._scope, self._layout, search.value, surcharge)
        ranking = Ranking.of(search.ranked, search.core, search.least, forest.reach)
        hint = self.hint if not self._quick else next(reversed(self._quick.values())).ladder.hint
        self._quick[steps] = quick = Quick(Ladder(forest, ranking, hint))
        if len(self._quick) > LADDERS:
            self._quick.popitem(last=False)
        return quick

    @property
    def last_hint(self) -> int | None:
        """Rung of the last answer, to begin with after a small change of the problem."""
        return next(reversed(self._quick.values())).ladder.hint if self._quick else self.hint

    def _change(
        self, levels: Levels, budget_tokens: int, at: dict[ChunkClass, int]
    ) -> tuple[int | None, dict[ChunkClass, int]]:
        """Tokens that classes lack, None when one has too many; and steps by which classes should become dearer."""
        problem = self._scope.problem
        got = class_tokens(problem, levels)
        if self._whole is None:
            self._whole = class_tokens(problem, np.zeros_like(levels))
        missing, over = 0, False
        out: dict[ChunkClass, int] = {}
        for name, (low, high) in problem.shares.items():
            most, least = int(high * budget_tokens), min(math.ceil(low * budget_tokens), self._whole[name])
            if got[name] > most:
                over = True
                out[name] = max(1, _steps(got[name], most))
            elif got[name] < least:
                missing += least - got[name]
                out[name] = -max(1, _steps(least, got[name]))
            elif at.get(name, 0) > 0:
                out[name] = -min(at[name], _steps(most, got[name]))
            elif at.get(name, 0) < 0:
                out[name] = min(-at[name], _steps(got[name], least))
        return None if over else missing, {
            name: max(-10 * OCTAVE, min(10 * OCTAVE, step)) for name, step in out.items()
        }


def _steps(more: float, less: float) -> int:
    """Steps that are about between two numbers of tokens."""
    return int(OCTAVE * math.log2(max(1.0, more) / max(1.0, less)) / ELASTICITY)
