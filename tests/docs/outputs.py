"""What the commands print with ``--json``, in situations that differ in what there is to tell."""

from __future__ import annotations

import datetime
import io
import json
import os
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

from engine.cli.app import main
from tests.engine.walk.repos import git
from tests.sample import make_repository

MODELS = ("gpt-5.5", "claude-opus-5-5", "gemini-3.1-pro-preview")
Output = tuple[str, Any]
"""A command, as the description names it, and what it printed."""


def outputs(folder: Path) -> Iterator[Output]:
    """Run commands in a folder, with the folders of a person that the environment names; yields all their JSON."""
    before = Path.cwd()
    root = make_repository(folder / "shop")
    os.chdir(folder)
    try:
        yield from _all(root, folder)
    finally:
        os.chdir(before)


def printed(*words: object) -> Any:
    """What a command prints as JSON; its exit code is 0 or 1."""
    out = _Out()
    with redirect_stdout(out), redirect_stderr(io.StringIO()) as said:
        code = main([str(word) for word in words])
    assert code in (0, 1), (words, code, said.getvalue())
    return json.loads(out.text())


class _Out(io.TextIOWrapper):
    """A stdout that keeps bytes, which is what results are written as."""

    def __init__(self) -> None:
        self.kept = io.BytesIO()
        super().__init__(self.kept, encoding="utf-8")

    def text(self) -> str:
        self.flush()
        return self.kept.getvalue().decode("utf-8")


def _all(root: Path, folder: Path) -> Iterator[Output]:
    yield "cache status", printed("cache", "status", "--json")
    yield "db status", printed("db", "status", "--json")
    yield "telemetry list", printed("telemetry", "list", "--json")
    yield "telemetry report", printed("telemetry", "report", "--json")
    yield "profile list", printed("profile", "list", root, "--json")
    yield "profile show", printed("profile", "show", root, "--json")
    yield "budget", printed("budget", "show", root, "--json")
    yield "doctor", printed("doctor", "--json", "--db", "sqlite:////dev/null/none")
    yield from _repository(root)
    yield from _saved(root)
    yield from _calls(folder)
    yield "cache status", printed("cache", "status", "--json")
    yield "cache prune", printed("cache", "prune", "--json")
    yield "db status", printed("db", "status", "--json")
    yield "spec", printed("spec", "--json")


def _repository(root: Path) -> Iterator[Output]:
    yield "count", printed("count", "some words", "--json")
    yield "count", printed("count", root, root / "README.md", "-m", ",".join(MODELS), "--json", "--budget", "8k")
    yield "models", printed("models", "--json")
    yield "models", printed("models", "gpt-5.5", "--json")
    for words in ((), ("--rev", "HEAD"), ("--no-cache",), ("-m", "claude-opus-5-5")):
        yield "scan", printed("scan", root, "--json", *words)
    empty = root.parent / "empty"
    empty.mkdir(exist_ok=True)
    yield "scan", printed("scan", empty, "--json")
    git(root, "branch", "before")
    (root / "shop" / "money.py").write_text("class Money:\n    pass\n")
    for asked in (
        ("-b", "4k"), ("-b", "600", "--query", "total of an order"), ("-b", "8k", "--format", "json"),
        ("-b", "2k", "--diff", "before"), ("-b", "4k", "-m", "claude-opus-5-5", "--stable", "--pin", "**/*.csv=0"),
        ("-b", "700", "--share", "docs=0..10%", "--max-level", "code=2", "--omit", "tests/"),
    ):  # fmt: skip
        yield "pack", printed("pack", root, "--json", *asked)
    yield "pack --report", printed("pack", root, "-b", "1k", "--report", "-", "-o", root.parent / "pack.txt")
    yield "pack --split", printed("pack", root, "--split", "1500", "--json")
    for query, *more in (
        ("total of an order",),
        ("nothing-like-this-is-anywhere",),
        ("Order", "-b", "600", "--limit", "2"),
    ):
        yield "search", printed("search", query, root, "--json", *more)
    yield "show", printed("show", root / "shop" / "orders.py", "--level", "2", "--json")
    yield "diff", printed("diff", "1k", "4k", root, "--json")
    yield "check", printed("check", root, "--max-total", "1k", "--max-file", "**/*.py=10k", "--json")
    git(root, "commit", "-qam", "smaller")
    yield (
        "check",
        printed(
            "check", root, "--base", "before", "--max-growth", "5%", "--max-class", "docs=10%", "--json",
            "--max-changed", "4k", "--pack", "budget=2k,min_quality=0.1",
        ),
    )  # fmt: skip
    yield "config show", printed("config", "show", root, "--json")
    yield "estimate", printed("estimate", "--json")
    yield (
        "estimate",
        printed(
            "estimate", "--category", "docs", "--complexity", "low", "--deliverable", "docs/usage.md", "--mode", "diff",
            "--hard-cap", "3000", "-m", "claude-opus-5-5", "--json", "--context-used", "1000", "--no-stream",
        ),
    )  # fmt: skip


