"""What a long call reports while it runs.

The engine never prints: it calls ``emit(event)`` and asks ``cancelled()``; front ends decide what a person sees.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from engine.model import ChunkClass


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a phase is."""

    phase: str
    """``list``, ``analyze``, ``count``, ``store``, ``pack``."""
    done: int
    """Units finished so far."""
    total: int
    """Units expected in this phase; 0 while unknown."""
    done_bytes: int = 0
    """Bytes of content finished, where the phase reads content."""


@dataclass(frozen=True, slots=True)
class Warned:
    """Something a person should know that did not stop the work."""

    message: str


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file that was just analysed."""

    path: str
    tokens: Mapping[ChunkClass, int]
    """Tokens at level 0, by class."""


@dataclass(frozen=True, slots=True)
class FilesFound:
    """Files whose analysis became known, while a scan runs; worked out only when somebody looks."""

    look: Callable[[], Sequence[FoundFile]]
    """Works the files out."""

    @property
    def files(self) -> Sequence[FoundFile]:
        """The files of this batch; each file is in one batch."""
        return self.look()


Event = Progress | Warned | FilesFound
Emit = Callable[[Event], None]
IsCancelled = Callable[[], bool]


def ignore(event: Event) -> None:
    """Take an event and do nothing: the default ``emit``."""


def never() -> bool:
    """Say that nobody asked to stop: the default ``cancelled``."""
    return False
