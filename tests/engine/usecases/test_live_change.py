"""A repository held open, against a revision and searched: the same answers as the facade's, which opens it anew."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from engine.inspector import Inspector
from engine.live import Live
from engine.request import PackRequest, ScanRequest, Tuning
from tests.engine.walk.repos import write
from tests.sample import make_repository


@pytest.fixture
def inspector(tmp_path: Path) -> Iterator[Inspector]:
    with Inspector(cache_path=tmp_path / "blobs.db") as opened:
        yield opened


@pytest.fixture
def scan(tmp_path: Path) -> ScanRequest:
    root = make_repository(tmp_path / "shop")
    changed = next(path for path in sorted(root.rglob("*.py")))
    write(
        root, {changed.relative_to(root).as_posix(): changed.read_text() + "\n\ndef added(total):\n    return total\n"}
    )
    return ScanRequest(root, "gpt-4o")


@pytest.fixture
def live(inspector: Inspector, scan: ScanRequest) -> Iterator[Live]:
    opened = inspector.live(scan)
    yield opened
    opened.close()


@pytest.mark.parametrize("query", ["", "added total"])
@pytest.mark.parametrize("budget", [700, 1_500, 4_000])
def test_a_live_pack_against_a_revision_is_the_pack_of_the_command(
    inspector: Inspector, live: Live, scan: ScanRequest, budget: int, query: str
) -> None:
    request = PackRequest(scan, budget, query=query, diff="HEAD")
    pack = live.repack(request)
    assert not pack.problem
    settled, packed = live.settle(request), inspector.pack(request)
    assert settled.text == packed.text
    assert settled.pack.est_used == packed.report["est_used"]
    assert pack.est_used <= budget
    assert settled.pack.changed is not None
    rows = np.flatnonzero(settled.pack.changed)
    assert len(rows) == packed.report["diff"]["chunks"]
    levels = packed.report["diff"]["levels"]
    assert np.bincount(settled.pack.levels[rows], minlength=7).tolist() == [levels.get(str(n), 0) for n in range(7)]
    assert "1 modified" in settled.pack.change_told
    assert (settled.pack.pinned == -1).all()  # the change is no pin that somebody made


def test_pins_of_a_person_are_told_beside_a_change(live: Live, scan: ScanRequest) -> None:
    request = PackRequest(scan, 4_000, diff="HEAD", tuning=Tuning(pins=(("README.md", 1),)))
    pack = live.repack(request)
    names = [pack_file.path for pack_file in live.chart.columns.files]
    pinned = {names[file] for file in live.chart.columns.file[pack.pinned >= 0].tolist()}
    assert pinned == {"README.md"}


def test_a_revision_that_is_none_is_a_problem_that_names_others(live: Live, scan: ScanRequest) -> None:
    pack = live.repack(PackRequest(scan, 4_000, diff="HAED"))
    assert "HAED" in pack.problem
    assert live.repack(PackRequest(scan, 4_000)).problem == ""


@pytest.mark.parametrize(
    ("query", "intent", "diff"), [("order total", "", ""), ("added", "config", ""), ("", "", "HEAD")]
)
def test_a_search_of_an_open_repository_is_that_of_the_facade(
    inspector: Inspector, live: Live, scan: ScanRequest, query: str, intent: str, diff: str
) -> None:
    request = PackRequest(scan, 1_500, query=query, diff=diff)
    live.repack(request)
    told = [live.search(request, intent, 5).as_json(), inspector.search(request, intent, 5).as_json()]
    for one in told:
        for clock in ("seconds", "cache"):
            one["token_report"].pop(clock, None)
    assert told[0] == told[1]
    assert told[0]["results"]
    assert live.repack(request).problem == ""