def _saved(root: Path) -> Iterator[Output]:
    yield "budget", printed("budget", "16k", root, "--json")
    yield "profile save", printed("profile", "save", "lean", "weights.tests=0.8", "max_level.config=2", root, "--json")
    printed("profile", "use", "lean", root, "--json")
    printed("profile", "set", "shares.docs=0..20%", "pins.README.md=0", root, "--json")
    yield "profile show", printed("profile", "show", "lean", root, "--json")
    yield "profile show", printed("profile", "show", root, "--json")
    yield "profile list", printed("profile", "list", root, "--json")
    yield "config show", printed("config", "show", root, "--json")
    yield "budget", printed("budget", "show", root, "--json")
    yield "scan", printed("scan", root, "--json")


def _calls(folder: Path) -> Iterator[Output]:
    calls = folder / "calls.jsonl"
    wrong = {"timestamp": "2026-01-01T00:00:00Z", "source": "packsight", "dedupe_key": "wrong", "prompt_tokens": -1}
    calls.write_text("\n".join(map(json.dumps, [*_made(240), wrong])))
    printed("telemetry", "record", calls, "--json")
    yield "telemetry import", printed("telemetry", "import", calls, "--json")
    yield "telemetry list", printed("telemetry", "list", "--json", "--limit", "250")
    yield "telemetry report", printed("telemetry", "report", "--json")
    yield "telemetry report", printed("telemetry", "report", "--json", "--by", "week")
    yield "calibrate", printed("calibrate", "--json")
    yield "calibrate --backtest", printed("calibrate", "--backtest", "--json")
    yield "estimate", printed("estimate", "--category", "docs", "--complexity", "low", "--json")


def _made(count: int) -> Iterator[dict[str, Any]]:
    """Calls of two cells, some cut off, some failed, some with little known of them."""
    begun = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=20)
    for number in range(count):
        ceiling, length = 4096, 300 + 37 * number % 5200
        cut = length >= ceiling
        call: dict[str, Any] = {
            "timestamp": (begun + datetime.timedelta(hours=number)).isoformat(),
            "source": "packsight",
            "dedupe_key": f"call-{number}",
            "provider": "openai",
            "model": "gpt-5.5",
        }
        if not number:
            call |= {
                "hard_cap_tokens": 9000, "reasoning_tokens": 10, "cache_write_tokens": 5, "confidence": 0.5,
                "escalation_reason": "truncation", "escalation_base_tokens": 1000, "escalation_factor": 1.25,
                "escalation_base_source": "selected_budget", "api_reference_required": True, "cost_usd": "0.0125",
                "examples_required": False, "research_required": False, "usage_guide_required": True,
                "is_sot_file": True, "sot_file_name": "CHANGELOG.md", "sot_entry_count_hint": 3,
                "deliverables": ["docs/a.md"], "deliverable_count": 1, "attempt": 2,
                "trace": [{"rule": "base", "before": None, "after": 1200, "why": "the cell"}],
            }  # fmt: skip
        if number % 10 != 9:
            call |= {
                "category": "docs" if number % 2 else "tests",
                "complexity": "low",
                "predicted_output_tokens": 1200,
                "selected_budget": 4000,
                "actual_max_tokens": ceiling,
                "ceiling_source": "sent",
                "actual_output_tokens": min(length, ceiling),
                "prompt_tokens": 5000 + number,
                "cached_tokens": 1000,
                "truncated": cut,
                "finish": "length" if cut else "stop",
                "duration_s": 2.5,
            }
        else:
            call |= {"success": False, "finish": "error"}
        yield call
