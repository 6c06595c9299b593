"""Environments with plugins: one with the example, made once, and empty ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.walk.repos import make
from tests.plugins.place import Place, install_example, make_place

DOUGH = """== Dough ==
% from grandmother
mix 500 g flour
and some patience, for nothing good was ever made in haste by anybody
and let the children help, who like to have something to do with flour
rest 20 minutes
"""
RECIPES: dict[str, str | bytes] = {
    "bread.recipe": DOUGH + "== Oven ==\nbake at 230 degrees\nlook at it\n",
    "kitchen/tried/soup.recipe": "== Soup ==\n2 onions\n",
    "notes.md": "# Notes\n\nNothing.\n",
    "plan.py": "def plan():\n    return 1\n",
}


@pytest.fixture(scope="session")
def example(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """An environment with the example distribution; nobody changes it."""
    place = make_place(tmp_path_factory.mktemp("example"))
    install_example(place)
    return place


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """An environment without plugins."""
    return make_place(tmp_path / "environment")


@pytest.fixture
def kitchen(tmp_path: Path) -> Path:
    """A repository with files of the example's language."""
    return make(tmp_path / "kitchen", RECIPES)
