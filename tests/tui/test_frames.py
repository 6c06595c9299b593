"""Frames of the whole app, compared with those that a person looked at and accepted.

How to accept a frame is in CONTRIBUTING.md. Each frame's id says what you should see.
"""

from __future__ import annotations

import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from engine.config import Config, Setting
from engine.errors import InputError
from engine.events import FilesFound, FoundFile, Progress
from engine.model import ChunkClass
from engine.profiles import Profile
from engine.request import PackRequest, Tuning
from tests.tui.fake import FakeEngine, fake_setup
from tests.tui.fake_calibration import FakeCalibration, Records
from tests.tui.fake_telemetry import sample_events
from tests.tui.hostile import HOSTILE
from tests.tui.samples import sample_chart
from tests.tui.waiting import wait_for
from tui.app import PacksightApp
from tui.widgets.pack_tree import PackTree
from tui.widgets.preview_pane import PreviewPane

TRACE = """Traceback (most recent call last):
  File "src/shop/orders/orders_1.py", line 12, in total_of
ValueError: no money"""
Compare = Callable[..., bool]
COMPACT, SMALL, USUAL, WIDE = (60, 20), (80, 24), (120, 36), (200, 60)


@dataclass(frozen=True)
class Frame:
    """One picture."""

    id: str
    keys: tuple[str, ...] = ()
    size: tuple[int, int] = USUAL
    theme: str = "ink"
    engine: Callable[[], FakeEngine] = FakeEngine
    change: Callable[[PackRequest], PackRequest] | None = None
    before: Callable[[Pilot[Any]], Awaitable[None]] | None = None
    """Done after everything settled, before the keys."""
    unsettled: bool = False
    """There is never a finished text."""
    more: dict[str, Any] = field(default_factory=dict)


def tuned(request: PackRequest) -> PackRequest:
    return replace(
        request,
        tuning=Tuning(
            weights={ChunkClass.TESTS: 2.0},
            shares={ChunkClass.DOCS: (0.05, 0.2)},
            max_level={ChunkClass.CODE: 2, ChunkClass.TESTS: 3},
            pins=(("/src/shop/orders/", 0),),
            excludes=("/data/",),
        ),
    )


def under_lean(request: PackRequest) -> PackRequest:
    return replace(request, profile="lean")


def with_profiles() -> FakeEngine:
    engine = FakeEngine()
    engine.book.save("lean", Profile("lean", 8_000))
    engine.book.save("lean", Profile("lean", 9_000, tuning=Tuning(weights={ChunkClass.DOCS: 0.1})))
    engine.book.save("review", Profile("review", "40%", 4_000))
    engine.book.use("lean")
    return engine


def hostile_engine() -> FakeEngine:
    return FakeEngine(sample_chart(files=12, paths=[text for text in HOSTILE if text.strip()], name=HOSTILE[0]))


def failing() -> FakeEngine:
    engine = FakeEngine()
    engine.failure = InputError("/repos/shop is neither a repository nor a folder", "give a folder: packsight PATH")
    return engine


def with_calls() -> FakeEngine:
    engine = FakeEngine()
    engine.calls.events = sample_events()
    engine.calls.done = {
        "refused": {"output-above-ceiling": 4}, "bad_lines": 1,
        "bad": [{"path": "/home/you/.claude/projects/a.jsonl", "line": 7, "reason": "not JSON"}],
    }  # fmt: skip
    return engine


def without_database() -> FakeEngine:
    engine = FakeEngine()
    engine.calls.failure = InputError("database /home/you/packsight.db is in use by another process", "try again later")
    return engine


def waiting_engine() -> FakeEngine:
    engine = FakeEngine()
    engine.gate = threading.Event()
    return engine


def without_calls() -> FakeEngine:
    engine = FakeEngine()
    engine.records = FakeCalibration(Records())
    return engine


def with_a_broken_database() -> FakeEngine:
    engine = FakeEngine()
    engine.records.records.failure = InputError("/data/packsight.db is newer than the program", "upgrade packsight")
    return engine


