"""The whole app at the hands of a test: it opens, settles, is used by keys, and ends."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from textual.pilot import Pilot
from textual.widget import Widget
from textual.widgets._toast import Toast

from engine.request import PackRequest, Tuning
from tests.tui.waiting import wait_for
from tui.app import PacksightApp
from tui.setup import Setup
from tui.widgets.pack_tree import PackTree

_Kind = TypeVar("_Kind", bound=Widget)


@dataclass(frozen=True)
class Drive:
    """A running app and the hands on its keys."""

    app: PacksightApp
    pilot: Pilot[Any]

    @property
    def request(self) -> PackRequest:
        """What is asked for."""
        return self.app.state.request

    @property
    def tuning(self) -> Tuning:
        """The tuning of what is asked for."""
        return self.request.tuning

    @property
    def tree(self) -> PackTree:
        """The tree, also while another screen is in front."""
        return self.app.screen_stack[0].query_one(PackTree)

    @property
    def selected(self) -> str:
        """Path of what the tree's cursor is on."""
        place, chart = self.tree.place, self.app.state.chart
        assert place is not None
        assert chart is not None
        return chart.columns.files[place.file].path if place.file >= 0 else place.folder + "/"

    @property
    def toasts(self) -> list[str]:
        """What was told in passing, as drawn."""
        return [str(toast.render()) for toast in self.app.screen.query(Toast).results(Toast)]

    @property
    def told(self) -> list[str]:
        """What was told in passing."""
        return [note.message for note in self.app._notifications]

    def find(self, kind: type[_Kind], selector: str = "") -> _Kind:
        """A widget of the screen in front."""
        return self.app.screen.query_one(selector or kind.__name__, kind)

    async def press(self, *keys: str) -> None:
        """Press keys, each taken before the next."""
        for key in keys:
            await self.pilot.press(key)
            await self.rest()

    async def type(self, words: str) -> None:
        """Type words."""
        await self.pilot.press(*(" " if letter == " " else letter for letter in words))
        await self.rest()

    async def until(self, condition: Any, description: str) -> None:
        """Wait for a condition."""
        await wait_for(self.pilot, condition, description)

    async def rest(self) -> None:
        """Wait until the engine has nothing to do and everything it said was taken."""

        def idle() -> bool:
            bridges = [bridge for bridge in (self.app.bridge, self.app.aside) if bridge is not None]
            return not any(bridge._running or bridge._waiting for bridge in bridges)

        for _ in range(2):
            await wait_for(self.pilot, idle, "the engine rests")
            await self.pilot.pause()


@asynccontextmanager
async def driven(
    setup: Setup, size: tuple[int, int] = (120, 36), *, settled: bool = True, app: PacksightApp | None = None
) -> AsyncIterator[Drive]:
    """Run the app on a screen of this size until the block ends."""
    app = app or PacksightApp(setup)
    async with app.run_test(size=size, notifications=True) as pilot:
        drive = Drive(app, pilot)
        await drive.until(lambda: app.bridge is not None, "the app begins")
        if settled:
            await drive.until(lambda: app.state.settled is not None, "the first pack is settled")
            await drive.rest()
        yield drive
