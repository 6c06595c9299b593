from __future__ import annotations

from typing import cast

import pytest

from engine.model import CLASSES, ChunkClass
from engine.request import Tuning
from tests.tui.demo import StateApp
from tests.tui.drawn import drawn
from tests.tui.samples import sample_chart
from tui.messages import RequestChanged
from tui.modals.tuning import ClassRow, TuningScreen
from tui.widgets.level_picker import LevelPicker
from tui.widgets.share_slider import ShareSlider
from tui.widgets.slider import Slider

CHART = sample_chart(files=120)
DEFAULTS = dict.fromkeys(CLASSES, 0.5)


class TuneDemo(StateApp):
    def on_mount(self) -> None:
        self.push_screen(TuningScreen(DEFAULTS), self._answer)

    def _answer(self, kept: bool | None) -> None:
        self.answer = kept

    @property
    def tuning(self) -> Tuning:
        return self.state.request.tuning

    def row(self, chunk_class: ChunkClass) -> ClassRow:
        return self.screen.query_one(f"#class-{chunk_class.value}", ClassRow)

    def posted(self) -> list[RequestChanged]:
        return cast("list[RequestChanged]", self.kept)


@pytest.mark.asyncio
async def test_there_is_a_row_for_each_class_of_the_repository() -> None:
    app = TuneDemo(sample_chart(files=30, classes=(0, 5)), budget=9_000)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        rows = list(app.screen.query(ClassRow).results(ClassRow))
        assert {row.chunk_class for row in rows} == {ChunkClass.CODE, ChunkClass.DOCS}


@pytest.mark.asyncio
async def test_every_move_repacks_behind_and_shows_what_is_in_force() -> None:
    app = TuneDemo(CHART, budget=9_000)
    async with app.run_test(size=(120, 30)) as pilot:
        await pilot.pause()
        await pilot.press("right")
        assert app.tuning.weights[ChunkClass.CODE] > 0.5
        await pilot.press("right", "left", "left", "left")
        assert app.row(ChunkClass.CODE).query_one(Slider).value == 0.5
        assert not app.tuning.weights
        await pilot.press("tab", "shift+right", "down", "shift+right")
        assert app.tuning.shares == {ChunkClass.CODE: (0.1, 1.0), ChunkClass.TESTS: (0.1, 1.0)}
        await pilot.press("tab", "2")
        assert app.tuning.max_level == {ChunkClass.TESTS: 2}
        assert app.row(ChunkClass.TESTS).query_one(LevelPicker).level == 2
        assert len(app.posted()) == 8


@pytest.mark.asyncio
async def test_a_row_or_all_rows_can_be_reset_and_undone() -> None:
    app = TuneDemo(CHART, budget=9_000)
    async with app.run_test(size=(120, 30)) as pilot:
        await pilot.pause()
        await pilot.press("2", "enter", "down", "3", "enter")
        assert app.tuning.weights == {ChunkClass.CODE: 2, ChunkClass.TESTS: 3}
        await pilot.press("r")
        assert app.tuning.weights == {ChunkClass.CODE: 2}
        assert app.row(ChunkClass.TESTS).query_one(Slider).value == 0.5
        await pilot.press("R")
        assert not app.tuning.weights
        await pilot.press("ctrl+z", "ctrl+z")
        assert app.tuning.weights == {ChunkClass.CODE: 2, ChunkClass.TESTS: 3}
        assert app.row(ChunkClass.TESTS).query_one(Slider).value == 3


@pytest.mark.asyncio
async def test_escape_restores_and_enter_keeps() -> None:
    app = TuneDemo(CHART, budget=9_000)
    async with app.run_test(size=(120, 30)) as pilot:
        await pilot.pause()
        before = app.state.request
        await pilot.press("shift+right", "tab", "right", "escape")
        assert app.state.request == before
        assert app.answer is False
        app.push_screen(TuningScreen(DEFAULTS), app._answer)
        await pilot.press("shift+right", "enter")
        assert app.state.request != before
        assert app.answer is True


@pytest.mark.asyncio
async def test_a_drag_is_one_step_back() -> None:
    app = TuneDemo(CHART, budget=9_000)
    async with app.run_test(size=(120, 30)) as pilot:
        await pilot.pause()
        share = app.row(ChunkClass.DOCS).query_one(ShareSlider)
        await pilot.mouse_down(share, offset=(2, 0))
        await pilot.hover(share, offset=(8, 0))
        await pilot.hover(share, offset=(12, 0))
        await pilot.mouse_up(share, offset=(12, 0))
        await pilot.press("tab")
        messages = app.posted()
        assert len(messages) >= 2
        assert [message.continued for message in messages] == [False] + [True] * (len(messages) - 1)
        await pilot.press("left")
        assert not app.posted()[-1].continued


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 36), (200, 60)])
@pytest.mark.asyncio
async def test_all_classes_are_in_sight_at_every_size(size: tuple[int, int]) -> None:
    app = TuneDemo(CHART, budget=9_000)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        for row in app.screen.query(ClassRow).results(ClassRow):
            assert row.region.bottom <= size[1]
            assert row.query_one(Slider).size.width >= 10
            for widget in (row.query_one(Slider), row.query_one(ShareSlider), row.query_one(LevelPicker)):
                drawn(widget)