def that_learns_nothing() -> FakeEngine:
    engine = FakeEngine()
    engine.teacher.is_gain = False
    return engine


def settings() -> Config:
    """Enough for what is learned and recorded."""
    known = {"model": "sample-1", "record": True, "db": ""}
    return Config({name: Setting(value, "default") for name, value in known.items()}, {}, ())


def asking(query: str) -> Callable[[PackRequest], PackRequest]:
    return lambda request: replace(request, query=query)


def since_main(request: PackRequest) -> PackRequest:
    return replace(request, diff="main")


async def scan_halfway(pilot: Pilot[Any]) -> None:
    app = pilot.app
    assert isinstance(app, PacksightApp)
    assert app.bridge is not None
    files = [
        FoundFile("src/a.py", {ChunkClass.CODE: 61_000}), FoundFile("tests/b.py", {ChunkClass.TESTS: 22_000}),
        FoundFile("docs/c.md", {ChunkClass.DOCS: 9_500}), FoundFile("README.md", {ChunkClass.DOCS: 900}),
    ]  # fmt: skip
    await wait_for(pilot, lambda: app.bridge is not None and app.bridge._running is not None, "the scan runs")
    app.bridge._emit(FilesFound(lambda: files))
    app.bridge._began_s = app.bridge._told_s = 0.0
    app.bridge._emit(Progress("analyze", 2_345, 6_918))
    await wait_for(pilot, lambda: app.state.found.files, "something is found")
    # The rate depends on the clock, so the frame has one of its own.
    app.state = replace(app.state, elapsed_s=4.5)


async def open_all(pilot: Pilot[Any]) -> None:
    pilot.app.screen.query_one(PackTree).action_expand(True)


