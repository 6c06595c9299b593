"""What every test stands on: no user files, no environment of the person who runs it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as examples

# numpy would start threads, and forking a process with threads is a warning, which is an error here.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# How long an example takes says more about who else uses the machine than about the code: that is for the benchmarks.
examples.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
examples.load_profile("untimed")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Half as many workers more than cores: tests of the app and of commands wait for others a third of their time."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return cores + (cores + 1) // 2


@pytest.fixture(autouse=True)
def own_directories(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the test cache, data and configuration directories of its own, and a quiet git."""
    home = tmp_path_factory.mktemp("home")
    for name in list(os.environ):
        if name.startswith(("PACKSIGHT_", "GIT_")) and name != "PACKSIGHT_SHARED_DATA":
            monkeypatch.delenv(name)
    for which in ("CACHE", "DATA", "CONFIG"):
        monkeypatch.setenv(f"PACKSIGHT_{which}_DIR", str(home / which.lower()))
    return home
