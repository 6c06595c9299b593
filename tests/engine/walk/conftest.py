from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine.walk import Listing, open_listing

Opener = Callable[..., Listing]


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees the settings of the person who runs it."""
    for name in list(os.environ):
        if name.startswith("GIT_") and not name.startswith("GIT_PYTHON"):
            monkeypatch.delenv(name)
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


@pytest.fixture
def listed() -> Iterator[Opener]:
    """Open listings and close what they read with at the end."""
    made: list[Listing] = []

    def opener(path: Path, **options: object) -> Listing:
        made.append(open_listing(path, **options))  # type: ignore[arg-type]
        return made[-1]

    yield opener
    for listing in made:
        listing.content.close()