FRAMES = [
    *(Frame(f"inspector-{w}x{h}", size=(w, h)) for w, h in (COMPACT, SMALL, USUAL, WIDE)),
    *(Frame(f"inspector-in-{theme}", theme=theme) for theme in ("paper", "contrast", "deuter", "ansi-dark")),
    Frame("inspector-matrix-below-the-tree", ("v", "v"), SMALL),
    Frame("inspector-preview-below-the-tree", ("down", "down", "down", "v", "v"), (80, 40)),
    *(Frame(f"scan-halfway-{w}x{h}", size=(w, h), engine=waiting_engine, before=scan_halfway, unsettled=True)
      for w, h in (COMPACT, SMALL, USUAL)),
    Frame("no-repository", engine=failing, unsettled=True),
    Frame("no-files", engine=lambda: FakeEngine(sample_chart(files=1, chunks_per_file=1)), size=SMALL),
    Frame("budget-too-small-in-words", change=lambda request: replace(request, budget=120), unsettled=True),
    Frame("budget-that-is-none", change=lambda request: replace(request, budget="abc"), unsettled=True),
    Frame("tuned-pins-excludes-levels", change=tuned, size=WIDE),
    Frame("tree-expanded", before=open_all),
    Frame("tree-by-packed", ("s",)),
    Frame("tree-by-value", ("s", "s"), WIDE),
    Frame("tree-by-name", ("s", "s", "s")),
    Frame("tree-filtered", ("slash", *"orders", "enter")),
    Frame("tree-filter-finds-nothing", ("slash", *"zebra")),
    Frame("tree-without-omitted", ("o",)),
    Frame("tree-not-included-opened", ("G", "right", "down", "right")),
    Frame("tree-pinned", ("down", "down", "space")),
    Frame("tree-excluded", ("down", "x")),
    Frame("tree-at-a-chunk-with-its-reason", ("down", "down", "right", "down"), WIDE),
    Frame("matrix-focused", ("tab", "right", "down")),
    Frame("matrix-deepest-chosen", ("tab", "right", "right", "enter")),
    Frame("preview-at-level-2", ("down", "down", "tab", "tab", "2")),
    Frame("preview-beside-full", ("down", "down", "tab", "tab", "vertical_line"), WIDE),
    Frame("preview-with-tokens", ("down", "down", "tab", "tab", "t")),
    Frame("bar-focused-more-budget", ("shift+tab", "shift+right")),
    Frame("dialog-budget", ("b",)),
    Frame("dialog-budget-that-is-none", ("b", *"12x")),
    Frame("dialog-model", ("m",)),
    Frame("dialog-model-filtered", ("m", *"large")),
    Frame("dialog-weights", ("w",)),
    Frame("dialog-weights-moved-80x24", ("w", "right", "right"), SMALL),
    Frame("dialog-pin", ("P",)),
    Frame("dialog-theme", ("ctrl+t", "down")),
    Frame("dialog-jump", ("ctrl+o",)),
    Frame("dialog-leaving", ("plus", "q")),
    Frame("dialog-palette", ("ctrl+p", *"budget"), before=None),
    Frame("help-of-the-tree", ("question_mark",), WIDE),
    Frame("query-typed", ("Q", *"orders total", "enter")),
    *(Frame(f"text-{w}x{h}", ("p",), (w, h)) for w, h in (COMPACT, SMALL, USUAL, WIDE)),
    Frame("text-json", ("p", "3")),
    Frame("text-searched", ("p", "slash", *"line 3", "enter")),
    Frame("text-tokens", ("p", "t")),
    Frame("text-save", ("p", "w")),
    Frame("text-command", ("p", "c")),
    Frame("text-not-there-yet", ("p",), engine=waiting_engine, unsettled=True),
    Frame("profile-none-saved", ("f",)),
    Frame("profile-saved", ("plus", "f"), engine=with_profiles, change=under_lean),
    Frame("profile-80x24", ("f",), SMALL, engine=with_profiles),
    Frame("profile-save-as", ("f", "S")),
    Frame("compare-nothing-differs", ("d",)),
    Frame("compare-budgets", ("plus", "plus", "d")),
    Frame("compare-80x24", ("plus", "plus", "d"), SMALL),
    Frame("compare-models", ("d", "n")),
    *(Frame(f"calibration-{w}x{h}", ("C", "down"), (w, h)) for w, h in (COMPACT, SMALL, USUAL, WIDE)),
    Frame("calibration-in-paper", ("C", "down"), theme="paper"),
    Frame("calibration-in-ansi-dark", ("C", "down"), theme="ansi-dark"),
    Frame("calibration-too-much-cut-off", ("C", "end", "up")),
    Frame("calibration-too-few-calls", ("C", "down", "down", "down")),
    Frame("calibration-accepted-and-refused", ("C", "a", "down", "x")),
    Frame("calibration-backtest", ("C", "b")),
    Frame("calibration-backtest-80x24", ("C", "b"), SMALL),
    Frame("calibration-roll-back", ("C", "a", "A", "r")),
    Frame("calibration-empty", ("C",), engine=without_calls),
    Frame("calibration-cannot-be-read", ("C",), SMALL, engine=with_a_broken_database),
    Frame("answer-dialog", ("A",)),
    Frame("answer-dialog-that-is-none", ("A", "tab", *"x"), SMALL),
    Frame("answer-kept-free", ("A", "tab", *"high", "tab", "tab", "space", "enter")),
    Frame("answer-without-room", ("b", *"195k", "enter")),
    *(Frame(f"history-{w}x{h}", ("T",), (w, h), engine=with_calls) for w, h in (COMPACT, SMALL, USUAL, WIDE)),
    Frame("history-empty", ("T",)),
    Frame("history-in-paper-cut-off-and-cost", ("T", "v"), theme="paper", engine=with_calls),
    Frame("history-in-ansi-dark", ("T",), theme="ansi-dark", engine=with_calls),
    Frame("history-filtered", ("T", "t", "slash"), engine=with_calls),
    Frame("history-filter-that-is-none", ("T", "slash", *"provider:opnai"), SMALL, engine=with_calls),
    Frame("history-plots-only", ("T", "z"), engine=with_calls),
    Frame("history-one-call-with-its-trace", ("T", "enter"), engine=with_calls),
    Frame("history-one-call-80x24", ("T", "enter"), SMALL, engine=with_calls),
    Frame("history-import-done", ("T", "I", "enter"), engine=with_calls),
    Frame("history-database-in-trouble", ("T",), engine=without_database),
    *(Frame(f"search-{w}x{h}", ("F", "down"), (w, h), change=asking(TRACE))
      for w, h in (COMPACT, SMALL, USUAL, WIDE)),
    Frame("search-in-paper-with-another-intent", ("F", "I", "I"), theme="paper", change=asking("orders in money.py")),
    Frame("search-in-ansi-dark", ("F",), theme="ansi-dark", change=asking("orders in money.py")),
    Frame("search-text-80x24", ("F", "enter"), SMALL, change=asking("orders in money.py")),
    Frame("search-nothing-asked", ("F",), SMALL),
    Frame("search-no-hits", ("F", *"zebra", "enter")),
    Frame("search-that-fails", ("F", *"fail", "enter"), SMALL),
    Frame("search-since-a-revision", ("F", "escape"), change=since_main),
    Frame("tree-since-a-revision", ("down",), change=since_main),
    Frame("dialog-since-a-revision", ("D",), change=since_main),
    Frame("learning-proposal", ("L",), more={"config": settings()}),
    Frame("learning-proposal-80x24", ("L",), SMALL, more={"config": settings()}),
    Frame("learning-accepted", ("L", "a"), more={"config": settings()}),
    Frame("learning-refused", ("L",), engine=that_learns_nothing, more={"config": settings()}),
    Frame("hostile-names", engine=hostile_engine, size=WIDE),
    Frame("hostile-names-80x24", engine=hostile_engine, size=SMALL),
]  # fmt: skip


