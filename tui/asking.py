"""Questions of screens to the engine, and their answers; the part of the app that knows who asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from textual import on
from textual.app import App
from textual.message import Message

from tui.bridge import Bridge, Question
from tui.messages import Answered, ExcerptRead, LookedThrough, Progressed
from tui.ruler import make_ruler
from tui.state import Place, ViewState

if TYPE_CHECKING:
    from tui.screens.preview import PackScreen


class Asking(App[None]):
    """An app whose screens may ask the engine something."""

    bridge: Bridge | None
    """The way to the engine; None before the first frame."""
    state: Any
    """The app's ``ViewState``."""

    setup: Any
    """What the app was started with, a ``Setup``."""

    def __init__(self) -> None:
        super().__init__()
        self._answers: dict[str, Callable[[Any], object]] = {}
        self.aside: Bridge | None = None
        """A second engine for questions to the records, which may take minutes while the pack goes on changing."""

    def ask(self, key: str, question: Question, then: Callable[[Any], object]) -> None:
        """Ask the engine something; ``then`` gets the answer, unless the same key was asked again meanwhile."""
        if self.bridge is not None:
            self._answers[key] = then
            self.bridge.ask(key, question)

    def ask_aside(self, key: str, question: Question, then: Callable[[Any], object]) -> None:
        """Ask something of the records, without being in the way of the pack; progress comes as ``LookedThrough``."""
        if self.aside is None:
            self.aside = Bridge(self.setup.make_engine, self._post_aside)
        self._answers[key] = then
        self.aside.ask(key, question)

    def _post_aside(self, message: Message) -> object:
        """Pass on what the second engine says; its progress is not that of the repository."""
        return self.post_message(LookedThrough(message.progress) if isinstance(message, Progressed) else message)

    def stop_asking(self) -> None:
        """Stop what the first engine is asked."""
        if self.bridge is not None:
            self.bridge.stop()

    def on_unmount(self) -> None:
        """Stop the second engine."""
        if self.aside is not None:
            self.aside.close()

    @on(LookedThrough)
    def _looked(self, message: LookedThrough) -> None:
        take = getattr(self.screen, "take_progress", None)
        if take is not None:
            take(message.progress)

    def read(self, key: str, place: Place, level: int | None, then: Callable[[ExcerptRead], object]) -> None:
        """Read the text of a place at a level, or at the levels of the pack; ``then`` gets the newest only."""
        state: ViewState = self.state
        if self.bridge is not None and state.pack is not None and place.file >= 0:
            self._answers[f"read {key}"] = then
            self.bridge.read(key, place, level, state.pack)

    @on(Answered)
    def _answered(self, message: Answered) -> None:
        then = self._answers.pop(message.key, None)
        if then is not None:
            then(message.answer)

    @on(ExcerptRead)
    def _excerpt_read(self, message: ExcerptRead) -> None:
        then = self._answers.get(f"read {message.key}")
        if then is not None:
            then(message)

    def on_pack_screen_ruler_wanted(self, message: PackScreen.RulerWanted) -> None:
        """Count the finished text by lines."""
        screen, text = self.screen_stack[0], message.text
        self.ask(
            "ruler",
            lambda engine, live, cancelled: live and make_ruler(text, live.token_ends(text)),
            lambda ruler: setattr(screen, "ruler", ruler),
        )

    def on_pack_screen_command_line_wanted(self, message: PackScreen.CommandLineWanted) -> None:
        """Word the command that gives the same pack."""
        screen, request = self.screen_stack[0], self.state.request
        self.ask(
            "command line",
            lambda engine, live, cancelled: engine.command_line(request),
            lambda command: setattr(screen, "command_line", command),
        )
