from __future__ import annotations

import pytest
from textual.widgets import Label

from tests.tui.demo import DemoApp
from tests.tui.drawn import drawn
from tests.tui.hostile import HOSTILE
from tui.modals.pin_input import PinInput
from tui.widgets.level_picker import LevelPicker


class PinDemo(DemoApp):
    def __init__(self, glob: str = "", level: int = 0) -> None:
        super().__init__()
        self.answers: list[tuple[str, int] | None] = []
        self._first = PinInput(glob, level)

    def on_mount(self) -> None:
        self.push_screen(self._first, self.answers.append)

    def said(self) -> str:
        return str(self.screen.query_one("#meaning", Label).content)


@pytest.mark.asyncio
async def test_a_glob_and_a_level() -> None:
    app = PinDemo()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("enter")
        assert not app.answers
        await pilot.press(*"*.py", "tab", "right", "3")
        assert "*.py is shown capsule" in app.said()
        await pilot.press("h", "enter")
        assert app.answers == [("*.py", 2)]


@pytest.mark.asyncio
async def test_enter_in_the_line_takes_the_level_that_is_shown_and_escape_nothing() -> None:
    app = PinDemo("docs/", 4)
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.pause()
        await pilot.press("enter")
        assert app.answers == [("docs/", 4)]
        app.push_screen(PinInput("x"), app.answers.append)
        await pilot.press("escape")
        assert app.answers[-1] is None


@pytest.mark.asyncio
async def test_a_click_chooses_a_level() -> None:
    app = PinDemo("docs/")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        row = drawn(app.screen.query_one(LevelPicker))[0]
        await pilot.click(LevelPicker, offset=(row.index("P"), 0))
        assert "capsule" in app.said()


@pytest.mark.asyncio
async def test_hostile_globs_stay_text() -> None:
    app = PinDemo()
    async with app.run_test(size=(60, 20)) as pilot:
        for text in HOSTILE:
            app.push_screen(PinInput(text))
            await pilot.pause()
            assert app.said().isprintable()
