"""Histograms of ratios from which quantiles are read: small, exact to add up, exact to take apart again.

Buckets grow geometrically, so that every quantile has the same relative error (Masson, Rim, Lee: DDSketch, VLDB 2019,
here with a fixed range). A histogram is what a day keeps of its calls, and days add up to any span of time.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

RELATIVE_ERROR = 0.01
"""Largest relative error of a quantile within the range."""
_GAMMA = (1 + RELATIVE_ERROR) / (1 - RELATIVE_ERROR)
_LOG_GAMMA = math.log(_GAMMA)
_LEAST = 1e-4
_FIRST = math.ceil(math.log(_LEAST) / _LOG_GAMMA)
BUCKETS = math.ceil(math.log(1e7) / _LOG_GAMMA) - _FIRST + 1
"""Ratios from 0.0001 to ten million; what lies outside falls into the outermost buckets."""
ENTRY = np.dtype([("bucket", "<u2"), ("count", "<u4")])
"""A bucket that holds anything, as it is stored."""

Counts = NDArray[np.int64]
"""Counts by bucket, shape (BUCKETS,)."""


def buckets_of(ratios: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the bucket of each positive ratio."""
    found = np.ceil(np.log(np.maximum(ratios, _LEAST)) / _LOG_GAMMA).astype(np.int64) - _FIRST
    return np.clip(found, 0, BUCKETS - 1)


def unpack(packed: Iterable[bytes]) -> Counts:
    """Add up histograms that are stored as entries of the buckets that hold anything."""
    entries = np.frombuffer(b"".join(packed), ENTRY)
    return np.bincount(entries["bucket"], entries["count"], BUCKETS).astype(np.int64)


def middles() -> NDArray[np.float64]:
    """Return the ratio that stands for each bucket: its middle in the sense of relative error."""
    found: NDArray[np.float64] = 2 * np.exp((np.arange(BUCKETS) + _FIRST) * _LOG_GAMMA) / (1 + _GAMMA)
    return found


def quantile(counts: Counts, share: float) -> float | None:
    """Return the ratio that this share of all stays at or below, None when there is none.

    Args:
        counts: Counts by bucket.
        share: 0 to 1; 0.5 is the median.
    """
    total = int(counts.sum())
    if not total:
        return None
    rank = max(1, math.ceil(share * total))
    bucket = int(np.searchsorted(np.cumsum(counts), rank))
    # The middle of a bucket in the sense of relative error.
    return float(2 * math.exp((bucket + _FIRST) * _LOG_GAMMA) / (1 + _GAMMA))
