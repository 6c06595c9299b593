"""Learning in the app: proposals are accepted, taken back, refused, stopped; packs that leave the app are recorded."""

from __future__ import annotations

import re
import threading
from pathlib import Path
from typing import cast

import pytest

from engine.config import Config, Setting
from engine.errors import InputError
from engine.model import ChunkClass
from engine.profiles import Profile
from tests.tui.driving import Drive, driven
from tests.tui.fake import FakeEngine, fake_setup
from tests.tui.fake_lesson import sample_lesson
from tests.tui.test_everywhere import look
from tests.tui.test_search_screen import hits, searched
from tui.modals.learning import LearningScreen
from tui.widgets.lesson_panel import LessonPanel, points

pytestmark = pytest.mark.asyncio
PROPOSED = sample_lesson(Profile("learned"), None, False)


def settings(*, record: bool = True) -> Config:
    known = {"model": "sample-1", "record": record, "db": ""}
    return Config({name: Setting(value, "default") for name, value in known.items()}, {}, ())


def dialog(drive: Drive) -> LearningScreen:
    return cast(LearningScreen, drive.app.screen)


async def learned(drive: Drive) -> str:
    await drive.press("L")
    await drive.until(lambda: dialog(drive).proposal is not None, "there is a proposal")
    await drive.rest()
    return look(drive, "learning")


async def test_a_proposal_has_the_figures_of_the_command(tmp_path: Path) -> None:
    async with driven(fake_setup(tmp_path, config=settings()), (200, 60)) as drive:
        shown, data = await learned(drive), PROPOSED.as_dict()
        for one in data["moves"]:
            row = next(line for line in shown.split("\n") if one["why"] in line)
            assert re.search(rf" {one['class']} +{one['before']:g} → +{one['after']:g} ", row), row
        gain = data["later"]
        assert (
            f"{points(gain['difference'])} points, 90% interval {points(gain['low'])} to {points(gain['high'])}"
            in shown
        )
        assert f"{gain['better']} better, {gain['worse']} worse" in shown
        assert "24 earlier ones teach, 16 later ones measure · 2 recorded packs teach too" in shown
        assert drive.request == drive.app.state.saved  # nothing changed


async def test_an_accepted_proposal_is_a_version_in_force_and_can_be_taken_back(tmp_path: Path) -> None:
    engine = FakeEngine()
    async with driven(fake_setup(tmp_path, engine, config=settings())) as drive:
        before = drive.request
        await learned(drive)
        await drive.press("a", "a")
        await drive.until(lambda: dialog(drive).kept is not None, "it is accepted")
        await drive.rest()
        assert engine.book.active_name == "learned"
        assert len(engine.book.saved["learned"]) == 1
        weights = {one.name: one.after for one in PROPOSED.moves}
        assert dict(drive.tuning.weights) == weights
        assert drive.app.state.saved == drive.request
        assert "accepted: learned, version 1" in look(drive, "accepted")
        await drive.press("r")
        await drive.until(lambda: engine.book.active_name is None, "it is taken back")
        await drive.rest()
        assert drive.tuning == before.tuning
        assert "taken back: no profile is in force" in look(drive, "taken back")


async def test_taking_back_makes_the_version_before_the_newest_of_a_profile_in_use(tmp_path: Path) -> None:
    engine = FakeEngine()
    first = Profile("lean", 9_000)
    engine.book.save("lean", first)
    engine.book.use("lean")
    async with driven(fake_setup(tmp_path, engine, config=settings())) as drive:
        await learned(drive)
        await drive.press("a")
        await drive.until(lambda: len(engine.book.saved["lean"]) == 2, "it is accepted")
        await drive.rest()
        await drive.press("r")
        await drive.until(lambda: len(engine.book.saved["lean"]) == 3, "it is taken back")
        await drive.rest()
        assert engine.book.saved["lean"][-1] == first
        assert engine.book.active_name == "lean"


