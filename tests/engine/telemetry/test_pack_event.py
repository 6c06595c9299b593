from __future__ import annotations

import datetime
from pathlib import Path

from engine.inspector import Inspector
from engine.request import PackRequest, ScanRequest
from engine.telemetry.pack_event import impossible_pack, pack_event
from tests.sample import make_repository

NOON = datetime.datetime(2026, 11, 20, 12, tzinfo=datetime.UTC)


def test_a_pack_is_an_event_with_the_numbers_of_its_report(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "shop")
    with Inspector() as inspector:
        report = inspector.pack(PackRequest(ScanRequest(root, "gpt-5.5"), "600")).report
    event = pack_event(report, repository="shop", timestamp=NOON, dedupe_key="p")
    assert impossible_pack(event) == ""
    assert (event.budget_tokens, event.actual_tokens) == (600, report["actual"])
    assert event.quality == report["quality"]
