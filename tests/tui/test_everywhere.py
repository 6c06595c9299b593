"""Hostile text in every place that text can come from, on every screen."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len
from rich.segment import Segment
from textual.widget import Widget
from textual.widgets import Input, OptionList

from engine.budgets import Step
from engine.errors import InputError
from engine.live import Chart, Excerpt, LivePack, Settled, Why
from engine.model import Model, Skipped
from engine.profiles import Profile, Reason, Suggestion
from engine.request import PackRequest, ScanRequest, Tuning
from engine.telemetry.event import Event
from tests.tui.driving import Drive, driven
from tests.tui.fake import FakeEngine, FakeLive, fake_setup, sample_models
from tests.tui.fake_book import FakeBook
from tests.tui.fake_telemetry import sample_events
from tests.tui.hostile import HOSTILE
from tests.tui.samples import sample_chart, sample_model
from tui.messages import Broken, Failed, Warned
from tui.widgets.hit_rows import HitList
from tui.widgets.pack_tree import PackTree

MEGABYTE = 1 << 20
TEXTS = (*HOSTILE, "name/" + "é" * MEGABYTE, "x" * MEGABYTE + "\n" + "\t" * 500)
PATHS = [text for text in TEXTS if text.strip()]
LOUD = "[red]" + HOSTILE[0] + HOSTILE[1] + HOSTILE[2] + HOSTILE[4] + HOSTILE[5]
"""All kinds of trouble in one text."""
SIZES = ((60, 20), (120, 36))


def hostile_model(number: int, text: str) -> Model:
    return sample_model(
        id=f"m{number} {text}", aliases=(text,), provider=text, encoding=text, claim=text, deprecation=text,
        source=text,
    )  # fmt: skip


def hostile_event(number: int) -> Event:
    """A call whose texts are all hostile."""
    text = TEXTS[number % len(TEXTS)]
    return replace(
        sample_events(60)[number], provider=text, model=text, category=text, complexity=LOUD, mode=text, source=text,
        stop_reason=text, session_id=text, deliverables=(text, LOUD), trace=(Step(text, None, 3, text),),
        estimator_version=LOUD, escalation_reason=text,
    )  # fmt: skip


class HostileLive(FakeLive):
    """Whose texts are all hostile."""

    def labels(self, chunks: Any) -> list[tuple[str, str]]:
        return [(LOUD, TEXTS[chunk % len(TEXTS)]) for chunk in chunks]

    def excerpt(self, file: int, chunk: int | None, level: int | None, pack: LivePack | None) -> Excerpt:
        return Excerpt("\n".join(TEXTS), -1 if level is None else level, 40, LOUD, 1)

    def why(self, pack: LivePack, chunk: int) -> Why:
        return replace(super().why(pack, chunk), reason=TEXTS[chunk % len(TEXTS)])

    def settle(self, request: PackRequest, *args: Any, **more: Any) -> Settled:
        made = super().settle(request, *args, **more)
        gaps = [{"path": text, "reason": text, "tokens": 3} for text in TEXTS]
        report = made.report | {"excluded": gaps, "model": LOUD, "query": LOUD, "profile": LOUD, "encoding": LOUD}
        return replace(made, text="\n".join(["# shop", *TEXTS]), report=report)


class HostileBook(FakeBook):
    """Whose words are all hostile."""

    def differences(self, before: Profile | None, after: Profile | None) -> tuple[str, ...]:
        return HOSTILE

    def suggest(self, name: str = "suggested") -> Suggestion:
        return Suggestion(Profile(name), tuple(Reason(text, text, text) for text in HOSTILE))


class HostileEngine(FakeEngine):
    """Has hostile texts wherever it has texts."""

    def __init__(self) -> None:
        super().__init__(
            replace(
                sample_chart(
                    files=24, paths=PATHS, name=LOUD, model=hostile_model(0, LOUD),
                    skipped=tuple(Skipped(text, text) for text in TEXTS),
                ),
                revision=LOUD,
            )
        )  # fmt: skip
        self.book: FakeBook = HostileBook(Path(LOUD.replace("\0", "")))
        for text in (LOUD, *HOSTILE):
            self.book.save(text, Profile(text, 8_000))
        self.book.use(LOUD)
        self.calls.events = [hostile_event(number) for number in range(60)]
        self.calls.places = {text: (Path(text.replace("\0", "")),) for text in HOSTILE}
        self.calls.done = {
            "refused": dict.fromkeys(TEXTS, 3), "by_source": dict.fromkeys(TEXTS, 2), "bad_lines": 99,
            "bad": [{"path": text, "line": 3, "reason": text} for text in TEXTS],
        }  # fmt: skip

    def models(self) -> tuple[Model, ...]:
        return (*(hostile_model(number, text) for number, text in enumerate(TEXTS)), *sample_models())

    def model(self, name: str) -> Model:
        return self.models()[0]

    def live(self, request: ScanRequest) -> FakeLive:
        chart: Chart = super().live(request).chart
        return HostileLive(replace(chart, model=hostile_model(0, LOUD)))

    def command_line(self, request: PackRequest) -> str:
        return f"packsight pack {LOUD}"


def hostile_request(request: PackRequest) -> PackRequest:
    tuning = Tuning(pins=tuple((text, 1) for text in PATHS), excludes=(LOUD,))
    return replace(request, query=LOUD, profile=LOUD, tuning=tuning, scan=replace(request.scan, model=LOUD, rev=LOUD))


def is_unsafe(character: str) -> bool:
    """Whether a terminal may take a character for more than a picture."""
    if unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp"):
        return True
    return unicodedata.bidirectional(character) in ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")


def look(drive: Drive, where: str) -> str:
    """All that is on the screen, as text; every line as wide as the screen, every piece something one can print."""
    app = drive.app
    width = app.size.width
    lines = app.screen._compositor.render_strips()
    assert len(lines) == app.size.height, where
    for strip in lines:
        segments: list[Segment] = list(strip)
        text = "".join(segment.text for segment in segments)
        assert cell_len(text) == width, f"{where}: {text!r}"
        for segment in segments:
            assert not segment.control, where
            assert not any(map(is_unsafe, segment.text)), f"{where}: {segment.text!r}"
    return "\n".join("".join(segment.text for segment in strip) for strip in lines)


def measure(drive: Drive, where: str) -> None:
    """Every line of every widget of ours is as wide as the widget."""
    for widget in drive.app.screen.query("*").results(Widget):
        is_ours = type(widget).__module__.startswith("tui.") and not isinstance(widget, Input)
        if is_ours and widget.region.area and not widget.children:
            width = widget.scrollable_content_region.width
            for y in range(widget.size.height):
                strip = widget.render_line(y)
                assert sum(cell_len(segment.text) for segment in strip) == width, f"{where}: {widget} {y}"


async def visit(drive: Drive, *keys: str) -> str:
    """Press keys and look after each."""
    shown = look(drive, "before " + " ".join(keys))
    for at, key in enumerate(keys):
        await drive.press(key)
        shown = look(drive, " ".join(keys[: at + 1]))
    measure(drive, " ".join(keys))
    return shown


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.asyncio
async def test_the_inspector_shows_whatever_it_is_given_as_text(size: tuple[int, int], tmp_path: Path) -> None:
    setup = fake_setup(tmp_path, HostileEngine(), hostile_request)
    async with driven(setup, size) as drive:
        drive.tree.action_expand(True)
        shown = await visit(drive, "slash", *"slug", "enter", "home")
        assert "slug].py" in shown
        await visit(drive, "escape", "home", *["pagedown"] * 3, "end", "right", "down", "right", "down", "s", "s", "s")
        await visit(drive, "v", "v", "home", "down", "down", "tab", "tab", "1", "vertical_line", "t", "y")
        await visit(drive, "shift+tab", "question_mark", "question_mark")
        drive.tree.focus()
        await visit(drive, "home", "down", "space", "x", "slash", "left_square_bracket", "b", "enter", "escape")
        assert isinstance(drive.tree, PackTree)
        assert not drive.app.state.trouble


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.asyncio
async def test_the_other_screens_show_whatever_they_are_given_as_text(size: tuple[int, int], tmp_path: Path) -> None:
    engine = HostileEngine()
    async with driven(fake_setup(tmp_path, engine, hostile_request), size) as drive:
        await visit(
            drive, "p", "pagedown", "t", "r", "s", "s", "o", "o", "c", "end", "y", "slash", "a", "enter", "escape"
        )
        await visit(drive, "w", "right", "end", "escape")
        await visit(drive, "f", "down", "g", "S", "escape", "x")
        trace = tmp_path / "data" / "trouble.log"
        assert not trace.exists(), trace.read_text()
        assert drive.app.screen.query_one(OptionList).option_count > len(HOSTILE)
        await visit(drive, "d", "n", "z", "down", "end")
        assert not drive.app.state.trouble


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.asyncio
async def test_the_history_shows_whatever_it_is_given_as_text(size: tuple[int, int], tmp_path: Path) -> None:
    engine = HostileEngine()
    async with driven(fake_setup(tmp_path, engine, hostile_request), size) as drive:
        await visit(drive, "T", "down", "m", "m", "o", "x", "c", "x", "v", "z", "v", "z", "slash", *"model:", "tab")
        await visit(drive, "escape", "x", "t", "t", "enter", "pagedown", "end", "tab", "end")
        await visit(drive, "right_square_bracket", "escape", "I", "enter", "end", "escape")
        engine.calls.failure = InputError(LOUD, TEXTS[-1])
        await visit(drive, "r", "I", "enter", "escape")
        trace = tmp_path / "data" / "trouble.log"
        assert not trace.exists(), trace.read_text()


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.asyncio
async def test_the_search_shows_whatever_it_is_given_as_text(size: tuple[int, int], tmp_path: Path) -> None:
    engine = HostileEngine()
    async with driven(fake_setup(tmp_path, engine, lambda request: replace(request, query="slug x")), size) as drive:
        shown = await visit(drive, "F", "down", "down", "I", "enter", "escape", "v", "end", "o", "F")
        assert "of" in shown
        assert drive.app.screen.query_one(HitList).row_total
        await visit(drive, "D", *"x", "enter", "space", "U", "slash", "a", "escape", "b", "escape")
        drive.app.state = replace(drive.app.state, request=replace(drive.request, diff=LOUD, query=LOUD))
        await visit(drive, "I", "slash", "up", "escape", "D", "escape", "i", "F")
        trace = tmp_path / "data" / "trouble.log"
        assert not trace.exists(), trace.read_text()


@pytest.mark.parametrize("size", SIZES[:1], ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.asyncio
async def test_the_dialogs_show_whatever_they_are_given_as_text(size: tuple[int, int], tmp_path: Path) -> None:
    engine = HostileEngine()
    async with driven(fake_setup(tmp_path, engine, hostile_request), size) as drive:
        await visit(drive, "m", "down", "pagedown", "up", "escape")
        await visit(drive, "w", "right", "escape", "Q", "escape", "P", "a", "escape", "b", "escape")
        await visit(drive, "ctrl+o", "escape", "ctrl+t", "escape", "ctrl+p", "escape")
        await visit(drive, "p", "w", "escape", "i", "plus", "q", "escape")
        assert not drive.app.state.trouble


@pytest.mark.asyncio
async def test_what_is_told_in_passing_and_what_fails_is_text(tmp_path: Path) -> None:
    async with driven(fake_setup(tmp_path, HostileEngine(), hostile_request)) as drive:
        for text in (LOUD, TEXTS[-1]):
            drive.app.post_message(Warned(text))
            drive.app.post_message(Failed("x", text, text))
            await drive.rest()
            look(drive, "told")
            drive.app.clear_notifications()
            drive.app.post_message(Failed("repack", text, text))
            await drive.rest()
            look(drive, "failed")
        drive.app.post_message(Broken("x", LOUD))
        await drive.rest()
        look(drive, "broken")
        await visit(drive, "p", "f", "d", "i")


@pytest.mark.asyncio
async def test_a_failure_before_there_is_anything_is_text(tmp_path: Path) -> None:
    engine = FakeEngine()
    engine.failure = InputError(LOUD, TEXTS[-1])
    async with driven(fake_setup(tmp_path, engine, hostile_request), settled=False) as drive:
        await drive.until(lambda: drive.app.state.trouble, "the failure is told")
        await visit(drive, "p", "f", "d", "i")
