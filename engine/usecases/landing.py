"""Where the search for a full pack will end, from what its last one came to.

Live packs are shown before their text is made. Chosen for the whole budget, they would shift once the text is counted.
"""

from __future__ import annotations

from engine.usecases.fit import Fit

_MOST_RATIO = 2.0
"""Recounts beyond this many times the sums, or below its inverse, teach nothing: tiny packs are all frame."""


class Landing:
    """Remembers by format how much more the text costs than the sums."""

    def __init__(self) -> None:
        self._ratios: dict[str, float] = {}

    def learn(self, format_name: str, est_tokens: int, actual_tokens: int) -> None:
        """Take in what a finished pack came to."""
        if est_tokens > 0:
            ratio = actual_tokens / est_tokens
            self._ratios[format_name] = min(_MOST_RATIO, max(1 / _MOST_RATIO, ratio))

    def aim(self, format_name: str, budget_tokens: int, smallest_tokens: int, most_tokens: int) -> int:
        """Tokens by cached counts that a finished pack will be made of.

        Args:
            format_name: Format of the pack.
            budget_tokens: What its text may come to; at least ``smallest_tokens``.
            smallest_tokens: The smallest aim there is.
            most_tokens: What everything together comes to.
        """
        ratio = self._ratios.get(format_name, 1.0)
        fit = Fit(budget_tokens, smallest_tokens)
        best, aim = smallest_tokens, fit.first_aim(most_tokens)
        next_aim: int | None = aim
        while next_aim is not None:
            aim = next_aim
            actual_tokens = round(min(aim, most_tokens) * ratio)
            if actual_tokens <= budget_tokens:
                best = aim
                if aim >= most_tokens:
                    break
            next_aim = fit.next_aim(aim, actual_tokens)
        return best
