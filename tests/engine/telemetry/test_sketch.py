from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.telemetry.intervals import wilson
from engine.telemetry.sketch import BUCKETS, RELATIVE_ERROR, buckets_of, quantile, unpack

ratios = st.lists(st.floats(1e-3, 1e6), min_size=1, max_size=200)


@given(ratios, st.sampled_from([0.01, 0.5, 0.9, 0.99, 1.0]))
def test_quantiles_are_within_the_stated_error(values: list[float], share: float) -> None:
    counts = np.bincount(buckets_of(np.array(values)), minlength=BUCKETS)
    found = quantile(counts, share)
    true = float(np.quantile(values, share, method="inverted_cdf"))
    assert found == pytest.approx(true, rel=RELATIVE_ERROR * 1.0001)


def test_nothing_has_no_quantile() -> None:
    assert quantile(unpack([]), 0.5) is None


def test_what_lies_outside_falls_into_the_outermost_buckets() -> None:
    assert buckets_of(np.array([1e-30, 1e30])).tolist() == [0, BUCKETS - 1]


@pytest.mark.parametrize(("hits", "total"), [(0, 10), (5, 100), (100, 100), (3, 7)])
def test_wilson_is_the_reference(hits: int, total: int) -> None:
    stats = pytest.importorskip("scipy.stats")
    true = stats.binomtest(hits, total).proportion_ci(method="wilson")
    assert wilson(hits, total) == pytest.approx((true.low, true.high), abs=1e-9)
    assert wilson(0, 0) == (0.0, 1.0)
