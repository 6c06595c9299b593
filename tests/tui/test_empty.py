from __future__ import annotations

import pytest
from textual.app import ComposeResult

from tests.tui.demo import DemoApp
from tests.tui.drawn import drawn
from tests.tui.hostile import HOSTILE
from tui.widgets.empty import Empty


class EmptyDemo(DemoApp):
    def compose(self) -> ComposeResult:
        yield Empty("Nothing is packed yet.", "b", "types a budget")


@pytest.mark.asyncio
async def test_it_says_what_would_be_here_and_which_key_fills_it() -> None:
    app = EmptyDemo()
    async with app.run_test(size=(60, 9)) as pilot:
        await pilot.pause()
        text = "\n".join(drawn(app.query_one(Empty)))
        assert "Nothing is packed yet." in text
        assert "b types a budget" in text


@pytest.mark.parametrize("size", [(3, 2), (20, 3), (60, 9)])
@pytest.mark.asyncio
async def test_hostile_words_stay_text_in_their_cells(size: tuple[int, int]) -> None:
    app = EmptyDemo()
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        empty = app.query_one(Empty)
        for text in (*HOSTILE, "w" * 1_000_000, "w " * 500_000):
            empty.words = text
            drawn(empty)
