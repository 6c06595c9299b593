"""Reading words for a query takes seconds once; a key stops it, and says so."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from textual.message import Message

from engine.errors import Cancelled
from engine.events import Emit, IsCancelled, Progress
from engine.live import LivePack
from engine.request import PackRequest
from tests.tui.driving import driven
from tests.tui.fake import FakeEngine, fake_setup
from tests.tui.waiting import wait_until
from tui.messages import Progressed

pytestmark = pytest.mark.asyncio


class HeldIndex:
    """Lets a repack for a query of the newest repository read words until it is stopped, or let go on."""

    def __init__(self, engine: FakeEngine) -> None:
        live = engine.lives[-1]
        self.stopped: list[str] = []
        self._free = threading.Event()
        finish = live.repack

        def slow(request: PackRequest, cancelled: IsCancelled, *, emit: Emit) -> LivePack:
            if request.query:
                emit(Progress("index", 3, 9))
                wait_until(lambda: cancelled() or self._free.is_set(), "stopped, or let go")
                if cancelled():
                    self.stopped.append(request.query)
                    raise Cancelled("interrupted")
            return finish(request, cancelled)

        live.repack = slow  # type: ignore[method-assign, assignment]

    def go_on(self) -> None:
        """Let it be finished."""
        self._free.set()


@pytest.mark.parametrize("typing", [True, False], ids=["esc-while-typing", "afterwards"])
@pytest.mark.parametrize("key", ["ctrl+c", "escape"])
async def test_reading_words_for_a_query_is_stopped_by_a_key_that_says_so(
    key: str, typing: bool, tmp_path: Path
) -> None:
    engine = FakeEngine()
    async with driven(fake_setup(tmp_path, engine)) as drive:
        held = HeldIndex(engine)
        before = drive.app.state.pack
        await drive.pilot.press("Q", *"total")
        if not typing:
            await drive.pilot.press("enter")
        await drive.until(lambda: drive.app.state.is_lasting, "words are read")
        await drive.pilot.press(key)
        await drive.rest()
        assert held.stopped
        assert not drive.app.state.is_lasting
        assert drive.request.query == ""
        assert drive.app.state.pack is not None
        assert before is not None
        assert drive.app.state.pack.tokens.tolist() == before.tokens.tolist()
        assert any("stopped" in words for words in drive.told)
        held.go_on()
        drive.tree.focus()
        await drive.press("u")
        assert drive.request.query == "total"
        assert drive.app.state.is_current


async def test_nothing_is_told_of_stopping_where_nothing_runs(tmp_path: Path) -> None:
    async with driven(fake_setup(tmp_path)) as drive:
        await drive.press("ctrl+c", "escape")
        assert drive.told == []
        assert not drive.app.state.trouble


async def test_what_a_stopped_call_told_just_before_is_not_shown_after_it(tmp_path: Path) -> None:
    engine = FakeEngine()
    async with driven(fake_setup(tmp_path, engine)) as drive:
        held = HeldIndex(engine)
        heard: list[Progressed] = []
        bridge = drive.app.bridge
        assert bridge is not None
        pass_on = bridge._post

        def overheard(message: Message) -> object:
            heard.extend([message] if isinstance(message, Progressed) else [])
            return pass_on(message)

        bridge._post = overheard
        await drive.pilot.press("Q", *"total")
        await drive.until(lambda: drive.app.state.is_lasting, "words are read")
        await drive.pilot.press("ctrl+c")
        drive.app.post_message(heard[-1])
        await drive.rest()
        assert held.stopped
        assert not drive.app.state.is_lasting
        held.go_on()
        await drive.press("u")
        assert drive.app.state.is_current
