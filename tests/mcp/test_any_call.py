"""Calls with whatever arguments: answered in words, nothing outside read, and the server goes on."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.mcp.roots import Roots
from tests.fuzz.mutate import json_bytes
from tests.fuzz.targets_calls import SECRET, check_call, make_call


@settings(
    max_examples=60, deadline=None, derandomize=True, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(st.randoms(use_true_random=False))
def test_any_arguments_are_answered(dice: random.Random) -> None:
    check_call(make_call(dice))


@pytest.mark.parametrize("path", ["../outside", "link/key.txt", "/etc/hostname"])
def test_a_fence_that_is_open_would_be_noticed(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def resolve(self: Roots, written: str) -> Path:
        return Path(os.path.join(self.folders[0], written))

    monkeypatch.setattr(Roots, "resolve", resolve)
    monkeypatch.setattr(Roots, "check", lambda *_: None)
    words = {"tool": "count_tokens", "arguments": {"paths": [path], "models": ["gpt-5.5"]}}
    with pytest.raises(AssertionError, match="opened"):
        check_call(json_bytes(words))
    if "outside" in path:
        with pytest.raises(AssertionError, match=f"{SECRET}|opened"):
            check_call(json_bytes({"tool": "pack_context", "arguments": {"path": path}}))
