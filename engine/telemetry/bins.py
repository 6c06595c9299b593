"""A histogram of ratios in the few steps that a person looks at."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from engine.telemetry.sketch import Counts, middles

EDGES = (0.0, 1.0, 1.25, 1.5, 2.0, 3.0, 5.0, 10.0, 20.0, 50.0)
"""Where the steps begin; the last one has no end. Fine where a ceiling was nearly used, coarse where it was not."""


def binned(counts: Counts) -> list[dict[str, Any]]:
    """Return how many ratios lie in each step, all steps: from ``from`` on, below ``below`` (None for no end).

    A ratio within ``sketch.RELATIVE_ERROR`` of an edge may count on its other side; 1 exactly never counts below 1.
    """
    # The bucket of 1 has its middle a little below 1.
    where = np.searchsorted(np.array(EDGES) * 0.98, middles(), side="right") - 1
    sums = np.bincount(where, counts, len(EDGES))
    ends = itertools.zip_longest(EDGES, EDGES[1:])
    return [
        {"from": start, "below": end, "calls": int(number)} for (start, end), number in zip(ends, sums, strict=True)
    ]
