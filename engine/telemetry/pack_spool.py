"""Packs that wait for the database: a line each in one file, so that a pack need not open a database to be recorded.

Every writer appends one line under a lock of the file, in one write; a line that a killed process left half is passed
over. Whoever opens the database next moves the file away under the same lock, writes what it holds, and removes it; if
it is killed on the way, the next one finds the file and writes the same events, which the store knows again.
"""

from __future__ import annotations

import contextlib
import datetime
import json
import os
import sys
import time
import uuid
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

from engine.telemetry.pack_event import PackEvent

MOST_BYTES = 4_000_000
"""Size at which the file is set aside for a new one; about 8,000 packs. One is kept so, an older one is forgotten."""
MOST_FILES = 200
"""Files of writers that did not get the lock in time."""
_FILE, _OLDER, _TAKEN = "packs.jsonl", "packs-older.jsonl", "packs-taken-"
_PATIENCE_S, _PAUSE_S = 0.1, 0.002
_FLAGS = os.O_APPEND | os.O_CREAT | os.O_WRONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
_NAMES = tuple(field.name for field in fields(PackEvent) if field.name not in ("timestamp", "event_id"))
_NUMBERS = frozenset(("budget_tokens", "est_used_tokens", "actual_tokens", "asked_tokens", "sent_tokens"))
_REALS = frozenset(("quality", "seconds"))
_OPTIONAL = frozenset(("asked_tokens", "sent_tokens", "seconds"))


class PackSpool:
    """The waiting packs of one database."""

    def __init__(self, folder: Path, most_bytes: int = MOST_BYTES, patience_s: float = _PATIENCE_S) -> None:
        self._folder, self._most_bytes, self._patience_s = folder, most_bytes, patience_s

    def put(self, event: PackEvent) -> bool:
        """Keep an event; False when the disk does not take it. Raises nothing and waits a tenth of a second at most."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            # The newline in front ends a line that somebody was killed in, or that the disk had no room for.
            line = f"\n{json.dumps(_values(event))}\n".encode()
            until_s = time.monotonic() + self._patience_s
            while sys.platform != "win32":
                with self._locked(self._folder / _FILE) as handle:
                    if handle is not None:
                        if os.fstat(handle).st_size + len(line) > self._most_bytes:
                            os.replace(self._folder / _FILE, self._folder / _OLDER)
                            continue
                        return os.write(handle, line) == len(line)
                if time.monotonic() >= until_s:
                    break
                time.sleep(_PAUSE_S)
            return self._put_apart(line)
        except (OSError, ValueError, TypeError):
            return False

    def take(self) -> Iterator[tuple[Path, list[PackEvent]]]:
        """Give the events of each file that waits, none of them of the future: new ones go to a new file.

        Files stay until ``remove``.
        """
        with contextlib.suppress(OSError):
            os.rename(self._folder / _OLDER, self._taken())
        until_s = time.monotonic() + self._patience_s
        path = self._folder / _FILE
        while os.path.lexists(path) and time.monotonic() < until_s:
            with contextlib.suppress(OSError), self._locked(path, create=False) as handle:
                if handle is not None:
                    os.rename(path, self._taken())
                    break
            time.sleep(_PAUSE_S)
        for name in self._waiting():
            if name not in (_FILE, _OLDER):
                found: list[PackEvent] = []
                with contextlib.suppress(OSError):
                    found = _read(self._folder / name)
                yield self._folder / name, found

    def _taken(self) -> Path:
        return self._folder / f"{_TAKEN}{time.time_ns():020d}-{uuid.uuid4().hex[:8]}.jsonl"

    def remove(self, path: Path) -> None:
        """Forget a file whose events were written."""
        with contextlib.suppress(OSError):
            path.unlink()

    def __bool__(self) -> bool:
        """Whether anything waits."""
        return bool(self._waiting())

    def count(self) -> int:
        """How many packs wait."""
        found = 0
        for name in self._waiting():
            with contextlib.suppress(OSError):
                found += len(_read(self._folder / name))
        return found

    def _waiting(self) -> list[str]:
        try:
            names = os.listdir(self._folder)
        except OSError:
            return []
        return sorted(name for name in names if name.startswith("packs") and name.endswith(".jsonl"))

    @contextlib.contextmanager
    def _locked(self, path: Path, *, create: bool = True) -> Iterator[int | None]:
        """Open and lock a file; None when somebody else has it, or moved it away meanwhile."""
        if sys.platform == "win32":
            yield None
            return
        import fcntl

        handle = os.open(path, _FLAGS if create else _FLAGS & ~os.O_CREAT, 0o600)
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                is_there = os.path.samestat(os.fstat(handle), os.stat(path))
            except (BlockingIOError, FileNotFoundError):
                is_there = False
            yield handle if is_there else None
        finally:
            os.close(handle)

    def _put_apart(self, line: bytes) -> bool:
        """A file of its own, where the lock is not to be had: its holder was stopped, or there are no locks here."""
        if len(self._waiting()) >= MOST_FILES:
            return False
        name = f"{time.time_ns():020d}-{os.getpid()}-{uuid.uuid4().hex[:8]}.jsonl"
        draft = self._folder / f".{name}"
        with open(os.open(draft, _FLAGS | os.O_EXCL, 0o600), "wb") as file:
            file.write(line)
        os.rename(draft, self._folder / f"packs-{name}")
        return True


def _values(event: PackEvent) -> dict[str, Any]:
    return {"timestamp": event.timestamp.isoformat(), **{name: getattr(event, name) for name in _NAMES}}


def _read(path: Path) -> list[PackEvent]:
    found = []
    for line in path.read_bytes().splitlines():
        with contextlib.suppress(ValueError, TypeError, KeyError, AttributeError, RecursionError):
            found.append(_event(json.loads(line)))
    return found


def _event(values: dict[str, Any]) -> PackEvent:
    """Read a line; the file is the person's own, but may be of another version of the program.

    Raises:
        ValueError: it is no pack.
    """
    for name in _NAMES:
        value = values.get(name)
        kinds: tuple[type, ...] = (int,) if name in _NUMBERS else (int, float) if name in _REALS else (str,)
        if value is None and name in _OPTIONAL:
            continue
        if name in values and (not isinstance(value, kinds) or isinstance(value, bool)):
            raise ValueError(name)
    known = {name: values[name] for name in _NAMES if name in values}
    return PackEvent(timestamp=datetime.datetime.fromisoformat(values["timestamp"]), **known)
