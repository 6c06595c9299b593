"""The command that the app shows makes the pack that the app shows."""

from __future__ import annotations

import shlex
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine.inspector import Inspector
from engine.model import ChunkClass
from engine.request import PackRequest, ScanRequest, Tuning
from tests.cli.conftest import Run

TUNED = Tuning(
    weights={ChunkClass.TESTS: 3.0, ChunkClass.DOCS: 0.3},
    shares={ChunkClass.DOCS: (0.1, 0.55), ChunkClass.CODE: (0.0, 0.625)},
    max_level={ChunkClass.CODE: 3},
    pins=(("README.md", 1), ("shop/a b=c*.py", 0)),
    excludes=("data/", "it's $HOME"),
)


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"budget": "40%", "format": "json", "reserve_tokens": 1_000},
        {"tuning": TUNED},
        {"query": '-who adds up the order\'s "total"?\nsecond line'},
        {"scan": {"include": ("shop/", "*.md"), "exclude": ("shop/money.py",)}},
        {"scan": {"rev": "HEAD", "model": "claude-opus-4-5"}},
    ],
)
def test_it_gives_the_same_bytes(run: Run, shop: Path, change: dict[str, Any]) -> None:
    (shop / "shop" / "a b=c1.py").write_text("def odd_name() -> None: ...\n")
    (shop / "it's $HOME").write_text("a name for shells\n")
    scan = ScanRequest(shop, **{"model": "gpt-4o", **change.get("scan", {})})
    request = replace(PackRequest(scan, 900), **{key: value for key, value in change.items() if key != "scan"})
    with Inspector(use_cache=False) as inspector:
        packed, command = inspector.pack(request), inspector.command_line(request)
    words = shlex.split(command)
    assert words[:2] == ["packsight", "pack"]
    ran = run(*words[1:], "--quiet", "--no-cache")
    assert (ran.code, ran.out, ran.err) == (0, packed.text, "")


def test_settings_that_the_request_leaves_aside_are_set_back(run: Run, shop: Path) -> None:
    (shop / ".packsight.toml").write_text(
        'format = "json"\nreserve = 77\nbudget = "2k"\n'
        "[pack.weights]\ntests = 9\n[pack.max_level]\ncode = 1\n[pack.shares]\ndocs = '30%..'\n"
    )
    request = PackRequest(ScanRequest(shop, "gpt-4o"), 700)
    with Inspector(use_cache=False) as inspector:
        packed, command = inspector.pack(request), inspector.command_line(request)
    assert run(*shlex.split(command)[1:], "--quiet", "--no-cache").out == packed.text


def test_what_is_usual_is_not_said(shop: Path) -> None:
    with Inspector(use_cache=False) as inspector:
        command = inspector.command_line(PackRequest(ScanRequest(shop, "gpt-4o"), "32k"))
    assert command == f"packsight pack {shop} --model gpt-4o --budget 32k --profile none"


@pytest.mark.parametrize("weight", ["tests", "tests=", "tests=-1", "tests=nan", "tests=1e99", "nothing=1", "tests=x"])
def test_a_weight_that_is_none_is_refused(run: Run, shop: Path, weight: str) -> None:
    ran = run("pack", shop, "--weight", weight)
    assert ran.code == 2
    assert len(ran.err.splitlines()) <= 2