@pytest.mark.parametrize("frame", FRAMES, ids=lambda frame: frame.id)
def test_a_frame_looks_as_accepted(
    frame: Frame, snap_compare: Compare, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir("/")  # the folder to save in is shown
    app = PacksightApp(fake_setup(tmp_path, frame.engine(), frame.change, theme=frame.theme, **frame.more))

    async def before(pilot: Pilot[Any]) -> None:
        if frame.unsettled:
            await wait_for(pilot, lambda: app.bridge is not None, "the bridge is there")
            if frame.engine is not waiting_engine:
                await wait_for(pilot, lambda: app.state.pack is not None or app.state.trouble, "an answer")
        else:
            await wait_for(pilot, lambda: app.state.settled is not None, "the pack is settled")
            await quiet(pilot, app)  # how long the answer is to be is told by then on every screen
        if frame.before is not None:
            await frame.before(pilot)
        for key in frame.keys:
            await pilot.press(key)
            await quiet(pilot, app)
        await quiet(pilot, app)

    assert snap_compare(app, terminal_size=frame.size, run_before=before)


def follows(app: PacksightApp) -> bool:
    """Whether the preview shows what the cursor of the tree is on."""
    screen = app.screen_stack[0]
    trees = screen.query(PackTree)
    return not trees or trees.first(PackTree).place in (None, screen.query_one(PreviewPane).place)


async def quiet(pilot: Pilot[Any], app: PacksightApp) -> None:
    """Wait until the engine has nothing to do and everything it said was taken."""

    def idle() -> bool:
        bridge = app.bridge
        if bridge is None:
            return False
        engines = [bridge, *([app.aside] if app.aside is not None else [])]
        waits = bridge._engine is not None and bridge._engine.gate
        return bool(waits or not any(one._running is not None or one._waiting for one in engines))

    await wait_for(pilot, idle, "the engine rests")
    await pilot.pause()
    await wait_for(pilot, lambda: follows(app), "the preview follows the cursor")
    await wait_for(pilot, idle, "the engine rests")
    await pilot.pause()
