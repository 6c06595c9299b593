"""The history of calls at the hands of a person."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len
from textual.widget import Widget
from textual.widgets import Input, Static

from engine.errors import InputError
from engine.telemetry.filters import EventFilter
from engine.telemetry.words import Outcome
from tests.tui.drawn import title
from tests.tui.driving import Drive, driven
from tests.tui.fake import FakeEngine, fake_setup
from tests.tui.fake_telemetry import TRACE, FakeTelemetry, sample_events
from tui.modals.event_detail import EventDetail
from tui.modals.import_logs import KEY, ImportLogs
from tui.screens.telemetry import TelemetryScreen
from tui.telemetry.figures import WINDOW
from tui.text import number
from tui.widgets.fact_list import FactList
from tui.widgets.filter_line import FilterLine
from tui.widgets.history_list import HistoryList
from tui.widgets.plots.plot import Plot
from tui.widgets.share_bar import ShareBar
from tui.widgets.telemetry_summary import TelemetrySummary

pytestmark = pytest.mark.asyncio


@asynccontextmanager
async def opened(
    tmp_path: Path, events: int = 400, size: tuple[int, int] = (120, 36), engine: FakeEngine | None = None, **more: Any
) -> AsyncIterator[tuple[Drive, FakeTelemetry]]:
    engine = engine or FakeEngine()
    if events >= 0:
        engine.calls.events = sample_events(events)
    async with driven(fake_setup(tmp_path, engine, **more), size) as drive:
        await drive.press("T")
        await settled(drive)
        yield drive, engine.calls


async def settled(drive: Drive) -> None:
    """Wait until everything that was asked for is on the screen."""

    def is_done() -> bool:
        aside = drive.app.aside
        return aside is not None and not (aside._running or aside._waiting or drive.app._answers.keys() - {KEY})

    for _ in range(2):
        await drive.until(is_done, "everything is read")
        await drive.pilot.pause()


async def press(drive: Drive, *keys: str) -> None:
    for key in keys:
        await drive.press(key)
        await settled(drive)


def drawn(widget: Widget) -> list[str]:
    """Rows of the content, beside a scrollbar where there is one."""
    lines = [widget.render_line(y).text for y in range(widget.size.height)]
    for line in lines:
        assert cell_len(line) == widget.scrollable_content_region.width, line
        assert line.isprintable(), line
    return lines


def screen(drive: Drive) -> TelemetryScreen:
    found = drive.app.screen_stack[0]
    assert isinstance(found, TelemetryScreen)
    return found


def rows(drive: Drive) -> list[str]:
    return drawn(screen(drive).history)


def said(drive: Drive) -> str:
    """What is said below the filter."""
    return str(screen(drive).query_one(".said", Static).render())


def summary(drive: Drive) -> str:
    return " ".join(drawn(screen(drive).query_one(TelemetrySummary)))


def plots(drive: Drive) -> dict[str, str]:
    return {
        str(plot.border_title): "\n".join([*drawn(plot), title(plot)])
        for plot in screen(drive).query(Plot)
        if plot.display
    }


async def test_the_history_and_its_figures_are_those_of_the_facade(tmp_path: Path) -> None:
    async with opened(tmp_path) as (drive, calls):
        newest = calls.page(EventFilter(), 1).events[0]
        assert newest.model in rows(drive)[1]
        assert number(newest.selected_budget or 0) in rows(drive)[1]
        assert title(screen(drive).history).endswith("400 calls, newest first")
        total = calls.report(EventFilter())["total"]
        assert f"400 calls  ·  ok {total['outcomes']['complete']}" in summary(drive)
        assert f"cut off {100 * total['truncation']:.1f} %" in summary(drive)
        assert f"ceiling waste {total['ceiling_waste']['p50']:.2f}×" in summary(drive)
        assert "an unused ceiling is reserved, not billed" in summary(drive)


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 36), (200, 60)])
async def test_what_waste_means_is_said_at_every_size(size: tuple[int, int], tmp_path: Path) -> None:
    async with opened(tmp_path, size=size) as (drive, _):
        assert "waste" not in summary(drive) or "reserved, not billed" in summary(drive)
        seen = dict(plots(drive))
        for _ in range(3):
            await press(drive, "v")
            seen |= plots(drive)
        assert len(seen) == 4
        waste = next(text for name, text in seen.items() if "waste" in name)
        assert "reserved, not billed" in waste
        await press(drive, "z")
        assert not screen(drive).history.display
        await press(drive, "z")
        assert screen(drive).history.display


async def test_plots_have_axes_units_and_marks_that_differ_by_shape(tmp_path: Path) -> None:
    async with opened(tmp_path, size=(200, 60)) as (drive, calls):
        over, waste, cut, day = plots(drive).values()
        for mark in ("•", "×", "◆", "▲", "◈"):
            assert over.count(mark) > 1, mark
        assert "tokens" in over
        assert "10k┤" in over
        assert "240 of 400 calls" in over
        assert "2026-10-01" in over
        total = calls.report(EventFilter())["total"]
        assert f"median {total['ceiling_waste']['p50']:.2f}×" in waste
        assert "50×" in waste
        assert "●" in cut
        assert "│" in cut
        assert "rate by day" in cut
        assert re.search(r"\d+\.\d % \(\d+\.\d–\d+\.\d %\) of \d+", cut)
        for lane in ("input tokens by day", "output tokens by day", "USD by day"):
            assert lane in day
        assert f"{total['cost_usd']:,.2f} USD for {total['priced']} priced" in day


async def test_calls_without_a_ceiling_leave_words_in_the_plots(tmp_path: Path) -> None:
    engine = FakeEngine()
    async with opened(tmp_path, 0, (200, 60), engine) as (drive, _):
        shown = plots(drive)
        assert "no call has a ceiling and an output" in shown["Ceiling waste (ceiling / output)"]
        assert all("no call" in text for text in shown.values())
        assert "no call is recorded yet" in "\n".join(rows(drive))
        assert "packsight telemetry import" in "\n".join(rows(drive))
        assert "packsight call" in "\n".join(rows(drive))


async def test_a_long_history_is_read_where_it_is_looked_at(tmp_path: Path) -> None:
    async with opened(tmp_path, 5_000) as (drive, calls):
        assert {(limit, offset) for _, limit, offset in calls.pages} == {(WINDOW, 0)}
        await press(drive, "G")
        assert screen(drive).history.cursor_row == 4_999
        oldest = calls.page(EventFilter(), 1, 4_999).events[0]
        assert f"{oldest.timestamp:%m-%d %H:%M}" in rows(drive)[-1]
        await press(drive, *["pageup"] * 20)
        assert not [row for row in rows(drive) if "·····" in row]
        assert sum(limit for _, limit, _ in calls.pages) < 3_000


async def test_a_filter_is_typed_and_everything_follows(tmp_path: Path) -> None:
    async with opened(tmp_path) as (drive, calls):
        await press(drive, "slash", *"provider:op")
        assert said(drive) == f"openai {calls.report(EventFilter(providers=('openai',)))['total']['n']}"
        await press(drive, "tab")
        line = screen(drive).query_one(FilterLine)
        assert line.text == "provider:openai"
        wanted = EventFilter(providers=("openai",))
        assert screen(drive).wanted == wanted
        await press(drive, "enter")
        assert drive.app.focused is screen(drive).history
        assert all("openai" in row for row in rows(drive)[1:-1])
        total = calls.report(wanted)["total"]
        assert f"{total['n']} calls" in summary(drive)
        assert f"of {total['n']} calls" in plots(drive)["Over time (tokens, log)"]
        await press(drive, "x")
        assert line.text == ""
        assert "400 calls" in summary(drive)


async def test_what_cannot_be_understood_is_said_and_changes_nothing(tmp_path: Path) -> None:
    async with opened(tmp_path) as (drive, _):
        await press(drive, "slash", *"model:zzz")
        assert "there is no model 'zzz'" in said(drive)
        assert "400 calls" in summary(drive)
        await press(drive, *["backspace"] * 9, *"provider:opnai", "escape")
        assert "did you mean openai?" in said(drive)


async def test_keys_filter_by_what_is_under_the_cursor(tmp_path: Path) -> None:
    async with opened(tmp_path) as (drive, calls):
        await press(drive, "down", "m")
        model = calls.page(EventFilter(), 1, 1).events[0].model
        assert screen(drive).wanted == EventFilter(models=(model,))
        await press(drive, "t")
        assert screen(drive).wanted == EventFilter(models=(model,), outcomes=(Outcome.TRUNCATED,))
        assert all("! cut off" in row for row in rows(drive)[1:4])
        assert "≥" in rows(drive)[1]
        await press(drive, "e", "m")
        assert screen(drive).wanted == EventFilter(outcomes=(Outcome.FAILED,))
        assert all("× error" in row for row in rows(drive)[1:7])
        await press(drive, "e", "s")
        assert screen(drive).text == "since:24h"


async def test_a_filter_without_calls_says_so_and_how_to_go_on(tmp_path: Path) -> None:
    async with opened(tmp_path) as (drive, _):
        await press(drive, "slash", *"until:2020-01-01", "enter")
        assert "no call matches the filter" in "\n".join(rows(drive))


async def test_a_call_is_shown_with_all_columns_and_its_trace(tmp_path: Path) -> None:
    async with opened(tmp_path, size=(120, 50)) as (drive, calls):
        await press(drive, "enter")
        assert isinstance(drive.app.screen, EventDetail)
        event = calls.page(EventFilter(), 1).events[0]
        lists = {one.id: one for one in drive.app.screen.query(FactList)}
        assert title(lists["facts"]).startswith(f"Call {event.event_id}")
        told = []
        for _ in range(3):
            told += drawn(lists["facts"])
            await press(drive, "pagedown")
        for name in calls.show(event.event_id):
            if name not in ("trace", "deliverables"):
                assert [row for row in told if name.replace("_", " ") in row], name
        trace = "\n".join(drawn(lists["trace"]))
        for step in TRACE:
            assert step.rule in trace
            assert f"→ {number(step.after or 0)}" in trace
            assert step.why.split(";")[0][:20] in trace
        await press(drive, "right_square_bracket")
        assert title(lists["facts"]).startswith(f"Call {int(event.event_id) - 1}")
        assert "no decision was recorded" in "\n".join(drawn(lists["trace"]))
        await press(drive, "escape")
        assert screen(drive).history.cursor_row == 1


async def test_an_import_says_what_it_took_and_what_it_refused(tmp_path: Path) -> None:
    async with opened(tmp_path, 0) as (drive, calls):
        calls.imported = sample_events(30)
        calls.done = {
            "refused": {"output-above-ceiling": 4}, "bad_lines": 2,
            "bad": [{"path": "/logs/a.jsonl", "line": 7, "reason": "not JSON"}],
        }  # fmt: skip
        await press(drive, "I")
        assert "claude-code" in "\n".join(drawn(drive.find(FactList)))
        await press(drive, "enter")
        told = "\n".join(drawn(drive.find(FactList)))
        assert re.search(r"new calls +30", told)
        assert re.search(r"output-above-ceiling +4 rows", told)
        for words in ("/logs/a.jsonl:7", "not JSON", "… 1 more"):
            assert words in told
        await press(drive, "escape")
        assert "30 calls" in summary(drive)


async def test_an_import_shows_how_far_it_is_and_can_be_stopped(tmp_path: Path) -> None:
    async with opened(tmp_path) as (drive, calls):
        calls.is_slow = True
        await press(drive, "I")
        drive.find(Input).value = "/logs"
        await drive.pilot.press("enter")
        await drive.until(lambda: "25.0 %" in drive.find(ShareBar).words, "progress is shown")
        assert "2.5 of 10.0 MB" in drive.find(ShareBar).words
        await drive.pilot.press("escape")
        await settled(drive)
        assert "stopped" in drive.find(ShareBar).words
        assert isinstance(drive.app.screen, ImportLogs)
        await press(drive, "escape")
        assert "400 calls" in summary(drive)


async def test_trouble_with_the_database_takes_the_place_of_the_calls_until_it_is_over(tmp_path: Path) -> None:
    engine = FakeEngine()
    engine.calls.failure = InputError("database /x.db cannot be used: disk I/O error", "look at the disk")
    async with opened(tmp_path, 40, engine=engine) as (drive, calls):
        assert "disk I/O error; look at the disk" in summary(drive)
        assert "r tries again" in "\n".join(rows(drive))
        await press(drive, "I", "enter")
        assert "disk I/O error" in drive.find(ShareBar).words
        calls.failure = None
        await press(drive, "escape", "r")
        assert "40 calls" in summary(drive)
        calls.failure = InputError("gone", "")
        await press(drive, "r")
        assert "gone" in summary(drive)
        assert len(rows(drive)) > 3
        assert screen(drive).query_one(HistoryList).row_total == 40


async def test_calls_that_come_are_found_when_the_screen_is_shown_again(tmp_path: Path) -> None:
    async with opened(tmp_path, 30) as (drive, calls):
        await press(drive, "i")
        calls.events += sample_events(50)
        await press(drive, "T")
        assert "80 calls" in summary(drive)
