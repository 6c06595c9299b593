from __future__ import annotations

from dataclasses import replace

import pytest
from textual.app import ComposeResult

from engine.events import Progress
from tests.tui.demo import DemoApp
from tests.tui.samples import sample_chart, sample_pack, sample_request
from tui.state import Phase, ViewState
from tui.widgets.progress_line import ProgressLine

CHART = sample_chart(files=4)
REQUEST = sample_request(CHART, 8_000)
READY = ViewState(request=REQUEST, phase=Phase.READY, chart=CHART, pack=sample_pack(CHART, request=REQUEST))


class Shown(DemoApp):
    def compose(self) -> ComposeResult:
        yield ProgressLine()


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("state", "shown"),
    [
        (READY, False),
        (replace(READY, phase=Phase.SCANNING), True),
        (replace(READY, progress=Progress("index", 3, 9), elapsed_s=1.0), True),
        (replace(READY, progress=Progress("pack", 0, 0)), False),
        (replace(READY, phase=Phase.FAILED, progress=Progress("index", 3, 9)), False),
    ],
    ids=["at rest", "scanning", "indexing", "settling", "failed"],
)
async def test_the_line_is_there_while_somebody_has_to_wait(state: ViewState, shown: bool) -> None:
    async with Shown().run_test(size=(100, 5)) as pilot:
        line = pilot.app.query_one(ProgressLine)
        line.state = state
        await pilot.pause()
        assert line.display is shown
        text = "".join(part for row in line.rows(100, 1) for part, _ in row)
        assert not shown or state.progress is None or ("reading words: 3 of 9" in text and "33" in text)
        assert "ctrl+c stops" in text or not shown
