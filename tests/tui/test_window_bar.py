from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from textual import on
from textual.app import ComposeResult
from textual.pilot import Pilot

from engine.live import LivePack
from engine.model import ChunkClass
from tests.tui.demo import DemoApp
from tests.tui.drawn import drawn, title
from tests.tui.samples import sample_chart, sample_model, sample_pack
from tui.settings import with_budget, with_reserve
from tui.state import Found
from tui.widgets.window_bar import WindowBar

CHART = sample_chart(files=300)
SMALL = replace(CHART, model=sample_model(context_window=1_000_000, max_input=1_000_000))


class BarDemo(DemoApp):
    """Follows the bar as the app does: what is chosen becomes the request."""

    def compose(self) -> ComposeResult:
        yield WindowBar()

    @property
    def bar(self) -> WindowBar:
        return self.query_one(WindowBar)

    def show(self, pack: LivePack) -> None:
        self.bar.window = pack.context_window
        self.bar.request = pack.request
        self.bar.pack = pack

    @on(WindowBar.BudgetChosen)
    def _budget(self, message: WindowBar.BudgetChosen) -> None:
        self.kept.append(message)
        assert self.bar.request is not None
        self.bar.request = with_budget(self.bar.request, message.tokens, self.bar.window)

    @on(WindowBar.ReserveChosen)
    def _reserve(self, message: WindowBar.ReserveChosen) -> None:
        self.kept.append(message)
        assert self.bar.request is not None
        self.bar.request = with_reserve(self.bar.request, message.tokens, self.bar.window)

    def budgets(self) -> list[int]:
        return [message.tokens for message in self.kept if isinstance(message, WindowBar.BudgetChosen)]


async def _drag(pilot: Pilot[object], y: int, *columns: int) -> None:
    """Drag the mouse over the content of the bar."""
    offsets = [(column + 2, y + 1) for column in columns]
    await pilot.mouse_down(WindowBar, offset=offsets[0])
    for offset in offsets[1:]:
        await pilot.hover(WindowBar, offset=offset)
    await pilot.mouse_up(WindowBar, offset=offsets[-1])


@pytest.mark.asyncio
async def test_the_bar_names_classes_frame_and_reserve_and_says_the_numbers() -> None:
    app = BarDemo()
    async with app.run_test(size=(160, 10)) as pilot:
        await pilot.pause()
        pack = sample_pack(CHART, 120_000, reserve=40_000)
        app.show(pack)
        await pilot.pause()
        text = "\n".join(drawn(app.bar))
        for word in ("code", "docs", "instructions", "reserve 40k", "▲120,000", "100k"):
            assert word in text
        assert f"{pack.actual:,} of 120,000" in title(app.bar)
        assert "OVER" not in title(app.bar)


@pytest.mark.parametrize(("width", "height"), [(60, 6), (60, 4), (80, 5), (120, 3), (200, 6), (20, 6), (6, 6), (3, 3)])
@pytest.mark.asyncio
async def test_every_row_fits_at_every_size(width: int, height: int) -> None:
    app = BarDemo()
    async with app.run_test(size=(width, 8)) as pilot:
        await pilot.pause()
        app.bar.styles.height = height
        await pilot.pause()
        for chart, budget, reserve in product((CHART, SMALL), (700, 9_000, 200_000), (0, 1_000, 60_000)):
            app.show(sample_pack(chart, budget, reserve=reserve))
            drawn(app.bar)


@pytest.mark.asyncio
async def test_too_much_is_said_in_words() -> None:
    app = BarDemo()
    async with app.run_test(size=(100, 10)) as pilot:
        await pilot.pause()
        pack = sample_pack(CHART, 90_000)
        app.show(replace(pack, actual=91_204))
        await pilot.pause()
        assert "OVER +1,204" in title(app.bar)


@pytest.mark.asyncio
async def test_a_budget_too_small_to_see_gets_a_bar_of_its_own() -> None:
    app = BarDemo()
    async with app.run_test(size=(100, 10)) as pilot:
        await pilot.pause()
        app.show(sample_pack(SMALL, 8_000))
        await pilot.pause()
        assert "zoomed" in title(app.bar)
        assert "▲8,000" in drawn(app.bar)[2]
        app.show(sample_pack(SMALL, 600_000))
        await pilot.pause()
        assert "zoomed" not in title(app.bar)


@pytest.mark.asyncio
async def test_a_running_scan_fills_the_window() -> None:
    app = BarDemo()
    async with app.run_test(size=(140, 10)) as pilot:
        await pilot.pause()
        app.bar.window = 200_000
        app.bar.found = Found(3, 30_000, {ChunkClass.CODE: 20_000, ChunkClass.DOCS: 10_000})
        await pilot.pause()
        assert "30,000 found so far · 15.0 % of the window" in title(app.bar)
        assert "code 20k" in drawn(app.bar)[0]
        app.bar.found = Found(9, 500_000, {ChunkClass.CODE: 500_000})
        await pilot.pause()
        assert "2.5 × the window" in title(app.bar)
        drawn(app.bar)


