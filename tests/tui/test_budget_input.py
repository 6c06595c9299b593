from __future__ import annotations

import pytest
from textual.widgets import Input, Label

from tests.tui.demo import DemoApp
from tests.tui.hostile import HOSTILE
from tui.modals.budget_input import BudgetInput, meaning


class InputDemo(DemoApp):
    def __init__(self, budget: int | str = 48_000) -> None:
        super().__init__()
        self.answers: list[int | str | None] = []
        self._budget = budget

    def on_mount(self) -> None:
        self.push_screen(BudgetInput(self._budget, 200_000), self.answers.append)

    def said(self) -> str:
        return str(self.screen.query_one("#meaning", Label).content)


@pytest.mark.parametrize(
    ("keys", "answer"),
    [(["3", "2", "k", "enter"], 32_000), (["4", "0", "percent_sign", "enter"], "40%"), (["enter"], 48_000),
     (["escape"], None)],
)  # fmt: skip
@pytest.mark.asyncio
async def test_typing_replaces_what_is_in_force(keys: list[str], answer: int | str | None) -> None:
    app = InputDemo()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press(*keys)
        assert app.answers == [answer]


@pytest.mark.asyncio
async def test_it_says_at_once_what_was_typed_and_takes_nothing_wrong() -> None:
    app = InputDemo("40%")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "80,000 tokens · 40.0 % of the window" in app.said()
        await pilot.press("1", "M", "enter")
        assert "larger than the model's window" in app.said()
        await pilot.press("x", "enter")
        assert "is not a number of tokens" in app.said()
        assert not app.answers
        app.screen.query_one(Input).value = ""
        await pilot.press("enter")
        assert "write 32000" in app.said()
        assert not app.answers


@pytest.mark.asyncio
async def test_hostile_budgets_are_refused_as_text() -> None:
    app = InputDemo()
    async with app.run_test(size=(60, 20)) as pilot:
        for text in (*HOSTILE, "9" * 1_000):
            app.push_screen(BudgetInput(text, 200_000), app.answers.append)
            await pilot.press("enter")
            assert not app.answers
            assert "".join(app.said().split("\n")).isprintable()


def test_the_meaning_is_what_the_engine_reads() -> None:
    assert meaning(" 1_000 ", 8_000)[0] == 1_000
    assert meaning("0", 8_000)[0] is None