async def test_what_is_not_saved_outlives_an_accepted_proposal(tmp_path: Path) -> None:
    async with driven(fake_setup(tmp_path, config=settings())) as drive:
        await drive.press("plus")
        changed = drive.request
        await learned(drive)
        await drive.press("a")
        await drive.until(lambda: dialog(drive).kept is not None, "it is accepted")
        await drive.press("escape")
        assert drive.request.budget == changed.budget
        assert drive.tuning.weights[ChunkClass.TESTS] > 0.45
        await drive.press("u")
        assert drive.request == changed


async def test_a_proposal_that_the_engine_refuses_says_why_and_cannot_be_accepted(tmp_path: Path) -> None:
    engine = FakeEngine()
    engine.teacher.is_gain = False
    async with driven(fake_setup(tmp_path, engine, config=settings())) as drive:
        shown = await learned(drive)
        assert "refused: no gain on the later commits that chance would not give" in shown
        assert "a accepts" not in shown
        await drive.press("a")
        assert engine.book.saved == {}
        await drive.press("x")
        assert not isinstance(drive.app.screen, LearningScreen)


async def test_learning_goes_on_behind_and_can_be_stopped(tmp_path: Path) -> None:
    engine = FakeEngine()
    engine.teacher.gate = threading.Event()
    async with driven(fake_setup(tmp_path, engine, config=settings())) as drive:
        await drive.pilot.press("L")
        await drive.until(lambda: "12 of 40 commits" in look(drive, "running"), "it is told how far it is")
        await drive.pilot.press("ctrl+c")
        await drive.until(lambda: engine.teacher.stopped == 1, "it is stopped")
        await drive.rest()
        assert "stopped; L goes on" in look(drive, "stopped")
        engine.teacher.gate.set()
        await drive.press("L")
        await drive.until(lambda: dialog(drive).proposal is not None, "it is there after all")
        assert drive.find(LessonPanel).proposal is not None


async def test_trouble_is_told_in_the_dialog(tmp_path: Path) -> None:
    engine = FakeEngine()
    engine.teacher.failure = InputError("/shop has no commits to learn from", "name a git repository with a history")
    async with driven(fake_setup(tmp_path, engine, config=settings()), (80, 24)) as drive:
        await drive.press("L")
        await drive.rest()
        assert "no commits to learn from" in look(drive, "trouble")


async def test_a_pack_that_is_copied_or_written_is_recorded_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    engine = FakeEngine()
    async with driven(fake_setup(tmp_path, engine, config=settings())) as drive:
        await drive.press("p")
        assert engine.teacher.recorded == []
        await drive.press("y", "y", "w", "enter")
        await drive.rest()
        assert engine.teacher.recorded == [(drive.request, "app")]
        await drive.press("1")
        await drive.until(lambda: drive.app.state.settled and drive.app.state.is_current, "another format is settled")
        await drive.until(
            lambda: drive.app.state.settled and drive.app.state.settled.pack.request == drive.request, "settled"
        )
        await drive.press("w", "escape", "w", *"1", "enter")
        await drive.rest()
        assert [made_by for _, made_by in engine.teacher.recorded] == ["app", "app"]


async def test_nothing_is_recorded_where_settings_say_no(tmp_path: Path) -> None:
    engine = FakeEngine()
    async with driven(fake_setup(tmp_path, engine, config=settings(record=False))) as drive:
        await drive.press("p", "y")
        assert engine.teacher.recorded == []


async def test_a_hit_is_marked_for_a_recorded_pack(tmp_path: Path) -> None:
    engine = FakeEngine()
    async with driven(fake_setup(tmp_path, engine, config=settings())) as drive:
        await searched(drive, "orders")
        await drive.until(lambda: drive.app.state.settled, "the pack is settled")
        hit = hits(drive)[0]
        engine.teacher.shown.append("00000001")  # as where the pack's report is there
        await drive.press("U", "down", "X")
        await drive.until(lambda: len(engine.teacher.marks) == 2, "both are marked")
        assert engine.teacher.marks[0] == ("00000001", "useful", f"{hit.path}:{hit.start_line}-{hit.end_line}")
        assert engine.teacher.marks[1][1] == "useless"
        assert len(engine.teacher.recorded) == 1
        assert any("marked useful" in told for told in drive.told)
