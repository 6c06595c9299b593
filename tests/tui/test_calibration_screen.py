"""The calibration screen: what it shows, and what accepting, refusing, rolling back and replaying do."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any, cast

import pytest

from engine.errors import InputError
from tests.tui.drawn import drawn, title
from tests.tui.driving import Drive, driven
from tests.tui.fake import FakeEngine, fake_setup
from tests.tui.fake_calibration import FakeCalibration, Records
from tests.tui.hostile import HOSTILE
from tests.tui.test_everywhere import LOUD, look, measure
from tui.calibration_facts import CellFacts
from tui.modals.roll_back import RollBack
from tui.screens.calibration import CalibrationScreen
from tui.text import number
from tui.widgets.cell_panel import CellPanel
from tui.widgets.curve_plot import CurvePlot
from tui.widgets.replay_table import ReplayTable
from tui.widgets.row_list import RowList

pytestmark = pytest.mark.asyncio


def screen(drive: Drive) -> CalibrationScreen:
    return cast(CalibrationScreen, drive.app.screen)


def cells(drive: Drive) -> dict[str, CellFacts]:
    facts = screen(drive).facts
    assert facts is not None
    return {cell.name: cell for cell in facts.cells}


async def opened(drive: Drive) -> None:
    await drive.press("C")
    await drive.until(lambda: screen(drive).facts is not None, "the proposals are read")
    await drive.rest()


async def go_to(drive: Drive, name: str) -> CellFacts:
    drive.find(RowList, "#cells").move_cursor(list(cells(drive)).index(name))
    await drive.rest()
    return cells(drive)[name]


async def test_every_cell_is_a_row_with_the_numbers_of_the_json(tmp_path: Path) -> None:
    engine = FakeEngine()
    async with driven(fake_setup(tmp_path, engine), (200, 40)) as drive:
        await opened(drive)
        rows = drawn(drive.find(RowList, "#cells"))
        proposals = engine.records.report()["proposals"]
        for row, one in zip(rows[1:], proposals, strict=False):
            for said in (f"{one['category']}/{one['complexity']}", number(one["samples"]), number(one["current"]),
                         f"{100 * one['truncated'] / one['samples']:.1f} %", one["action"]):  # fmt: skip
                assert said in row
            proposed = row.split()[row.split().index(number(one["current"])) + 1]
            assert proposed == (number(one["budget"]) if one["action"] != "wait" else "–")
        assert "estimator prior-1" in title(drive.find(RowList, "#cells"))
        assert "14 of 20 calls" in rows[4]


async def test_the_curve_marks_both_budgets_the_target_and_where_calls_were_cut_off(tmp_path: Path) -> None:
    async with driven(fake_setup(tmp_path)) as drive:
        await opened(drive)
        cell = await go_to(drive, "docs/high/anthropic/claude-opus")
        text = drawn(drive.find(CurvePlot))
        assert f"proposed {number(cell.budget_tokens)}" in text[0]
        assert f"now {number(cell.current_tokens)}" in text[0]
        assert "tokens" in text[-2]
        assert f"◆ 5.0 % are longer than {cell.at_target:,}" in text[-1]
        column = text[0].index("┃")
        assert [line[column] for line in text[1:-2]].count("┃") == len(text) - 4
        assert text[0].count("┆") + sum("┆" in line for line in text[1:-2]) == len(text) - 3
        assert [line[:7].strip() for line in text if "◆" in line and "are longer" not in line] == ["5 % ┤"]
        assert any("+" in line for line in text[1:-2])
        unknown = await go_to(drive, "tests/low/anthropic/claude-sonnet")
        assert unknown.at_target is None
        text = drawn(drive.find(CurvePlot))
        assert "cannot be told" in text[-1]
        assert any("····" in line for line in text)
        panel = "\n".join(drawn(drive.find(CellPanel)))
        assert "p50 90 95 ? · ? · ? tokens" in panel
        assert "≤ " in panel


async def test_the_curve_never_rises_and_falls_to_the_share_that_is_told(tmp_path: Path) -> None:
    async with driven(fake_setup(tmp_path)) as drive:
        await opened(drive)
        for cell in cells(drive).values():
            shares = [cell.longer_than(tokens) for tokens in range(1, cell.longest_tokens + 1, 7)]
            assert shares == sorted(shares, reverse=True)
            assert shares[0] == 1.0
            assert cell.longer_than(cell.current_tokens) == pytest.approx(cell.current_truncation, abs=0.01)


async def test_an_accepted_cell_is_a_version_and_only_that_cell(tmp_path: Path) -> None:
    engine = FakeEngine()
    async with driven(fake_setup(tmp_path, engine)) as drive:
        await opened(drive)
        cell = await go_to(drive, "docs/low/openai/gpt-5")
        await drive.press("a")
        await drive.until(lambda: getattr(screen(drive).facts, "version", "") == "learned-1", "it is applied")
        assert engine.records.records.learned == [("learned-1", {cell.name: cell.budget_tokens})]
        assert cells(drive)[cell.name].current_tokens == cell.budget_tokens
        assert any("learned-1 is in force" in told for told in drive.told)
        assert "learned-1" in title(drive.find(RowList, "#cells"))


async def test_what_is_refused_is_not_among_all_and_can_be_taken_back(tmp_path: Path) -> None:
    engine = FakeEngine()
    async with driven(fake_setup(tmp_path, engine)) as drive:
        await opened(drive)
        refused = await go_to(drive, "docs/low/openai/gpt-5")
        await drive.press("x")
        assert any("refused" in row for row in drawn(drive.find(RowList, "#cells")))
        await drive.press("a", "enter")
        assert engine.records.records.learned == []
        await drive.press("i", "C", "A")
        await drive.until(lambda: engine.records.records.learned, "all others are applied")
        await drive.rest()
        learned = engine.records.records.learned[-1][1]
        assert refused.name not in learned
        assert len(learned) == 4
        await drive.press("x", "a")
        await drive.until(lambda: len(engine.records.records.learned) == 2, "it is applied after all")


async def test_rolling_back_asks_shows_the_changes_and_undoes(tmp_path: Path) -> None:
    engine = FakeEngine()
    async with driven(fake_setup(tmp_path, engine)) as drive:
        await opened(drive)
        await drive.press("r")
        assert not isinstance(drive.app.screen, RollBack)  # nothing to undo
        await drive.press("a", "A")
        await drive.until(lambda: len(engine.records.records.learned) == 2, "two versions are applied")
        await drive.rest()
        await drive.press("r")
        assert isinstance(drive.app.screen, RollBack)
        assert "From learned-2 to learned-1." in look(drive, "asked")
        await drive.press("escape")
        assert len(engine.records.records.learned) == 2
        await drive.press("r", "r")
        await drive.until(lambda: len(engine.records.records.learned) == 1, "one is undone")
        await drive.rest()
        assert "estimator learned-1" in title(drive.find(RowList, "#cells"))
        assert [move["action"] for move in engine.records.history()] == ["apply", "apply", "rollback"]


async def test_a_backtest_has_every_policy_with_its_interval(tmp_path: Path) -> None:
    engine = FakeEngine()
    async with driven(fake_setup(tmp_path, engine)) as drive:
        await opened(drive)
        await drive.press("b")
        table = drive.find(ReplayTable)
        await drive.until(lambda: table.replay is not None, "the replay is done")
        text = drawn(table)
        for name, one in engine.records.backtest()["policies"].items():
            shown = {"fixed": "fixed 4,096", "mean_x2": "mean × 2", "naive_q95": "q95", "current": "current"}
            row = next(line for line in text if line.startswith(shown.get(name, name)))
            low, high = (100 * bound for bound in one["truncation_interval"])
            assert f"{100 * one['truncation']:.1f} %" in row
            assert f"{low:.1f}–{high:.1f} %" in row
            assert f"{one['reserved_per_used']:.2f}×" in row
            assert ("!" in row) is (one["truncation"] > 0.05)
            assert "●" in row
        await drive.press("b")
        assert drive.find(CurvePlot).region.area
        await drive.press("A")
        await drive.until(lambda: table.replay is None, "a replay of another version is forgotten")


async def test_a_backtest_tells_how_far_it_is_stops_and_is_in_nobodys_way(tmp_path: Path) -> None:
    engine = FakeEngine()
    gate = engine.records.records.gate = threading.Event()
    async with driven(fake_setup(tmp_path, engine)) as drive:
        await drive.press("C")
        await drive.until(lambda: screen(drive).facts is not None, "the proposals are read")
        await drive.pilot.press("b")
        table = drive.find(ReplayTable)
        await drive.until(lambda: table.progress is not None and table.progress.total, "it is told how far it is")
        assert "replaying: " in drawn(table)[0]
        await drive.pilot.press("i", "plus")
        await drive.until(
            lambda: drive.app.state.settled is not None and drive.app.state.settled.pack.request == drive.request,
            "a pack is made while the replay runs",
        )
        assert engine.records.records.stopped == 0
        await drive.pilot.press("C", "escape")
        await drive.until(lambda: engine.records.records.stopped == 1, "the replay is stopped")
        assert table.progress is None
        assert "stopped" in drawn(table)[0]
        gate.set()
        await drive.press("b", "b")
        await drive.until(lambda: table.replay is not None, "it begins anew")


async def test_without_calls_it_says_how_to_get_some(tmp_path: Path) -> None:
    engine = FakeEngine()
    engine.records = FakeCalibration(Records())
    async with driven(fake_setup(tmp_path, engine), (80, 24)) as drive:
        await opened(drive)
        text = look(drive, "empty")
        assert "packsight telemetry import" in text
        await drive.press("a", "A", "x", "r", "b", "escape")
        assert not drive.app.state.trouble
        assert not engine.records.records.moves


async def test_a_database_that_cannot_be_read_is_told_in_its_place(tmp_path: Path) -> None:
    engine = FakeEngine()
    engine.records.records.failure = InputError("the database is [red]newer[/red]", "upgrade packsight")
    async with driven(fake_setup(tmp_path, engine), (80, 24)) as drive:
        await drive.press("C")
        await drive.until(lambda: "newer" in look(drive, "failed"), "the failure is told")
        assert "[red]newer[/red]" in look(drive, "failed")
        assert "f5 reads again" in look(drive, "failed")
        engine.records.records.failure = None
        await drive.press("f5")
        assert screen(drive).facts is not None


class HostileCalibration(FakeCalibration):
    """Whose names are all hostile."""

    def report(self) -> dict[str, Any]:
        made = super().report()
        for text, one in zip((LOUD, *HOSTILE), made["proposals"], strict=False):
            one.update(cell=text, category=text, complexity=text, provider=text, family=text, why=text, parent=text)
        return {**made, "version": LOUD}

    def history(self) -> list[dict[str, Any]]:
        return [{"number": 1, "version": LOUD, "action": "apply", "note": text, "at": "2026-11-01"} for text in HOSTILE]


@pytest.mark.parametrize("size", [(60, 20), (120, 36), (200, 60)], ids=str)
async def test_hostile_names_are_text(size: tuple[int, int], tmp_path: Path) -> None:
    engine = FakeEngine()
    engine.records = HostileCalibration()
    async with driven(fake_setup(tmp_path, engine), size) as drive:
        await opened(drive)
        for keys in ("x", "down", "b", "b", "end", "r", "escape", "home"):
            await drive.press(keys)
            look(drive, keys)
            measure(drive, keys)
        assert not drive.app.state.trouble
