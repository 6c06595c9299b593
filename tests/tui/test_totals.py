from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from textual.app import ComposeResult

from engine.events import Progress
from engine.request import PackRequest, ScanRequest
from tests.tui.demo import DemoApp
from tests.tui.drawn import drawn
from tests.tui.hostile import HOSTILE
from tests.tui.samples import sample_chart
from tui.state import Found, Phase, ViewState
from tui.widgets.totals import Totals, time_words

CHART = sample_chart(files=200)
STATE = ViewState(PackRequest(CHART.scan, 8_000), chart=CHART, phase=Phase.READY)


class TotalsDemo(DemoApp):
    def compose(self) -> ComposeResult:
        yield Totals()

    def text(self, state: ViewState) -> str:
        line = self.query_one(Totals)
        line.state = state
        return drawn(line)[0]


@pytest.mark.asyncio
async def test_what_the_repository_holds() -> None:
    app = TotalsDemo()
    async with app.run_test(size=(100, 2)) as pilot:
        await pilot.pause()
        text = app.text(STATE)
        tokens = int(CHART.columns.tokens[:, 0].sum())
        for word in ("shop", "200 files", "1,200 chunks", f"{tokens:,} tokens", "2 skipped"):
            assert word in text


@pytest.mark.asyncio
async def test_how_far_a_scan_is_and_how_fast() -> None:
    app = TotalsDemo()
    async with app.run_test(size=(140, 2)) as pilot:
        await pilot.pause()
        scanning = replace(STATE, chart=None, phase=Phase.SCANNING)
        assert "opening…" in app.text(scanning)
        assert "listing…" in app.text(replace(scanning, progress=Progress("list", 0, 0)))
        progress = Progress("analyze", 1_000, 4_000, 60_000_000)
        text = app.text(replace(scanning, progress=progress, elapsed_s=2.0, found=Found(3, 31_000)))
        for word in ("25.0 %", "reading 1,000 of 4,000 files", "30.0 MB/s", "6 s left", "31,000 tokens so far"):
            assert word in text


@pytest.mark.parametrize("width", [6, 60])
@pytest.mark.asyncio
async def test_hostile_names_stay_text(width: int) -> None:
    app = TotalsDemo()
    async with app.run_test(size=(width, 2)) as pilot:
        await pilot.pause()
        for text in (*HOSTILE, "n" * 1_000_000):
            app.text(replace(STATE, chart=replace(CHART, name=text, revision=text)))
            app.text(
                replace(STATE, phase=Phase.SCANNING, chart=None, progress=Progress(text[:99], 1, 3), elapsed_s=9.0)
            )
            if len(text) < 1_000 and "\x00" not in text:
                app.text(replace(STATE, chart=None, request=PackRequest(ScanRequest(Path("/") / text, "m"), 1)))


@pytest.mark.parametrize(("seconds", "words"), [(0.2, "<1 s"), (12, "12 s"), (99, "99 s"), (180, "3 min")])
def test_times_are_written_no_finer_than_they_are_known(seconds: float, words: str) -> None:
    assert time_words(seconds) == words
