"""How far to let the solver go so that the recount of the text is just within the budget.

The solver adds up cached counts; the text costs a little more or less. Each recount narrows a bracket: the largest aim
that fitted and the smallest that did not, with interpolation in between.
"""

from __future__ import annotations

from dataclasses import dataclass

FULL_ENOUGH = 0.985
"""Share of the budget from which nothing more is tried."""
_GOAL = 0.997
_FIRST = 0.991
"""Where to begin below the budget: most texts cost within 1 % of what the solver added up, and each try takes time."""
_ROUNDS = 9
_INSIDE = 0.08
"""Interpolation stays this far, as a fraction, from both ends of the bracket: costs come in steps."""


@dataclass(frozen=True, slots=True)
class Recount:
    """What an aim came to."""

    aim_tokens: int
    actual_tokens: int


class Fit:
    """Chooses aims for one budget."""

    def __init__(self, budget_tokens: int, smallest_tokens: int) -> None:
        """Begin.

        Args:
            budget_tokens: What the recount may come to.
            smallest_tokens: The smallest aim that the solver takes.
        """
        self._budget = budget_tokens
        self._smallest = smallest_tokens
        self._goal = budget_tokens * _GOAL
        self._low: Recount | None = None
        self._high: Recount | None = None
        self._rounds = 0
        self._tried: set[int] = set()

    def first_aim(self, most_tokens: int) -> int:
        """Where to begin, when everything together would come to about ``most_tokens``."""
        begin = self._budget if most_tokens <= self._budget else int(self._budget * _FIRST)
        return max(begin, self._smallest)

    def next_aim(self, aim_tokens: int, actual_tokens: int) -> int | None:
        """Learn what an aim came to, and say what to try next, or None when nothing better is to be expected."""
        self._rounds += 1
        self._tried.add(aim_tokens)
        found = Recount(aim_tokens, actual_tokens)
        if actual_tokens <= self._budget:
            if self._low is None or aim_tokens > self._low.aim_tokens:
                self._low = found
            if actual_tokens >= FULL_ENOUGH * self._budget:
                return None
        elif self._high is None or aim_tokens < self._high.aim_tokens:
            self._high = found
        aim = self._between() if self._rounds < _ROUNDS else None
        return None if aim in self._tried else aim

    def _between(self) -> int | None:
        low, high = self._low, self._high
        if low is None:
            assert high is not None
            if high.aim_tokens <= self._smallest:
                return None
            wanted = int(high.aim_tokens * self._goal / high.actual_tokens)
            return max(self._smallest, min(wanted, high.aim_tokens - 1))
        if high is None:
            missing = self._goal - low.actual_tokens
            return low.aim_tokens + max(1, int(missing * low.aim_tokens / max(1, low.actual_tokens)))
        if high.aim_tokens - low.aim_tokens <= 1:
            return None
        share = (self._goal - low.actual_tokens) / max(1, high.actual_tokens - low.actual_tokens)
        share = min(1 - _INSIDE, max(_INSIDE, share))
        wanted = low.aim_tokens + round(share * (high.aim_tokens - low.aim_tokens))
        return min(high.aim_tokens - 1, max(low.aim_tokens + 1, wanted))
