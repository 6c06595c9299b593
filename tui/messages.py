"""Messages that cross between bridge, app and screens, in the past tense; a widget's own are nested in the widget."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from textual.message import Message

from engine.events import Progress
from engine.live import Chart, Excerpt, LivePack, Settled
from engine.request import PackRequest
from tui.state import Found, Place


@dataclass
class Progressed(Message):
    """A long call got further; only the newest counts."""

    progress: Progress
    elapsed_s: float
    """Seconds since the call began."""
    call: int
    """Number of the call, by which the bridge knows whether it was stopped meanwhile."""

    def can_replace(self, message: Message) -> bool:
        """Replace an older one that nobody handled yet."""
        return isinstance(message, Progressed)


@dataclass
class LookedThrough(Message):
    """A long question to the records got further; only the newest counts."""

    progress: Progress

    def can_replace(self, message: Message) -> bool:
        """Replace an older one that nobody handled yet."""
        return isinstance(message, LookedThrough)


@dataclass
class FoundMore(Message):
    """A running scan knows more files; holds everything found so far."""

    found: Found

    def can_replace(self, message: Message) -> bool:
        """Replace an older one that nobody handled yet."""
        return isinstance(message, FoundMore)


@dataclass
class Warned(Message):
    """The engine has something to say that did not stop it."""

    message: str


@dataclass
class Opened(Message):
    """The repository was scanned, and packed a first time."""

    chart: Chart
    pack: LivePack
    generation: int
    """Of the request that ``pack`` answers."""


@dataclass
class Repacked(Message):
    """A request was packed, without its text."""

    pack: LivePack
    generation: int

    def can_replace(self, message: Message) -> bool:
        """Replace an older one that nobody handled yet."""
        return isinstance(message, Repacked)


@dataclass
class PackSettled(Message):
    """A request was packed with its text, recounted."""

    settled: Settled
    generation: int


@dataclass
class ExcerptRead(Message):
    """Text that was asked for is there."""

    place: Place
    level: int | None
    excerpt: Excerpt

    def can_replace(self, message: Message) -> bool:
        """Replace an older one that nobody handled yet."""
        return isinstance(message, ExcerptRead) and message.key == self.key

    key: str = "preview"
    """Which pane asked."""


@dataclass
class Answered(Message):
    """The engine answered a question that a screen asked."""

    key: str
    """What was asked, as the asker named it."""
    answer: Any


@dataclass
class Failed(Message):
    """An engine call failed in a way that a person can understand."""

    key: str
    """What was asked."""
    message: str
    hint: str


@dataclass
class Broken(Message):
    """An engine call failed in a way nobody expected."""

    key: str
    trace: str
    """The traceback, for the log."""


@dataclass
class DiskChanged(Message):
    """Files of the repository changed."""

    def can_replace(self, message: Message) -> bool:
        """Replace an older one that nobody handled yet."""
        return isinstance(message, DiskChanged)


@dataclass
class ThemesChanged(Message):
    """Files of the person's configuration changed, themes perhaps."""

    def can_replace(self, message: Message) -> bool:
        """Replace an older one that nobody handled yet."""
        return isinstance(message, ThemesChanged)


@dataclass
class RequestChanged(Message):
    """A person changed something: widgets post it, the app asks the engine."""

    request: PackRequest
    continued: bool = False
    """Part of a gesture that began before (a drag, typing): undo takes the gesture back as one."""


@dataclass
class PlaceSelected(Message):
    """A person moved to a file, a chunk or a folder."""

    place: Place

    def can_replace(self, message: Message) -> bool:
        """Replace an older one that nobody handled yet."""
        return isinstance(message, PlaceSelected)
