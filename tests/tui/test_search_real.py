"""Search, a base revision, records and learning with the real engine: what the app shows is what commands print."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from textual import events

from engine.inspector import Inspector
from tests.tui.driving import Drive, driven
from tests.tui.test_real import make_setup as make_setup
from tests.tui.test_real import settled_again
from tests.tui.test_search_screen import asked, hits, screen, searched
from tui.search_facts import LIMIT, SIGNALS
from tui.setup import Setup
from tui.widgets.query_line import QueryLine

pytestmark = pytest.mark.asyncio


def told(drive: Drive, intent: str = "") -> dict[str, Any]:
    """What ``packsight search --json`` prints for the request in force."""
    with Inspector() as inspector:
        return inspector.search(drive.request, intent, LIMIT).as_json()


def check(drive: Drive, printed: dict[str, Any]) -> None:
    found = screen(drive).found
    assert found is not None
    assert (found.intent, found.confidence, found.matches) == (
        printed["intent"], printed["confidence"], printed["matches"],
    )  # fmt: skip
    assert list(found.reasons) == printed["intent_reasons"]
    assert [(one.kind, one.name, one.line, one.inside) for one in found.entities] == [
        (one["kind"], one["name"], one["line"], one["in"]) for one in printed["entities"]
    ]
    assert len(found.hits) == len(printed["results"]) > 0
    chart = drive.app.state.chart
    assert chart is not None
    for hit, one in zip(found.hits, printed["results"], strict=True):
        assert (
            hit.rank,
            hit.path,
            hit.start_line,
            hit.end_line,
            hit.symbol,
            hit.level,
            hit.tokens,
            hit.total,
        ) == tuple(one[key] for key in ("rank", "path", "start_line", "end_line", "symbol", "level", "tokens", "total"))
        assert (list(hit.prices), list(hit.prices_total), hit.score) == (
            one["prices"],
            one["prices_total"],
            one["score"],
        )
        assert dict(zip((signal.name for signal in SIGNALS), hit.why, strict=True)) == one["why"]
        assert hit.place is not None
        assert hit.place.chunk is not None
        assert chart.columns.files[hit.place.file].path == hit.path
        assert chart.columns.start_line[hit.place.chunk] == hit.start_line


async def test_the_screen_has_what_the_command_prints(make_setup: Callable[..., Setup]) -> None:
    async with driven(make_setup(model="gpt-5.5", budget="900")) as drive:
        await searched(drive, "order total")
        check(drive, told(drive))
        await drive.press("I")
        await drive.until(lambda: not screen(drive)._is_searching, "it is searched with another intent")
        check(drive, told(drive, "incident"))
        await drive.press("slash")
        path = hits(drive)[0].path
        drive.find(QueryLine).line.value = ""
        drive.app.post_message(
            events.Paste(f'Traceback (most recent call last):\n  File "{path}", line 2, in f\nKeyError')
        )
        await drive.until(lambda: "3 lines" in str(drive.find(QueryLine).line.placeholder), "it is pasted")
        await drive.press("enter", *["I"] * 5)
        await drive.until(lambda: asked(drive).count("\n") == 2, "the trace is searched")
        await drive.until(lambda: not screen(drive)._is_searching, "the trace is answered")
        assert screen(drive).intent == ""
        check(drive, told(drive))
        found = screen(drive).found
        assert found is not None
        assert found.intent == "incident"


async def test_marks_and_copies_are_recorded_as_the_command_line_does(make_setup: Callable[..., Setup]) -> None:
    setup = make_setup(model="gpt-5.5", budget="900")
    assert setup.config is not None
    async with driven(setup) as drive:
        await searched(drive, "order total")
        await settled_again(drive)
        place = next(hit for hit in hits(drive) if hit.place is not None)
        await drive.press("U")
        await drive.until(lambda: drive.told, "it is told what became of it")
        await drive.press("p", "y")
        await drive.rest()
        words = drive.told
    with Inspector() as inspector:
        kept = inspector.outcomes(setup.request.scan.path, setup.config).list()
    assert len(kept) == 1  # the pack that was marked is the one that was copied
    pack, marks = kept[0]
    assert pack.asks
    if any("marked useful" in word for word in words):
        assert [(mark.what, mark.path) for mark in marks] == [("useful", place.path)]
    else:
        assert any("does not show" in word or "shows nothing" in word for word in words), words
