from __future__ import annotations

from dataclasses import replace

import pytest
from textual.app import ComposeResult

from engine.model import Method
from tests.tui.demo import DemoApp
from tests.tui.drawn import drawn
from tests.tui.hostile import HOSTILE
from tests.tui.samples import sample_chart, sample_model, sample_pack
from tui.state import Phase, ViewState
from tui.widgets.report_line import Fact, ReportLine, fitting, gap_words, method_words

CHART = sample_chart(files=200)


def state_of(**changes: object) -> ViewState:
    pack = sample_pack(CHART, 40_000)
    request = replace(pack.request, profile="review")
    state = ViewState(request, chart=CHART, pack=pack, saved=request, phase=Phase.READY)
    return replace(state, **changes)  # type: ignore[arg-type]


class LineDemo(DemoApp):
    def compose(self) -> ComposeResult:
        yield ReportLine()

    @property
    def line(self) -> ReportLine:
        return self.query_one(ReportLine)

    def text(self) -> str:
        return "\n".join(drawn(self.line))


@pytest.mark.asyncio
async def test_a_wide_line_says_everything() -> None:
    app = LineDemo()
    async with app.run_test(size=(120, 4)) as pilot:
        await pilot.pause()
        state = state_of()
        assert state.pack is not None
        app.line.state = state
        words = ("budget 40,000", f"est {state.pack.est_used:,}", f"actual {state.pack.actual:,}", "quality ",
                 "≤ 0.13 % from optimal", "exact", "sample-1", "review", "markdown")  # fmt: skip
        for word in words:
            assert word in app.text()
        assert "review*" not in app.text()


@pytest.mark.asyncio
async def test_what_is_not_counted_or_not_saved_yet_is_said() -> None:
    app = LineDemo()
    async with app.run_test(size=(120, 4)) as pilot:
        await pilot.pause()
        state = state_of()
        app.line.state = replace(state, pack=sample_pack(CHART, 40_000, settled=False))
        assert "counting…" in app.text()
        app.line.state = replace(state, request=replace(state.request, budget=50_000))
        assert "review*" in app.text()


@pytest.mark.asyncio
async def test_over_the_budget_is_said_in_words() -> None:
    app = LineDemo()
    async with app.run_test(size=(60, 4)) as pilot:
        await pilot.pause()
        app.line.state = state_of(pack=replace(sample_pack(CHART, 40_000), actual=41_204))
        assert "OVER +1,204" in app.text()


@pytest.mark.parametrize("height", [1, 2])
@pytest.mark.asyncio
async def test_trouble_takes_the_place_of_the_numbers(height: int) -> None:
    app = LineDemo()
    async with app.run_test(size=(100, 4)) as pilot:
        await pilot.pause()
        app.line.styles.height = height
        await pilot.pause()
        app.line.state = state_of(pack=sample_pack(CHART, 40_000, problem="budget 200 is too small; use 4,310"))
        assert "budget 200 is too small; use 4,310" in app.text()
        assert "quality" not in app.text()
        app.line.state = state_of(trouble="no repository there")
        assert "no repository there" in app.text()


@pytest.mark.parametrize("width", [4, 20, 60, 200])
@pytest.mark.asyncio
async def test_hostile_names_and_messages_stay_text_in_their_cells(width: int) -> None:
    app = LineDemo()
    async with app.run_test(size=(width, 4)) as pilot:
        await pilot.pause()
        for text in (*HOSTILE, "x" * 1_000_000, "\x1b[" * 500_000):
            chart = replace(CHART, model=sample_model(id=text))
            state = state_of(chart=chart)
            app.line.state = replace(state, request=replace(state.request, profile=text))
            app.text()
            app.line.state = replace(state, trouble=text or "?")
            app.text()


def test_what_matters_least_goes_first_and_something_always_stays() -> None:
    facts = [Fact("a" * 10, "", 0, 0), Fact("b" * 10, "", 5, 0), Fact("c" * 10, "", 3, 0)]
    assert fitting(facts, 100) == facts
    assert [fact.text[0] for fact in fitting(facts, 30)] == ["a", "c"]
    assert [len(fact.text) for fact in fitting(facts, 4)] == [4]


def test_a_count_that_is_not_exact_says_its_band() -> None:
    assert method_words(sample_model()) == "exact"
    guess = sample_model(method=Method.ESTIMATE, error_band=(-0.2, 0.29))
    assert method_words(guess) == "estimate −20…+29 %"
    near = sample_model(method=Method.RECONSTRUCTED, error_band=(-0.003, 0.002))
    assert method_words(near) == "reconstructed −0.3…+0.2 %"


@pytest.mark.parametrize(("gap", "words"), [(0.0, "optimal"), (1e-9, "≤ 0.01 %"), (0.0013, "≤ 0.13 %")])
def test_the_distance_is_never_said_smaller_than_it_is(gap: float, words: str) -> None:
    assert gap_words(gap).startswith(words)
