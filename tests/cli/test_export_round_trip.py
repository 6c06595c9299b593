"""What is exported comes back in another database as it was."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Run

CALLS = [
    {
        "timestamp": "2026-11-20T12:00:00.125Z", "source": "packsight", "dedupe_key": "a", "provider": "openai",
        "model": "=cmd|x", "category": "docs", "complexity": "low", "predicted_output_tokens": 900,
        "selected_budget": 4096, "actual_max_tokens": 4096, "ceiling_source": "sent", "actual_output_tokens": 1200,
        "reasoning_tokens": 0, "prompt_tokens": 5000, "cached_tokens": 100, "truncated": False, "finish": "stop",
        "deliverables": ["docs/ü.md", "a,b\n.md"], "deliverable_count": 2, "confidence": 0.5, "cost_usd": 0.25,
        "trace": [{"rule": "p4", "before": None, "after": 4096, "why": "said \"so\""}], "duration_s": 1.5,
    },
    {
        "timestamp": "2026-11-20T13:00:00Z", "source": "elsewhere", "dedupe_key": "b", "provider": "gemini",
        "model": "gemini-3.8-flash", "actual_max_tokens": 800, "ceiling_source": "imported",
        "actual_output_tokens": 800, "truncated": True, "finish": "length", "attempt": 2, "is_sot_file": True,
    },
]  # fmt: skip


def listed(run: Run, *words: object) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = run("telemetry", "list", *words, "--json").json
    return [{name: value for name, value in event.items() if name != "event_id"} for event in events]


@pytest.mark.parametrize("name", ["jsonl", "csv", "otlp"])
def test_every_format_comes_back(run: Run, tmp_path: Path, name: str) -> None:
    (tmp_path / "calls.jsonl").write_text("".join(json.dumps(call) + "\n" for call in CALLS))
    assert run("telemetry", "record", tmp_path / "calls.jsonl").code == 0
    assert run("telemetry", "export", "--format", name, "-o", tmp_path / f"out.{name}").code == 0
    other = ("--db", f"sqlite:///{tmp_path / 'other.db'}")
    assert run("telemetry", "import", tmp_path / f"out.{name}", *other, "-q", "--json").json["added"] == 2
    before, after = listed(run), listed(run, *other)
    if name == "otlp":
        # Spans hold what the conventions have words for.
        kept = ("model", "provider", "actual_max_tokens", "actual_output_tokens", "prompt_tokens", "outcome")
        before, after = ([{key: event[key] for key in kept} for event in events] for events in (before, after))
    assert after == before
    again = run("telemetry", "import", tmp_path / f"out.{name}", *other, "-q", "--again", "--json").json
    assert (again["added"], again["updated"]) == (0, 0)
