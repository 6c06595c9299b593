from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Run, run
from tests.faults.scenes import CAN_TRACE, Traces, World

__all__ = ["run"]


@pytest.fixture(scope="package")
def traces() -> Iterator[Traces]:
    """The process that stops commands at their writes."""
    if not CAN_TRACE:
        pytest.skip("needs Linux on x86-64")
    made = Traces()
    yield made
    made.close()


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> World:
    """A repository and the folders of a person."""
    made = World(tmp_path, run)
    for name, value in made.variables.items():
        monkeypatch.setenv(name, value)
    return made
