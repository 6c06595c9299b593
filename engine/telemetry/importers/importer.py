"""What an importer is: one program's way of writing down its calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.telemetry.importers.cursor import Cursor
from engine.telemetry.importers.log import Log, Read, Reading


@dataclass(frozen=True, slots=True)
class Importer:
    """Knows one program's logs."""

    name: str
    """``source`` of its events, and what a person calls it: ``claude-code``."""
    title: str
    """The program's own name."""
    claims: Callable[[Mapping[str, object]], bool]
    """Whether a record, a line or an object of a log, is this program's; asked about the first ones of a file."""
    locations: Callable[[Mapping[str, str], Path], tuple[Path, ...]]
    """Where the program writes by default, given the environment and the home folder; the places need not exist."""
    events: Read
    """Reads a log."""

    def read(self, path: Path, since: Cursor | None = None) -> Reading:
        """Return the events and bad lines of a log, read as they are asked for.

        Args:
            path: A file that ``detect`` gave to this importer.
            since: Where the last import stopped, ``Reading.cursor`` of then; None reads all. A log that was rotated,
                truncated or rewritten since is read from its start.
        """
        return Reading(Log(path, since or Cursor()), self.events)


def nowhere(environment: Mapping[str, str], home: Path) -> tuple[Path, ...]:
    """Return no places: logs that are written where their user chose, or exported by hand."""
    return ()
