"""Where a value lies on a slider, and which value a place stands for: linear, or logarithmic with zero at its left."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scale:
    """Values from ``low`` to ``high``, in ``steps`` equal ways of a key."""

    low: float
    high: float
    steps: int = 40
    """Key presses from one end to the other."""
    logarithmic: bool = False
    """Equal ratios take equal ways; zero is the left end, ``low`` one step right of it."""

    def place(self, value: float) -> float:
        """Where a value lies, 0-1; values outside lie at the ends."""
        if not self.logarithmic:
            return min(1.0, max(0.0, (value - self.low) / (self.high - self.low)))
        if value < self.low:
            return 0.0
        first = 1 / self.steps
        share = math.log(min(value, self.high) / self.low) / math.log(self.high / self.low)
        return first + share * (1 - first)

    def value(self, place: float) -> float:
        """Value of a place, rounded to what a person would write."""
        place = min(1.0, max(0.0, place))
        if not self.logarithmic:
            return _rounded(self.low + place * (self.high - self.low), (self.high - self.low) / self.steps)
        first = 1 / self.steps
        if place < first / 2:
            return 0.0
        exact = self.low * (self.high / self.low) ** max(0.0, (place - first) / (1 - first))
        return min(self.high, max(self.low, float(f"{exact:.2g}")))

    def stepped(self, value: float, steps: int) -> float:
        """The value so many key presses away; always another one, unless it is at the end."""
        at = round(self.place(value) * self.steps)
        moved = self.value((at + steps) / self.steps)
        if (moved - value) * steps <= 0 and 0 < at + steps < self.steps:
            moved = self.value((at + 2 * steps) / self.steps)
        return moved

    def kept(self, value: float) -> float:
        """A typed value, brought to the nearest one there is."""
        if self.logarithmic and value < self.low:
            return 0.0 if value < self.low / 2 else self.low
        return min(self.high, max(self.low, value))


def _rounded(value: float, step: float) -> float:
    """Round to whole steps' digits: 0.25, not 0.25000000000000006."""
    digits = max(0, -math.floor(math.log10(step))) if step > 0 else 0
    return round(value, digits)


def shown_value(value: float) -> str:
    """Write a weight: ``0.05``, ``1``, ``2.5``."""
    return f"{value:.3g}"
