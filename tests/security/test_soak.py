"""The app at length: what it holds does not grow with what is done, and nothing is left when it has ended."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="what a process has open is looked up in /proc")
def test_hours_of_use_leave_nothing_behind() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.soak", "--rounds", "10", "--repacks", "250", "--switches", "20", "--json"],
        cwd=ROOT, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}, capture_output=True, text=True, timeout=600,
        check=False,
    )  # fmt: skip
    found = json.loads(done.stdout)
    assert found["trouble"] == ""
    assert (found["left_threads"], found["left_processes"], found["left_files"]) == ([], [], [])
    assert [part["steps"] for part in found["parts"]] == [10, 250, 20]
    for part in found["parts"]:
        # By the middle, what is only loaded when it is first used has been.
        first, last = part["looks"][len(part["looks"]) // 2], part["looks"][-1]
        # Counts, not bytes, which allocators keep as they like. A chart or a tree that is kept is thousands of objects.
        assert last["objects"] < 1.05 * first["objects"], part
        assert last["threads"] <= first["threads"]
        assert last["files"] <= first["files"] + 2
        assert last["children"] == first["children"] == 0
