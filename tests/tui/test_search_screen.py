"""The search screen: what it shows, what its keys do, and what it says where there is nothing to show."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import cast

import pytest
from textual import events
from textual.widgets import Input

from engine.live import Chart
from engine.model import Level
from engine.rank.relevant import SIGNALS as ENGINE_SIGNALS
from tests.tui.drawn import drawn, title
from tests.tui.driving import Drive, driven
from tests.tui.fake import FakeEngine, fake_setup
from tests.tui.fake_search import NO_REVISION
from tests.tui.hostile import HOSTILE
from tests.tui.test_everywhere import look
from tui import settings
from tui.screens.inspector import InspectorScreen
from tui.screens.search import SearchScreen
from tui.search_facts import INTENTS, SIGNALS, HitFacts
from tui.text import mark, number
from tui.widgets.hit_panel import HitPanel
from tui.widgets.hit_rows import HitList
from tui.widgets.intent_panel import IntentPanel
from tui.widgets.preview_pane import PreviewPane
from tui.widgets.query_line import QueryLine
from tui.widgets.row_list import RowList
from tui.widgets.signal_bar import signal_parts

pytestmark = pytest.mark.asyncio
TRACE = (
    'Traceback (most recent call last):\r\n  File "src/shop/orders/orders_1.py", line 12, in f\r\n'
    "ValueError: no\x1b[31m"
)


def screen(drive: Drive) -> SearchScreen:
    return cast(SearchScreen, drive.app.screen)


def asked(drive: Drive) -> str:
    """The query of the search under way or answered."""
    found = screen(drive)._asked
    return "" if found is None else found[0].query


def hits(drive: Drive) -> tuple[HitFacts, ...]:
    found = screen(drive).found
    assert found is not None
    return found.hits


def lines(rows: RowList) -> list[str]:
    """What a list draws beside its scroll bar."""
    return [rows.render_line(y).text for y in range(rows.size.height)]


async def searched(drive: Drive, query: str) -> None:
    """Type a query on the search screen and wait for its hits."""
    if not isinstance(drive.app.screen, SearchScreen):
        await drive.press("F")
    await drive.press("slash")
    drive.find(QueryLine).line.value = query
    await drive.press("enter")
    await drive.until(lambda: drive.request.query == query, "the query is in force")
    await drive.until(lambda: screen(drive)._asked and not screen(drive)._is_searching, "the search is answered")
    await drive.rest()


async def test_signals_are_those_of_the_engine() -> None:
    assert tuple(signal.name for signal in SIGNALS) == ENGINE_SIGNALS
    assert len({signal.letter for signal in SIGNALS}) == len(SIGNALS)


async def test_rows_and_panel_have_the_numbers_of_the_search(tmp_path: Path) -> None:
    engine = FakeEngine()
    async with driven(fake_setup(tmp_path, engine), (200, 60)) as drive:
        await searched(drive, "orders")
        told = engine.lives[-1].search(drive.request, "", 100).as_json()
        assert len(hits(drive)) == len(told["results"]) > 10
        rows = lines(drive.find(HitList))
        for row, one in zip(rows[1:9], told["results"], strict=False):
            place = f"{one['path']}:{one['start_line']}-{one['end_line']}"
            for said in (place, one["symbol"], one["class"], mark(one["level"]).letter, number(one["tokens"]),
                         number(one["total"]), f"{one['score']:.3f}"):  # fmt: skip
                assert said in row
        await drive.press("down", "down")
        one = told["results"][2]
        panel = drawn(drive.find(HitPanel))
        for level, (price, total) in enumerate(zip(one["prices"], one["prices_total"], strict=True)):
            line = next(row for row in panel if row.startswith(f"{mark(level).letter} "))
            assert line.split()[3:5] == [number(price), number(total)]
        for signal in SIGNALS:
            assert any(
                f"{signal.letter} {signal.word}" in row and f"{one['why'][signal.name]:.4f}" in row for row in panel
            )
        words = title(drive.find(HitList))
        assert f"{len(told['results'])} of {told['matches']} matching chunks" in words
        assert f"packed {number(told['token_report']['actual'])} of" in words


async def test_bars_have_a_letter_for_every_part_and_the_length_of_the_score() -> None:
    for why in ((0.5, 0.25, 0.25, 0, 0, 0, 0, 0), (0.1,) * 8, (0.31, 0, 0, 0.02, -0.1, 0, 0, 0)):
        for cells in (10, 24, 60):
            parts = signal_parts(why, cells)
            length = sum(len(text) for text, _ in parts)
            assert length == max(1, min(cells, round(sum(max(0.0, part) for part in why) * cells)))
            assert [text[0] for text, _ in parts] == [SIGNALS[at].letter for _, at in parts]
            assert [at for _, at in parts] == sorted(at for _, at in parts)
    assert signal_parts((0.0,) * 8, 20) == []
    assert "".join(text for text, _ in signal_parts((1e-9, *(0.0,) * 7), 20)) == "w"


async def test_a_pasted_trace_keeps_its_lines_and_nothing_that_steers(tmp_path: Path) -> None:
    engine = FakeEngine()
    async with driven(fake_setup(tmp_path, engine)) as drive:
        await drive.press("F")
        drive.app.post_message(events.Paste(TRACE))
        line = drive.find(QueryLine).line
        await drive.until(lambda: "3 lines" in str(line.placeholder), "the trace is pasted")
        await drive.press("enter")
        await drive.until(lambda: drive.request.query, "the query is in force")
        assert drive.request.query.split("\n")[1] == '  File "src/shop/orders/orders_1.py", line 12, in f'
        assert drive.request.query.count("\n") == 2
        assert "\x1b" not in drive.request.query
        await drive.until(lambda: screen(drive).found, "the search is answered")
        told = "\n".join(drawn(drive.find(IntentPanel)))
        assert "[incident]" in told
        assert "frame src/shop/orders/orders_1.py:12 in f" in told
        assert "holds a stack trace" in told


async def test_earlier_queries_of_the_session_come_back(tmp_path: Path) -> None:
    async with driven(fake_setup(tmp_path)) as drive:
        for query in ("orders", "money", "orders"):
            await searched(drive, query)
        line = drive.find(QueryLine)
        assert line.kept == ["money", "orders"]
        await drive.press("slash", "up", "up")
        assert line.line.value == "money"
        await drive.press("down", "escape")
        assert (line.line.value, drive.request.query) == ("orders", "orders")
        assert drive.find(HitList).has_focus


async def test_an_intent_chosen_by_hand_is_searched_with_and_goes_round(tmp_path: Path) -> None:
    engine = FakeEngine()
    async with driven(fake_setup(tmp_path, engine)) as drive:
        await searched(drive, "orders")
        for intent in (*INTENTS, ""):
            await drive.press("I")
            await drive.until(lambda: not screen(drive)._is_searching, "the search is answered")
            assert engine.lives[-1].searches[-1] == (drive.request, intent)
            told = drawn(drive.find(IntentPanel))[0]
            assert f"[{intent or 'search'}]" in told
            assert ("chosen by hand" in told) is bool(intent)


async def test_hits_follow_the_budget_the_query_of_the_inspector_and_undo(tmp_path: Path) -> None:
    engine = FakeEngine()
    async with driven(fake_setup(tmp_path, engine)) as drive:
        await searched(drive, "orders")
        before = hits(drive)
        await drive.press("plus")
        await drive.until(lambda: engine.lives[-1].searches[-1][0] == drive.request, "it is searched again")
        await drive.rest()
        assert [hit.prices for hit in hits(drive)] == [hit.prices for hit in before]
        assert [hit.tokens for hit in hits(drive)] != [hit.tokens for hit in before]
        await drive.press("u")
        await drive.until(lambda: hits(drive) == before, "what was before is back")
        await drive.press("i", "Q", "end", *" money", "enter", "F")
        await drive.until(lambda: asked(drive) == "orders money", "followed")
        await drive.rest()
        assert len(hits(drive)) > len(before)
        assert drive.find(QueryLine).line.value == "orders money"


async def test_a_hit_opens_in_the_preview_and_in_the_tree(tmp_path: Path) -> None:
    async with driven(fake_setup(tmp_path)) as drive:
        await searched(drive, "orders")
        await drive.press("down", "down", "down")
        hit, pane = hits(drive)[3], drive.find(PreviewPane)
        assert pane.place == hit.place
        assert pane.level == (hit.level if hit.level <= Level.OUTLINE else 0)
        await drive.press("enter")
        assert pane.has_focus_within
        await drive.press("escape", "o")
        assert isinstance(drive.app.screen, InspectorScreen)
        assert drive.tree.place == hit.place
        assert drive.tree.has_focus


async def test_the_file_of_a_hit_is_pinned_fuller_deeper_and_let_go(tmp_path: Path) -> None:
    async with driven(fake_setup(tmp_path)) as drive:
        await searched(drive, "orders")
        hit, chart = hits(drive)[0], cast(Chart, drive.app.state.chart)
        assert hit.place is not None
        glob = settings.glob_of(chart.columns.files[hit.place.file].path)
        await drive.press("space")
        assert drive.tuning.pins == ((glob, min(hit.level, 5)),)
        await drive.press("left_square_bracket")
        assert drive.tuning.pins == ((glob, min(hit.level + 1, 5)),)
        await drive.press("right_square_bracket", "right_square_bracket")
        assert drive.tuning.pins == ((glob, max(0, min(hit.level + 1, 5) - 2)),)
        await drive.press("space")
        assert not drive.tuning.pins


async def test_what_changed_since_a_revision_is_marked_found_and_undone(tmp_path: Path) -> None:
    async with driven(fake_setup(tmp_path)) as drive:
        await drive.press("D", *"main", "enter")
        await drive.until(lambda: drive.app.state.pack and drive.app.state.pack.changed is not None, "it is compared")
        await drive.rest()
        assert drive.request.diff == "main"
        assert "33 modified" in title(drive.tree)
        pack = drive.app.state.pack
        assert pack is not None
        assert pack.changed is not None
        assert f"±{pack.changed.sum()}" not in lines(drive.tree)[1]  # of a folder, not of everything
        assert any("±" in row for row in lines(drive.tree))
        await drive.press("F")
        await drive.until(lambda: screen(drive).found, "what changed is found")
        changed = {row for row, lines in enumerate(pack.changed.tolist()) if lines}
        assert {hit.place.chunk for hit in hits(drive) if hit.place} <= changed
        assert "since main" in title(drive.find(HitList))
        await drive.press("escape", "u")
        await drive.until(lambda: not drive.request.diff, "nothing is compared")
        await drive.rest()
        assert screen(drive).found is None
        await drive.press("i", "D", *NO_REVISION, "enter")
        await drive.rest()
        assert "there is no revision" in look(drive, "no revision")
        await drive.press("F")
        assert "there is no revision" in look(drive, "no revision")


async def test_where_there_is_nothing_the_screen_says_so(tmp_path: Path) -> None:
    async with driven(fake_setup(tmp_path), (80, 24)) as drive:
        await drive.press("F")
        assert "nothing is asked yet" in look(drive, "empty")
        assert isinstance(drive.app.focused, Input)
        await searched(drive, "zebra")
        assert "nothing matches" in look(drive, "no hits")
        assert hits(drive) == ()
        await drive.press("enter", "o", "space", "U", "v", "v")
        await searched(drive, "fail")
        assert "no text to search" in look(drive, "failed")
        await searched(drive, "orders")
        assert hits(drive)


async def test_reading_words_can_be_stopped_and_goes_on(tmp_path: Path) -> None:
    engine = FakeEngine()
    engine.search_gate = threading.Event()
    async with driven(fake_setup(tmp_path, engine)) as drive:
        await drive.press("F", *"orders")
        await drive.pilot.press("enter")
        await drive.until(lambda: drive.app.state.is_lasting, "it is told how far it is")
        await drive.pilot.pause()
        assert "reading words: 300 of 1,200" in look(drive, "reading")
        await drive.pilot.press("ctrl+c")
        await drive.until(lambda: not screen(drive)._is_searching, "it is stopped")
        await drive.rest()
        assert "stopped" in look(drive, "stopped")
        assert not drive.app.state.is_lasting
        engine.lives[-1].search_gate = None
        await drive.press("slash", "enter")
        await drive.until(lambda: screen(drive).found, "it is searched again")
        assert hits(drive)


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (200, 60)], ids=str)
async def test_hostile_queries_are_text(size: tuple[int, int], tmp_path: Path) -> None:
    async with driven(fake_setup(tmp_path), size) as drive:
        await drive.press("F")
        for text in HOSTILE:
            await drive.press("slash")
            drive.app.post_message(events.Paste(f"orders {text}\n{text}"))
            await drive.press("enter")
            await drive.rest()
            look(drive, "hostile query")
            await drive.press("I")
            look(drive, "hostile intent")
        assert not (tmp_path / "data" / "trouble.log").exists()
