"""Fills what the solver leaves of a budget, by single steps that are each rendered and recounted.

The sums that steer the solver are a few tokens off, and what an aim comes to does not grow evenly with it: at small
budgets the best aim can leave more than 3 % unused. Steps up are tried from a pack that fits; and, where that does not
suffice, one step down first: from packs that are a little too large, then from the best itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.usecases.fit import FULL_ENOUGH

if TYPE_CHECKING:
    from engine.pack import Solution, Solver, Step

_TRIES = 60
"""Steps that are tried at most, each with a recount: some 0.1 s at 500 tokens."""
_TRIED_TOKENS = 240_000
"""Tokens that those recounts may come to."""
_SLACK = 1.3
"""What a step may cost by cached counts, in terms of what is left: its recount may come to less."""
_SMALLER = 0.9
"""Factor on that after each step that did not fit."""
_STARTS = 3
"""Packs that are too large from which steps down are tried, the smallest first."""
_EACH = 8
"""Steps down that are tried from a pack."""
_TRUE_ENOUGH = 0.7
"""What a step down must free by cached counts, in terms of what is too much."""
_WANTED = 0.97
"""Share of the budget that a pack should use."""
_WORTH = 0.998
"""Share of the value that a fuller pack must keep."""
_LEAST_WORTH = 0.95
"""The same where the most valuable pack uses less than is wanted."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A solution and its text."""

    solution: Solution
    text: str
    actual: int
    """Tokens of the text by recount."""


class TopUp:
    """Steps for one budget."""

    def __init__(self, solver: Solver, attempt: Callable[[Solution], Attempt], budget_tokens: int) -> None:
        """Begin.

        Args:
            solver: Knows which steps keep the rules.
            attempt: Renders and recounts.
            budget_tokens: What a recount may come to.
        """
        self._solver, self._attempt, self._budget = solver, attempt, budget_tokens
        self._tries = min(_TRIES, _TRIED_TOKENS // budget_tokens)

    def run(self, best: Attempt, too_large: Sequence[Solution], too_much: Sequence[int]) -> Attempt:
        """The fullest pack that is worth about as much as the best that was found, or more.

        Args:
            best: The most valuable pack that fits.
            too_large: Solutions whose text does not fit.
            too_much: Tokens that each of them is above the budget.
        """
        best = self._raised(best)
        wanted: Attempt | None = None
        for other in self._others(best, too_large, too_much):
            if other.actual >= _WANTED * self._budget and (wanted is None or _rank(other) > _rank(wanted)):
                wanted = other
            worth = other.solution.value >= best.solution.value * _WORTH
            if other.solution.value > best.solution.value or (worth and other.actual > best.actual):
                best = other
            if self._full(best):
                return best
        if best.actual >= _WANTED * self._budget or wanted is None:
            return best
        return wanted if wanted.solution.value >= best.solution.value * _LEAST_WORTH else best

    def _others(self, best: Attempt, too_large: Sequence[Solution], too_much: Sequence[int]) -> Iterator[Attempt]:
        """Packs that fit, a few steps from those that are too large, then from the best."""
        if self._full(best):
            return
        for _, number in sorted(zip(too_much, range(len(too_much)), strict=True))[:_STARTS]:
            lowered = self._lowered(too_large[number], too_much[number])
            if lowered is not None:
                yield self._raised(lowered)
        for step in self._solver.removals(best.solution, 1, _EACH):
            without = self._after(best.solution, step)
            if without is not None and without.actual <= self._budget:
                yield self._raised(without, step.file)

    def _full(self, attempt: Attempt) -> bool:
        return attempt.actual >= FULL_ENOUGH * self._budget

    def _raised(self, best: Attempt, but: int = -1) -> Attempt:
        """Add what is worth most and fits, one by one, to all files but one."""
        failed: set[tuple[int, int, int]] = set()
        going = True
        while going and not self._full(best):
            going = False
            most = int((self._budget - best.actual) * _SLACK) + 1
            for step in self._solver.additions(best.solution, most, _TRIES):
                if step.file == but or step.tokens > most or (step.file, step.chunk, step.level) in failed:
                    continue
                attempt = self._after(best.solution, step)
                if attempt is None:
                    return best
                if attempt.actual <= self._budget:
                    best, going = attempt, True
                    break
                failed.add((step.file, step.chunk, step.level))
                most = int(most * _SMALLER)
        return best

    def _lowered(self, solution: Solution, too_much: int) -> Attempt | None:
        """Take away what loses least and makes a pack fit."""
        for step in self._solver.removals(solution, int(too_much * _TRUE_ENOUGH), _EACH):
            attempt = self._after(solution, step)
            if attempt is None or attempt.actual <= self._budget:
                return attempt
        return None

    def _after(self, solution: Solution, step: Step) -> Attempt | None:
        """A step, rendered and recounted; None when there have been enough."""
        if not self._tries:
            return None
        self._tries -= 1
        return self._attempt(self._solver.after(solution, step))


def _rank(attempt: Attempt) -> tuple[float, int]:
    return attempt.solution.value, attempt.actual
