"""The room for the answer: what the bar shows, what the dialog says, and what is kept free for the pack."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from textual.widgets import Input

from tests.tui.drawn import drawn, title
from tests.tui.driving import Drive, driven
from tests.tui.fake import FakeEngine, fake_setup
from tests.tui.hostile import HOSTILE
from tests.tui.samples import sample_chart, sample_pack
from tests.tui.test_everywhere import LOUD, look, measure
from tui.answer import Task
from tui.modals.task_input import TaskInput
from tui.preferences import load_preferences
from tui.widgets.answer_panel import AnswerPanel
from tui.widgets.report_line import ReportLine
from tui.widgets.tick_box import TickBox
from tui.widgets.window_bar import WindowBar
from tui.widgets.window_parts import ANSWER, FREE, RESERVE, pack_parts


def bar(drive: Drive) -> WindowBar:
    return drive.app.screen_stack[0].query_one(WindowBar)


def part(drive: Drive, key: str) -> int:
    return next(part.tokens for part in bar(drive)._parts() if part.key == key)


async def choose(
    drive: Drive, category: str = "", complexity: str = "", files: str = "", *, keep: bool = False
) -> None:
    """Fill the dialog and take it."""
    await drive.press("A")
    await drive.until(lambda: isinstance(drive.app.screen, TaskInput), "the dialog is there")
    for name, words in (("category", category), ("complexity", complexity), ("files", files)):
        drive.find(Input, f"#{name}").value = words
    await drive.rest()
    if drive.find(TickBox).is_ticked is not keep:
        drive.find(TickBox).focus()
        await drive.press("space")
    await drive.press("enter")
    await drive.until(lambda: not isinstance(drive.app.screen, TaskInput), "the dialog is taken")
    await drive.rest()


async def answered(drive: Drive, model: str) -> None:
    """Wait until the estimator was asked for a model."""

    def done() -> bool:
        answer = drive.app.state.answer
        return answer is not None and answer.model == model

    await drive.until(done, f"the answer of {model}")
    await drive.rest()


@pytest.mark.parametrize("budget", [700, 12_000, 150_000, 199_000, 200_000])
@pytest.mark.parametrize(("reserve", "answer"), [(0, 0), (0, 4_096), (2_000, 4_096), (8_000, 4_096), (0, 150_000)])
def test_the_parts_are_the_window_whatever_the_answer_needs(budget: int, reserve: int, answer: int) -> None:
    """window = pack + instructions + unused + free + answer + reserve."""
    reserve = min(reserve, 200_000 - budget)
    pack = sample_pack(sample_chart(), budget, reserve=reserve, settled=False)
    without = {part.key: part.tokens for part in pack_parts(pack, budget, reserve)}
    parts = {part.key: part.tokens for part in pack_parts(pack, budget, reserve, answer)}
    assert sum(parts.values()) == sum(without.values()) == 200_000
    assert parts[RESERVE] == reserve
    assert parts[ANSWER] == min(max(0, answer - reserve), without[FREE])


@pytest.mark.asyncio
async def test_the_default_task_has_its_room_from_the_start(tmp_path: Path) -> None:
    async with driven(fake_setup(tmp_path), (160, 36)) as drive:
        assert drive.app.state.answer is not None
        assert drive.app.state.answer.task == Task()
        assert part(drive, ANSWER) == 12_288
        assert "answer 12,288 · " in title(bar(drive))
        assert drive.request.reserve_tokens == 0
        said = " ".join(drawn(drive.find(ReportLine)))
        for word in ("answer other/medium", "p50 3.64k", "p90 9.64k", "p95 12.7k", "confidence 0.50"):
            assert word in said


@pytest.mark.asyncio
async def test_a_task_is_chosen_shown_and_remembered_for_its_repository(tmp_path: Path) -> None:
    setup = fake_setup(tmp_path)
    async with driven(setup) as drive:
        await choose(drive, "docs", "low", "docs/usage.md, docs/more.md")
        assert part(drive, ANSWER) == 4_096 + 2_000
        assert drive.request.reserve_tokens == 0
        assert not drive.app.state.undo
    kept = Task("docs", "low", ("docs/usage.md", "docs/more.md"))
    assert load_preferences(setup.data_folder).task_of(sample_chart().root) == kept
    async with driven(fake_setup(tmp_path)) as drive:
        assert drive.app.state.task == kept
        assert part(drive, ANSWER) == 4_096 + 2_000
        await choose(drive)
    assert load_preferences(setup.data_folder).tasks == ()


@pytest.mark.asyncio
async def test_what_is_kept_free_is_the_reserve_of_the_pack_and_can_be_undone(tmp_path: Path) -> None:
    async with driven(fake_setup(tmp_path)) as drive:
        await choose(drive, complexity="high", keep=True)
        await drive.until(lambda: drive.app.state.settled is not None, "the pack is settled")
        settled = drive.app.state.settled
        assert settled is not None
        assert settled.report["reserve"] == drive.request.reserve_tokens == 16_384
        assert (part(drive, ANSWER), part(drive, RESERVE)) == (0, 16_384)
        assert "answer 16,384 kept free" in title(bar(drive))
        await choose(drive, complexity="low", keep=True)
        assert drive.request.reserve_tokens == 4_096
        await choose(drive, complexity="low", keep=False)
        assert drive.request.reserve_tokens == 0
        assert part(drive, ANSWER) == 4_096
        await drive.press("u", "u", "u")
        assert drive.request.reserve_tokens == 0
        assert not drive.app.state.undo


@pytest.mark.asyncio
async def test_keeping_it_free_takes_from_a_budget_that_leaves_no_room(tmp_path: Path) -> None:
    async with driven(fake_setup(tmp_path)) as drive:
        await drive.press("b", *"195k", "enter")
        assert "only 5,000 left" in title(bar(drive))
        await choose(drive, keep=True)
        assert (drive.request.budget, drive.request.reserve_tokens) == (200_000 - 12_288, 12_288)
        assert not drive.app.state.trouble


@pytest.mark.asyncio
async def test_another_model_has_another_limit_and_what_is_kept_free_follows(tmp_path: Path) -> None:
    engine = FakeEngine()
    engine.longest_answers["sample-mini"] = 8_192
    async with driven(fake_setup(tmp_path, engine)) as drive:
        await choose(drive, keep=True)
        await drive.press("m")
        await drive.type("mini")
        await drive.press("enter")
        await drive.until(
            lambda: drive.app.state.answer and drive.app.state.answer.model == "sample-mini", "it is asked"
        )
        await drive.rest()
        assert drive.request.reserve_tokens == 8_192
        assert drive.app.state.answer is not None
        assert (drive.app.state.answer.wanted_tokens, drive.app.state.answer.ceiling_tokens) == (12_288, 8_192)
        await drive.press("u")
        await answered(drive, "sample-1")
        assert drive.request.reserve_tokens == 12_288


@pytest.mark.asyncio
async def test_an_accepted_proposal_is_in_the_bar(tmp_path: Path) -> None:
    engine = FakeEngine()
    async with driven(fake_setup(tmp_path, engine)) as drive:
        await choose(drive, "docs", "low")
        await drive.press("C", "down", "a")
        await drive.until(lambda: engine.records.records.learned, "a version is applied")
        await drive.rest()
        learned = engine.records.records.learned[-1][1]["docs/low/openai/gpt-5"]
        await drive.press("i")
        assert part(drive, ANSWER) == learned < 4_096


@pytest.mark.asyncio
async def test_words_that_are_no_task_are_told_and_not_taken(tmp_path: Path) -> None:
    async with driven(fake_setup(tmp_path)) as drive:
        await drive.press("A")
        await drive.until(lambda: isinstance(drive.app.screen, TaskInput), "the dialog is there")
        drive.find(Input, "#complexity").value = "heroic"
        await drive.rest()
        assert "there is no complexity 'heroic'" in "\n".join(drawn(drive.find(AnswerPanel)))
        await drive.press("enter")
        assert isinstance(drive.app.screen, TaskInput)
        await drive.press("escape")
        assert drive.app.state.task == Task()


@pytest.mark.parametrize("text", [*HOSTILE, LOUD])
@pytest.mark.asyncio
async def test_hostile_tasks_are_text(text: str, tmp_path: Path) -> None:
    """Of a file of preferences that somebody else wrote, and of an estimator that repeats what it was asked."""
    async with driven(fake_setup(tmp_path), (100, 30)) as drive:
        drive.app.state = replace(drive.app.state, task=Task(text, "", (text, text)))
        await drive.rest()
        look(drive, "the bar")
        measure(drive, "the bar")
        await drive.press("A")
        await drive.until(lambda: isinstance(drive.app.screen, TaskInput), "the dialog is there")
        await drive.rest()
        look(drive, "the dialog")
        measure(drive, "the dialog")
        assert not drive.app.state.trouble
