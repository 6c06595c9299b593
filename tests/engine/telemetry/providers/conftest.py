"""Nothing of the machine's own environment reaches an SDK, and nothing reaches the network."""

from __future__ import annotations

import os
import ssl

import pytest


@pytest.fixture(autouse=True)
def loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(("OPENAI_", "ANTHROPIC_", "GOOGLE_", "GEMINI_")) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    # Every client reads the certificates of the world first, which takes longer than a test and is of no use here.
    monkeypatch.setattr(ssl.SSLContext, "load_verify_locations", lambda *args, **known: None)
