from __future__ import annotations

from pathlib import Path

import pytest

from tests.mcp.talk import MODES
from tests.sample import make_repository


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """The sample repository, with neighbours that are nobody's business."""
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "key.txt").write_text("hidden words of somebody else\n")
    (tmp_path / "shop2").mkdir()
    (tmp_path / "shop2" / "key.txt").write_text("hidden words next door\n")
    return make_repository(tmp_path / "shop")


@pytest.fixture(params=MODES)
def mode(request: pytest.FixtureRequest) -> str:
    """Each protocol."""
    return str(request.param)
