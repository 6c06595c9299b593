"""Quantiles of lengths when some were cut off: the product-limit estimator, with weights.

A truncated call says that its answer was longer than its ceiling, not how long. Leaving such calls out, or taking the
ceiling for the length, makes the next budget too low, which cuts off more calls: with a target of 5 % such loops end at
17 to 40 %. The product-limit estimator (Kaplan, Meier 1958) uses what a truncated call does say.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_TINY = 1e-9
"""Rounding of a product of a few hundred factors."""


@dataclass(frozen=True, slots=True)
class Curve:
    """The share of answers that are longer than a length, falling from 1."""

    lengths: NDArray[np.float64]
    """Lengths at which the curve falls, in tokens, ascending."""
    survival: NDArray[np.float64]
    """Share of answers longer than that."""

    def quantile(self, longer: float) -> float:
        """Return the least length that at most this share of answers exceeds; infinity when the data cannot tell."""
        at = int(np.searchsorted(-self.survival, -(longer + _TINY)))
        return float(self.lengths[at]) if at < len(self.lengths) else float("inf")

    def longer_than(self, length: float) -> float:
        """Return the share of answers longer than a length."""
        at = int(np.searchsorted(self.lengths, length, side="right"))
        return float(self.survival[at - 1]) if at else 1.0


def survival(
    lengths: NDArray[np.float64],
    is_cut: NDArray[np.bool_],
    weights: NDArray[np.float64] | None = None,
    beyond: float = 0.0,
) -> Curve:
    """Estimate the survival curve of lengths.

    Args:
        lengths: Tokens that came back.
        is_cut: Whether each of them is only a lower bound.
        weights: How much each counts; 1 when None.
        beyond: Weight of answers longer than all: 1 makes a quantile hold for the next call rather than for these (the
            n + 1 of conformal prediction).
    """
    weights = np.ones(len(lengths)) if weights is None else weights
    # Of equal lengths, those that ended come first: an answer cut off at n is longer than n.
    order = np.lexsort((is_cut, lengths))
    ended, weight = ~is_cut[order], weights[order]
    at_risk = np.cumsum(weight[::-1])[::-1] + beyond
    with np.errstate(divide="ignore", invalid="ignore"):
        left = np.where(ended & (at_risk > 0), 1 - weight / at_risk, 1.0)
    falls = np.flatnonzero(ended & (weight > 0))
    return Curve(lengths[order][falls].astype(np.float64), np.asarray(np.cumprod(left)[falls], np.float64))
