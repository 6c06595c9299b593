"""Weights of classes beside a query: only what differs from the usual ones moves anything."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.inspector import Inspector
from engine.model import ChunkClass
from engine.request import PackRequest, ScanRequest, Tuning
from engine.usecases.prepared import as_weighed
from engine.usecases.tuning import default_weights
from tests.engine.walk.repos import make


def test_the_usual_weights_leave_values_for_a_query_alone() -> None:
    assert set(as_weighed(default_weights()).values()) == {1.0}


@pytest.mark.parametrize("name", list(default_weights()))
def test_more_than_usual_is_worth_more_and_nothing_is_worth_nothing(name: ChunkClass) -> None:
    usual = default_weights()[name]
    assert as_weighed({name: 1.5 * usual})[name] > 1 > as_weighed({name: usual / 1.5})[name] > 0
    assert as_weighed({name: 0.0}) == {name: 0.0}


def test_tests_come_first_when_they_weigh_more_than_usual(tmp_path: Path) -> None:
    body = "\n".join(f"    step_{number} = spline_{number}(given)" for number in range(40))
    files: dict[str, str | bytes] = {
        "curve.py": f"def smooth_curve(given):\n{body}\n",
        "tests/test_curve.py": f"def test_smooth_curve(given):\n{body}\n",
    }
    scan = ScanRequest(make(tmp_path / "r", files), "gpt-4o")
    heavy = {**default_weights(), ChunkClass.TESTS: 6 * default_weights()[ChunkClass.TESTS]}
    with Inspector(cache_path=tmp_path / "blobs.db") as inspector:
        usual = inspector.pack(PackRequest(scan, 600, "plain", query="spline steps")).text
        other = inspector.pack(PackRequest(scan, 600, "plain", query="spline steps", tuning=Tuning(heavy))).text
    assert "def smooth_curve" in usual
    assert "def test_smooth_curve" not in usual
    assert "def test_smooth_curve" in other
