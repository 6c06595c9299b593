"""Events that could not be written yet: small files, each whole or not there, read by whoever writes next.

One file per batch instead of one growing file: nothing has to be locked, a killed process leaves no half line, and two
processes that read the same file write the same events, which the store knows again.
"""

from __future__ import annotations

import contextlib
import json
import os
import time
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path

from engine.errors import InputError
from engine.telemetry.event import Event
from engine.telemetry.json_form import DERIVED, event_from_json, event_json

_SUFFIX = ".jsonl"
MOST_FILES = 20_000
"""Files that are kept; calls beyond them are counted as lost rather than filling the disk."""


class Spool:
    """The files of one database."""

    def __init__(self, folder: Path, most_files: int = MOST_FILES) -> None:
        self._folder, self._most_files = folder, most_files

    def put(self, events: Sequence[Event]) -> bool:
        """Keep events; False when there are too many files already or the disk does not take them."""
        lines = []
        for event in events:
            values = {name: value for name, value in event_json(event).items() if name not in DERIVED}
            # Milliseconds are for people; the spool gives back what it got.
            values["timestamp"] = event.timestamp.isoformat()
            values["cost_usd"] = None if event.cost_usd is None else str(event.cost_usd)
            lines.append(json.dumps(values))
        name = f"{time.time_ns():020d}-{os.getpid()}-{uuid.uuid4().hex[:8]}{_SUFFIX}"
        try:
            if len(self) >= self._most_files:
                return False
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            draft = self._folder / f".{name}"
            with open(os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
                file.write("\n".join(lines))
            os.rename(draft, self._folder / name)
        except OSError:
            return False
        return True

    def read(self) -> Iterator[tuple[Path, list[Event], int]]:
        """Give the events of each file, oldest first, and how many of its lines could not be read."""
        for path in self._files():
            events: list[Event] = []
            bad = 0
            try:
                lines = path.read_text("utf-8", "replace").splitlines()
            except OSError:
                continue
            for line in lines:
                try:
                    events.append(event_from_json(json.loads(line)))
                except (InputError, ValueError, TypeError, AttributeError, RecursionError):
                    bad += 1
            yield path, events, bad

    def remove(self, path: Path) -> None:
        """Forget a file whose events were written."""
        with contextlib.suppress(OSError):
            path.unlink()

    def set_aside(self, path: Path) -> None:
        """Keep a file that no store takes, out of the way."""
        with contextlib.suppress(OSError):
            path.rename(path.with_suffix(".refused"))

    def __len__(self) -> int:
        return len(self._files())

    def _files(self) -> list[Path]:
        try:
            with os.scandir(self._folder) as entries:
                names = [entry.name for entry in entries]
        except OSError:
            return []
        return [self._folder / name for name in sorted(names) if name.endswith(_SUFFIX) and not name.startswith(".")]
