"""The app at length: what it holds does not grow with what is done, and nothing is left when it has ended."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from statistics import median

import pytest

from benchmarks.soak import Look, Outcome, Part, show

ROOT = Path(__file__).parents[2]
STEPS = {"rounds": 10, "repacks": 120, "switches": 12}


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="what a process has open is looked up in /proc")
def test_hours_of_use_leave_nothing_behind() -> None:
    command = [sys.executable, "-m", "benchmarks.soak", "--small", "--json"]
    for name, number in STEPS.items():
        command += [f"--{name}", str(number)]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=600, check=False
    )  # fmt: skip
    found = json.loads(done.stdout)
    assert found["trouble"] == ""
    assert (found["left_threads"], found["left_processes"], found["left_files"]) == ([], [], [])
    assert [part["reached"] for part in found["parts"]] == list(STEPS.values())
    for part in found["parts"]:
        looks = part["looks"]
        first, last = looks[0], looks[-1]
        # Counts, not bytes, which allocators keep as they like. A chart or a tree that is kept is thousands of objects,
        # and is kept again and again; what is loaded once when it is first used is not.
        steps = [after["objects"] - before["objects"] for before, after in pairwise(looks)]
        assert median(steps) * len(steps) < 0.05 * first["objects"], part
        assert last["threads"] <= first["threads"]
        assert last["files"] <= first["files"] + 2
        assert last["children"] == first["children"] == 0


def test_a_part_that_was_ended_early_keeps_no_promise(capsys: pytest.CaptureFixture[str]) -> None:
    looks = [Look(step, 200.0, 500_000, 100_000, 4, 18, 0) for step in range(20, 60)]
    done, ended, begun = Part("done", 60, 60, 9.0, looks), Part("ended", 90, 60, 9.0, looks), Part("begun", 90, 10, 1.0)
    show(Outcome([done, ended, begun], [], [], [], "ended before it was done"))
    words = {line.split()[0]: line for line in capsys.readouterr().out.splitlines()}
    assert words["done"].endswith("kept")
    assert words["ended"].endswith("ended early")
    assert words["begun"].endswith("before the first look")
    assert "ended" in words["trouble:"]
