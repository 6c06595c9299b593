"""The history with the real engine on a real database: the numbers are those that the commands print."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from engine.config import Config
from engine.inspector import Inspector
from tests.cli.conftest import Run, run  # noqa: F401
from tests.tui.drawn import title
from tests.tui.fake import FakeEngine
from tests.tui.fake_telemetry import sample_events
from tests.tui.test_telemetry_screen import drawn, opened, plots, press, rows, screen, summary
from tui.telemetry.figures import SAMPLE, WINDOW
from tui.text import number
from tui.widgets.fact_list import FactList

EVENTS = 4_000


class RealRecords(FakeEngine):
    """No repository, but real records."""

    def __init__(self, inspector: Inspector) -> None:
        super().__init__()
        self.inspector = inspector

    def telemetry(self, config: Any) -> Any:
        return self.inspector.telemetry(config)

    def import_logs(self, config: Any, paths: Sequence[Path], **more: Any) -> dict[str, Any]:
        return self.inspector.import_logs(config, paths, **more)


@pytest.fixture
def database(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/calls.db"


@pytest.fixture
def config(database: str) -> Config:
    with Inspector() as inspector:
        made = inspector.config(None, {"db": database})
        inspector.telemetry(made).record(sample_events(EVENTS))
    return made


@pytest.mark.asyncio
async def test_numbers_are_those_of_the_commands(
    tmp_path: Path,
    database: str,
    config: Config,
    run: Run,  # noqa: F811
) -> None:
    def told(*words: str) -> Any:
        return run("telemetry", *words, "--db", database, "--json").json

    listed, report = told("list", "--limit", str(EVENTS)), told("report")
    days, spread = told("report", "--by", "day")["days"], told("list", "--spread", "--limit", str(SAMPLE))
    cut = told("report", "--outcome", "truncated")["total"]
    shown = told("show", listed[WINDOW]["event_id"])
    with Inspector() as inspector:
        async with opened(tmp_path, -1, (200, 60), RealRecords(inspector), config=config) as (drive, _):
            total = report["total"]
            assert f"{number(total['n'])} calls  ·  ok {number(total['outcomes']['complete'])}" in summary(drive)
            low, high = total["truncation_interval"]
            assert f"{100 * total['truncation']:.1f} % ({100 * low:.1f}–{100 * high:.1f} %)" in summary(drive)
            over, waste, cut_off, day = plots(drive).values()
            assert f"{number(len(spread))} of {number(total['n'])} calls" in over
            assert f"p90 {total['ceiling_waste']['p90']:.2f}×" in waste
            assert days[0]["day"] in cut_off
            assert days[-1]["day"] in cut_off
            assert f"{total['cost_usd']:,.2f} USD" in day
            for row, event in zip(rows(drive)[1:], listed, strict=False):
                assert event["timestamp"][:16].replace("T", " ") in row
                assert event["model"] in row
            await press(drive, *["pagedown"] * 8)
            screen(drive).history.move_cursor(WINDOW)
            await press(drive, "enter")
            facts = drive.find(FactList, "#facts")
            assert title(facts).startswith(f"Call {shown['event_id']}")
            assert f"{shown['selected_budget']:,}" in "\n".join(drawn(facts))
            await press(drive, "escape", "t")
            assert f"{number(cut['n'])} calls" in summary(drive)


@pytest.mark.asyncio
async def test_logs_are_imported_from_within(tmp_path: Path, database: str) -> None:
    log = tmp_path / "logs" / "a.jsonl"
    log.parent.mkdir()
    usage = {"input_tokens": 10, "output_tokens": 700, "cache_read_input_tokens": 0, "cache_creation_input_tokens": 0}
    lines = [
        json.dumps({
            "type": "assistant", "timestamp": f"2026-11-20T12:{at:02}:00.000Z", "sessionId": "s", "uuid": f"u{at}",
            "requestId": f"r{at}", "version": "2.0.0", "cwd": "/x",
            "message": {"id": f"m{at}", "type": "message", "role": "assistant", "model": "claude-opus-5-5",
                        "stop_reason": "end_turn", "usage": usage, "content": []},
        })
        for at in range(12)
    ]  # fmt: skip
    log.write_text("\n".join([*lines[:6], "{broken", *lines[6:]]) + "\n")
    with Inspector() as inspector:
        made = inspector.config(None, {"db": database})
        async with opened(tmp_path, -1, (120, 36), RealRecords(inspector), config=made) as (drive, _):
            assert "no call is recorded yet" in "\n".join(rows(drive))
            await press(drive, "I")
            await drive.type(str(log.parent))
            await press(drive, "enter")
            told = "\n".join(drawn(drive.find(FactList)))
            assert "claude-code" in told
            assert "a.jsonl:7" in told
            await press(drive, "escape")
            assert "12 calls" in summary(drive)
            assert "claude-opus-5-5" in rows(drive)[1]
