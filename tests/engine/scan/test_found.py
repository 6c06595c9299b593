from __future__ import annotations

from pathlib import Path

import pytest

from engine.columns import CLASSES
from engine.errors import Cancelled
from engine.events import Event, FilesFound, FoundFile
from engine.inspector import Inspector
from engine.request import ScanRequest
from tests.sample import FILES, make_repository


def found(events: list[Event]) -> list[FoundFile]:
    return [file for event in events if isinstance(event, FilesFound) for file in event.files]


def test_files_are_told_while_the_scan_runs_and_add_up_to_it(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "shop")
    events: list[Event] = []
    with Inspector(cache_path=tmp_path / "blobs.db", emit=events.append) as inspector:
        scan = inspector.scan(ScanRequest(root, "gpt-4o"))
        files = found(events)
        assert sorted(file.path for file in files) == sorted(set(FILES) - {"logo.png", "shop/__init__.py"})
        by_class = {name: sum(file.tokens.get(name, 0) for file in files) for name in CLASSES}
        assert {name: by_class[name] for name in CLASSES if by_class[name]} == {
            name: row["tokens"] for name, row in scan["classes"].items()
        }
        events.clear()
        (root / "shop" / "money.py").write_text("class Money:\n    pass\n")
        live = inspector.live(ScanRequest(root, "gpt-4o"))
        again = found(events)
        assert len(again) == len(files)
        assert sum(sum(file.tokens.values()) for file in again) == live.chart.summary["tokens"]


def test_a_stopped_scan_has_told_what_it_knows(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "shop")
    events: list[Event] = []
    looks = iter(range(1_000))
    with (
        Inspector(use_cache=False, emit=events.append, cancelled=lambda: next(looks) > 4) as inspector,
        pytest.raises(Cancelled),
    ):
        inspector.scan(ScanRequest(root, "gpt-4o"))
    assert len({file.path for file in found(events)}) == len(found(events))
