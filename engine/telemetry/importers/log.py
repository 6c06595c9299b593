"""A log that is being read: where it is, how far it was read before, how far it is now."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import BinaryIO

from engine.telemetry.event import Event
from engine.telemetry.importers.bad_line import BadLine
from engine.telemetry.importers.cursor import Cursor, take

Found = Event | BadLine


class Log:
    """One file, as the function that reads it sees it. It says how far it is; whoever imports asks."""

    def __init__(self, path: Path, since: Cursor) -> None:
        self.path = path
        self.name = str(path)
        self.since = since
        """Where the last import stopped."""
        self.cursor = since
        """Where the next one has to start, once everything that was handed out is stored."""
        self.done_bytes = 0
        """Bytes of the file behind the reader."""
        self.begun_bytes = 0
        """Bytes of it that were read by the import before."""
        self.resume = 0, 0
        """Offset, and lines before it, at which the next import has to start, as far as is known."""
        self.state: dict[str, object] = {}
        """What the importer has to know the next time; JSON values only."""

    def begin(self, stream: BinaryIO) -> bool:
        """Go on where the last import stopped, if the log is still the one it was; return whether it is."""
        if not self.since.continues(stream, os.fstat(stream.fileno()).st_size):
            return False
        self.resume = self.since.offset, self.since.line
        self.state = dict(self.since.state)
        self.done_bytes = self.begun_bytes = self.since.offset
        return True

    def finish(self, stream: BinaryIO) -> None:
        """Make ``resume`` and ``state`` the cursor of the next import."""
        self.cursor = take(stream, *self.resume, self.state)
        self.done_bytes = self.cursor.size

    def bad(self, line: int, reason: str) -> BadLine:
        """Return a bad line of this log."""
        return BadLine(self.name, line, reason)


Read = Callable[[Log], Iterator[Found]]
"""Reads what is new in a log: calls ``begin`` first and ``finish`` last, sets ``done_bytes`` on its way."""


class Reading(Iterator[Found]):
    """Events and bad lines of one log, as they are read; ``cursor`` is where to start the next time.

    The cursor is of use after the last item: before, it is the one that reading began with, so that a reading that was
    broken off is done again, which changes nothing that is stored.
    """

    def __init__(self, log: Log, read: Read) -> None:
        self._log = log
        self._found = _guarded(log, read)

    def __iter__(self) -> Iterator[Found]:
        return self._found

    def __next__(self) -> Found:
        return next(self._found)

    @property
    def cursor(self) -> Cursor:
        """Where the next import has to start."""
        return self._log.cursor

    @property
    def done_bytes(self) -> int:
        """Bytes of the log behind the reader."""
        return self._log.done_bytes

    @property
    def begun_bytes(self) -> int:
        """Bytes of the log that were behind before."""
        return self._log.begun_bytes

    def close(self) -> None:
        """Stop reading and close the file."""
        self._found.close()


def _guarded(log: Log, read: Read) -> Generator[Found, None, None]:
    """A file that vanishes, changes or refuses while it is read is one bad file; the others are read."""
    try:
        yield from read(log)
    except OSError as error:
        yield log.bad(0, f"unreadable: {error.strerror or type(error).__name__}")
