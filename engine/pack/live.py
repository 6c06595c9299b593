"""Live answers: one ladder of a problem without shares, and prices of classes on top of it where shares bind."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from engine.pack.forest import forest_of
from engine.pack.ladder import Ladder
from engine.pack.layout import Layout
from engine.pack.listing import Ranking
from engine.pack.problem import Levels
from engine.pack.quick import Answer, Quick
from engine.pack.scope import Scope
from engine.pack.search import Search
from engine.pack.shared import Shared, Sharing
from engine.pack.shares import excess, missing


@dataclass(frozen=True, slots=True)
class Told:
    """An answer in the order of the repository."""

    answer: Answer
    levels: Levels
    bound: float
    shared: Shared | None = None
    """How shares were kept, where they bind."""


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
        self._hint = hint
        self._quick: Quick | None = None
        self._sharing: Sharing | None = None

    def run(self, budget_tokens: int) -> Told | None:
        """Levels for a budget, shares kept; None where none were found."""
        quick = self._made()
        free = self._told(quick.run(budget_tokens - self._scope.fixed_tokens))
        problem = self._scope.problem
        if free is None or not problem.shares:
            return free
        if not (missing(problem, free.levels, budget_tokens) or excess(problem, free.levels, budget_tokens)):
            return free
        if self._sharing is None:
            self._sharing = Sharing(self._scope, self._layout.order, quick.ladder)
        found = self._sharing.run(budget_tokens)
        if found is None:
            return None
        bound = max(found.value, min(found.bound, free.bound))
        told = self._told(Answer(found.levels, found.price, found.value, bound))
        return None if told is None else replace(told, shared=found)

    @property
    def last_hint(self) -> int | None:
        """Rung of the last answer, to begin with after a small change of the problem."""
        return self._hint if self._quick is None else self._quick.ladder.hint

    def _made(self) -> Quick:
        if self._quick is None:
            forest = forest_of(self._scope, self._layout, self._search.value)
            search = self._search
            ranking = Ranking.of(search.ranked, search.core, search.least, forest.reach)
            self._quick = Quick(Ladder(forest, ranking, self._hint))
        return self._quick

    def _told(self, answer: Answer | None) -> Told | None:
        if answer is None:
            return None
        levels = np.empty_like(answer.levels)
        levels[self._layout.order] = answer.levels
        return Told(answer, levels, answer.bound)