@pytest.mark.asyncio
async def test_keys_move_the_budget_by_round_steps_that_add_up() -> None:
    app = BarDemo()
    async with app.run_test(size=(100, 10)) as pilot:
        await pilot.pause()
        app.show(sample_pack(CHART, 48_000))
        app.bar.focus()
        await pilot.press("right", "right", "l")
        assert app.budgets() == sorted(set(app.budgets()))
        fine = app.budgets()[0] - 48_000
        await pilot.press("left", "h", "left")
        assert app.budgets()[-1] == 48_000
        await pilot.press("shift+right")
        assert app.budgets()[-1] - 48_000 > fine
        await pilot.press("end")
        assert app.budgets()[-1] == 200_000
        await pilot.press("home")
        pack = app.bar.pack
        assert pack is not None
        assert app.budgets()[-1] == pack.smallest_tokens


@pytest.mark.asyncio
async def test_keys_faster_than_the_app_are_not_lost() -> None:
    app = BarDemo()
    async with app.run_test(size=(100, 10)) as pilot:
        await pilot.pause()
        app.show(sample_pack(CHART, 48_000))
        for _ in range(5):
            app.bar.action_step(1, False)
        assert app.bar.budget_tokens == 53_000
        await pilot.pause()
        assert app.bar.budget_tokens == 53_000


@pytest.mark.asyncio
async def test_the_handle_follows_an_undo() -> None:
    app = BarDemo()
    async with app.run_test(size=(100, 10)) as pilot:
        await pilot.pause()
        pack = sample_pack(CHART, 48_000)
        app.show(pack)
        app.bar.action_step(1, False)
        app.bar.request = replace(pack.request, budget=20_000)
        assert app.bar.budget_tokens == 20_000
        await pilot.pause()


@pytest.mark.asyncio
async def test_dragging_sets_the_budget_live_and_for_good_at_the_end() -> None:
    app = BarDemo()
    async with app.run_test(size=(104, 10)) as pilot:
        await pilot.pause()
        app.show(sample_pack(CHART, 48_000))
        await pilot.pause()
        await _drag(pilot, 0, 30, 45, 50)
        messages = [message for message in app.kept if isinstance(message, WindowBar.BudgetChosen)]
        assert [message.final for message in messages] == [False] * (len(messages) - 1) + [True]
        assert len(messages) >= 3
        assert app.budgets()[0] == pytest.approx(200_000 * 30 / 100, abs=2_000)
        assert app.budgets()[-1] == pytest.approx(200_000 * 50 / 100, abs=2_000)
        app.kept.clear()
        await pilot.hover(WindowBar, offset=(70, 1))
        assert not app.kept


@pytest.mark.asyncio
async def test_dragging_the_zoomed_bar_stays_in_its_scale() -> None:
    app = BarDemo()
    async with app.run_test(size=(104, 10)) as pilot:
        await pilot.pause()
        app.show(sample_pack(SMALL, 8_000))
        await pilot.pause()
        zoom = app.bar.zoom_total
        await _drag(pilot, 1, 50, 99)
        assert app.budgets()[0] == pytest.approx(zoom / 2, abs=zoom / 50)
        assert app.budgets()[-1] == pytest.approx(zoom, abs=zoom / 50)
        await _drag(pilot, 0, 50)
        assert app.budgets()[-1] == pytest.approx(500_000, abs=20_000)


@pytest.mark.asyncio
async def test_dragging_the_edge_of_the_reserve_sets_the_reserve() -> None:
    app = BarDemo()
    async with app.run_test(size=(104, 10)) as pilot:
        await pilot.pause()
        app.show(sample_pack(CHART, 48_000, reserve=40_000))
        await pilot.pause()
        await _drag(pilot, 0, 80, 70, 60)
        last = app.kept[-1]
        assert isinstance(last, WindowBar.ReserveChosen)
        assert last.final
        assert last.tokens == pytest.approx(80_000, abs=3_000)
        assert not app.budgets()


@pytest.mark.asyncio
async def test_nothing_known_is_nothing_drawn_and_nothing_chosen() -> None:
    app = BarDemo()
    async with app.run_test(size=(60, 10)) as pilot:
        await pilot.pause()
        app.bar.focus()
        await pilot.press("right", "home", "end")
        await pilot.click(WindowBar, offset=(10, 1))
        assert not app.kept
        assert "".join(drawn(app.bar)).strip() == ""
