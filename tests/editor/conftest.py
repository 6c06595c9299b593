"""What tests of the stream share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from engine.inspector import Inspector
from tests.sample import make_repository

Count = Callable[..., int]


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """The sample repository."""
    return make_repository(tmp_path / "shop")


@pytest.fixture
def count() -> Count:
    """Tokens of a text, by counting all of it."""

    def count_text(text: str, model: str = "gpt-5.5") -> int:
        with Inspector(use_cache=False) as inspector:
            found: int = inspector.count_texts([text], [model])[0]["count"]
        return found

    return count_text
