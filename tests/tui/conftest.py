"""What the app is tested under: no animations, no blinking, no clock in what is drawn."""

from __future__ import annotations

import os

# Read when Textual is imported.
os.environ["TEXTUAL_ANIMATIONS"] = "none"
os.environ["TEXTUAL_SMOOTH_SCROLL"] = "0"
os.environ.pop("NO_COLOR", None)

import pytest
from textual.widgets import Input


@pytest.fixture(autouse=True)
def steady_cursor(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cursor that blinks would be in some frames and not in others."""
    monkeypatch.setattr(Input, "_toggle_cursor", lambda self: None)
