from __future__ import annotations

from decimal import Decimal

import pytest
from textual.widgets import Label

from engine.model import Method, Model
from tests.tui.demo import DemoApp
from tests.tui.drawn import drawn, title
from tests.tui.hostile import HOSTILE
from tests.tui.samples import sample_model
from tui.modals.model_picker import ModelPicker
from tui.widgets.model_list import ModelList
from tui.widgets.model_rows import details, matching

NAMES = ("gpt-5.5", "gpt-5.5-mini", "gpt-4o", "claude-opus-4-6", "claude-haiku-4-5", "gemini-2.5-pro", "o3")


def catalog() -> tuple[Model, ...]:
    made = [sample_model(id=name, provider=name[:3], aliases=()) for name in NAMES]
    made[3] = sample_model(
        id=NAMES[3], provider="anthropic", aliases=("opus",), method=Method.RECONSTRUCTED, error_band=(-0.01, 0.02),
        context_window=1_000_000, price_in=Decimal("5"), price_out=Decimal("25"), encoding="claude",
    )  # fmt: skip
    return tuple(made)


class PickerDemo(DemoApp):
    def __init__(self, models: tuple[Model, ...], current: str = "gpt-4o", recent: tuple[str, ...] = ()) -> None:
        super().__init__()
        self.answers: list[str | None] = []
        self._screen = ModelPicker(models, current, recent)

    def on_mount(self) -> None:
        self.push_screen(self._screen, self.answers.append)

    @property
    def listed(self) -> ModelList:
        return self.screen.query_one(ModelList)


def _ids(query: str, recent: tuple[str, ...] = ()) -> list[str]:
    return [model.id for model in matching(catalog(), query, recent)]


def test_models_used_last_come_first_until_something_is_typed() -> None:
    assert _ids("") == list(NAMES)
    assert _ids("", ("o3", "gone", "gpt-4o", "o3")) == [
        "o3",
        "gpt-4o",
        *(n for n in NAMES if n not in ("o3", "gpt-4o")),
    ]
    assert _ids("o3", ("gpt-4o",))[0] == "o3"


@pytest.mark.parametrize(
    ("query", "first"),
    [("gpt-5.5", "gpt-5.5"), ("mini", "gpt-5.5-mini"), ("OPUS", "claude-opus-4-6"), ("claude hai", "claude-haiku-4-5"),
     ("anthropic", "claude-opus-4-6"), ("gm25p", "gemini-2.5-pro"), ("reconstructed", "claude-opus-4-6")],
)  # fmt: skip
def test_some_letters_find_a_model(query: str, first: str) -> None:
    assert _ids(query)[0] == first


def test_what_matches_nothing_is_not_listed() -> None:
    assert _ids("zzzz") == []
    assert "o3" not in _ids("claude")


@pytest.mark.asyncio
async def test_typing_narrows_and_enter_chooses() -> None:
    app = PickerDemo(catalog())
    async with app.run_test(size=(120, 30)) as pilot:
        await pilot.pause()
        chosen = app.listed.chosen
        assert chosen is not None
        assert chosen.id == "gpt-4o"
        await pilot.press(*"clau")
        assert [model.id for model in app.listed.models] == ["claude-opus-4-6", "claude-haiku-4-5"]
        assert "2 of 7" in title(app.screen.query_one(".dialog"))
        await pilot.press("down", "down", "up", "down", "enter")
        assert app.answers == ["claude-haiku-4-5"]


@pytest.mark.asyncio
async def test_escape_chooses_nothing_and_nothing_cannot_be_chosen() -> None:
    app = PickerDemo(catalog())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press(*"zzzz", "enter")
        assert "no model matches" in drawn(app.listed)[1]
        assert not app.answers
        await pilot.press("escape")
        assert app.answers == [None]


@pytest.mark.asyncio
async def test_a_row_says_window_price_and_method_and_marks_say_what_is_in_use() -> None:
    app = PickerDemo(catalog(), "claude-opus-4-6", ("gpt-4o",))
    async with app.run_test(size=(150, 30)) as pilot:
        await pilot.pause()
        row = next(row for row in drawn(app.listed) if "claude-opus-4-6" in row)
        for word in ("●", "anthropic", "1M", "5", "25", "reconstructed −1.0…+2.0 %", "claude", "2026-11-01"):
            assert word in row
        assert "○ gpt-4o" in drawn(app.listed)[1]
        assert "made up" in str(app.screen.query_one("#details", Label).content)


@pytest.mark.asyncio
async def test_a_click_chooses() -> None:
    app = PickerDemo(catalog())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.click(ModelList, offset=(5, 2))
        assert app.answers == ["gpt-5.5-mini"]


@pytest.mark.parametrize("width", [30, 60, 120, 200])
@pytest.mark.asyncio
async def test_hostile_names_stay_text_in_their_columns(width: int) -> None:
    texts = (*HOSTILE, "n" * 1_000_000)
    models = tuple(
        sample_model(id=text, provider=text, encoding=text, claim=text, source=text, as_of=text, deprecation=text,
                     aliases=(text,))
        for text in texts
    )  # fmt: skip
    app = PickerDemo(models, texts[0], texts)
    async with app.run_test(size=(width, 24)) as pilot:
        await pilot.pause()
        drawn(app.listed)
        for _ in models:
            await pilot.press("down")
        drawn(app.listed)
        await pilot.press(*"[/x")
        drawn(app.listed)
        for model in models:
            assert all(line.isprintable() for line in details(model))
