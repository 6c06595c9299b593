"""Import of many logs into a store: in batches, with progress, each log from where the last import stopped."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, MutableMapping
from operator import attrgetter
from pathlib import Path

from engine.errors import Cancelled
from engine.events import IsCancelled, never
from engine.telemetry.event import Event
from engine.telemetry.importers.bad_line import BadLine
from engine.telemetry.importers.cursor import Cursor
from engine.telemetry.importers.importer import Importer
from engine.telemetry.importers.merge import once
from engine.telemetry.importers.registry import default_locations, detect
from engine.telemetry.importers.totals import MOST_NAMED, EmitImport, ImportEvent, ImportProgress, Totals, Write

Places = MutableMapping[tuple[str, str], Cursor]
"""Where reading stopped, by source and absolute path; belongs to the store that the events are in."""
BATCH = 5_000
"""Events handed to the store at once."""
_SUFFIXES = frozenset({".jsonl", ".json", ".ndjson", ".csv", ".db", ".sqlite", ".sqlite3", ".log"})
_EMIT_S = 0.1
_LOOK_EVERY = 512
_SOURCE = attrgetter("source")


def ignore(event: ImportEvent) -> None:
    """Take an event and do nothing."""


def default_paths(environment: dict[str, str] | None = None, home: Path | None = None) -> list[Path]:
    """Return the places that exist where the programs write by default."""
    found = default_locations(os.environ if environment is None else environment, home or Path.home())
    return list(dict.fromkeys(place for places in found.values() for place in places))


def import_all(
    paths: Iterable[Path],
    write: Write,
    emit: EmitImport = ignore,
    cancelled: IsCancelled = never,
    *,
    places: Places | None = None,
    using: Importer | None = None,
    batch: int = BATCH,
    clock: Callable[[], float] = time.monotonic,
) -> Totals:
    """Import logs; importing the same again changes nothing.

    Memory is that of one batch and one block of a log, whatever the size of the logs.

    Args:
        paths: Logs, and folders that are searched for logs.
        write: Stores a batch.
        emit: Takes progress, at most ten times a second, and every bad line.
        cancelled: Asked often; True stops the import after the batch at hand.
        places: Where to start in each log, and kept up to date once its events are stored; None reads all from the
            start.
        using: The importer of all ``paths``; None finds each file's by its content.
        batch: Events of a batch.
        clock: Seconds of a clock that only goes forward.

    Raises:
        Cancelled: ``cancelled`` said so. What was written stays.
    """
    run = _Run(write, emit, cancelled, {} if places is None else places, batch, clock)
    run.all(sorted(set(_files(paths, run.bad)), key=_order), using)
    return run.totals()


class _Run:
    """What is going on."""

    def __init__(
        self,
        write: Write,
        emit: EmitImport,
        cancelled: IsCancelled,
        places: Places,
        batch: int,
        clock: Callable[[], float],
    ) -> None:
        self.write, self.emit, self.cancelled, self.places, self.batch = write, emit, cancelled, places, batch
        self.clock, self.begun, self.emitted = clock, clock(), clock()
        self.events: list[Event] = []
        self.finished: list[tuple[tuple[str, str], Cursor]] = []
        self.counts: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.sources: Counter[str] = Counter()
        self.named: list[BadLine] = []
        self.behind_bytes = self.passed_bytes = self.total_bytes = self.total_files = 0
        self.known: dict[str, list[tuple[str, Cursor]]] = {}
        for (name, path), cursor in places.items():
            self.known.setdefault(path, []).append((name, cursor))

    def all(self, files: list[tuple[Path, bool]], using: Importer | None) -> None:
        """Read all files, then write what is left."""
        self.total_files = len(files)
        self.total_bytes = sum(_size(path) for path, _ in files)
        for path, was_named in files:
            self.stop_if_asked()
            size = _size(path)
            if self.is_unchanged(path, using):
                self.counts.update(files=1, unchanged_files=1)
                self.passed_bytes += size
            elif (importer := using or detect(path)) is not None:
                self.one(path, importer)
            else:
                self.counts["unknown_files"] += 1
                self.passed_bytes += size
                if was_named:
                    self.bad(BadLine(str(path), 0, "no importer knows this file"))
            self.behind_bytes += size
            self.counts["seen"] += 1
            self.progress(path, 0)
        self.flush()
        self.progress(Path(), 0, always=True)

    def is_unchanged(self, path: Path, using: Importer | None) -> bool:
        """Whether a log is as it was left: looked up before its content is, since that opens it."""
        known = self.known.get(str(path), [])
        try:
            return any(cursor.unchanged(path.stat()) for name, cursor in known if using is None or name == using.name)
        except OSError:
            return False

    def one(self, path: Path, importer: Importer) -> None:
        """Read what is new in a log."""
        self.counts["files"] += 1
        place = importer.name, str(path)
        reading = importer.read(path, self.places.get(place))
        room = self.batch - len(self.events)
        for number, found in enumerate(reading):
            if isinstance(found, BadLine):
                self.bad(found)
            else:
                self.events.append(found)
                room -= 1
                if not room:
                    self.flush()
                    room = self.batch
            if not number % _LOOK_EVERY:
                self.stop_if_asked()
                self.progress(path, reading.done_bytes)
        self.passed_bytes += reading.begun_bytes
        self.counts["read_bytes"] += max(0, reading.done_bytes - reading.begun_bytes)
        self.finished.append((place, reading.cursor))

    def flush(self) -> None:
        """Store the events at hand, then where their logs were read to."""
        if self.events:
            events, self.events = self.events, []
            self.sources.update(map(_SOURCE, events))
            calls = once(events)
            done = self.write(calls)
            self.counts.update(
                read=len(events),
                new=done.added,
                updated=done.updated,
                unchanged=done.unchanged + len(events) - len(calls),
            )
            self.refused.update(done.refused)
        self.places.update(self.finished)
        self.finished.clear()

    def bad(self, found: BadLine) -> None:
        """Count a bad line and tell of it."""
        self.counts["bad_lines"] += 1
        if len(self.named) < MOST_NAMED:
            self.named.append(found)
        self.emit(found)

    def stop_if_asked(self) -> None:
        """Stop when somebody wants it."""
        if self.cancelled():
            self.flush()
            raise Cancelled("the import was stopped", "what was imported is kept; importing again goes on")

    def progress(self, path: Path, done_bytes: int, *, always: bool = False) -> None:
        """Tell how far it is, not too often."""
        now = self.clock()
        if now - self.emitted < _EMIT_S and not always:
            return
        self.emitted = now
        done, elapsed = self.behind_bytes + done_bytes, now - self.begun
        rate = max(0, done - self.passed_bytes) / elapsed if elapsed > 0 else 0.0
        left = (self.total_bytes - done) / rate if rate else None
        self.emit(
            ImportProgress(
                str(path),
                self.counts["seen"],
                self.total_files,
                done,
                max(done, self.total_bytes),
                self.sources.total() + len(self.events),
                self.counts["bad_lines"],
                rate,
                None if left is None else max(0.0, left),
            )
        )

    def totals(self) -> Totals:
        """Return what was done."""
        counts = {name: count for name, count in self.counts.items() if name != "seen"}
        return Totals(
            refused=dict(self.refused),
            bad=tuple(self.named),
            by_source=dict(self.sources),
            elapsed_s=self.clock() - self.begun,
            **counts,
        )


def _files(paths: Iterable[Path], bad: Callable[[BadLine], None]) -> Iterator[tuple[Path, bool]]:
    """Files, and whether somebody named them rather than their folder. Links in folders are not followed."""
    for path in paths:
        whole = path.absolute()
        if whole.is_dir():
            for folder, folders, names in os.walk(whole):
                folders.sort()
                for name in names:
                    found = Path(folder, name)
                    if found.suffix.lower() in _SUFFIXES and not found.is_symlink():
                        yield found, False
        elif whole.exists():
            yield whole, True
        else:
            bad(BadLine(str(whole), 0, "there is no such file"))


def _order(named: tuple[Path, bool]) -> tuple[int, str]:
    """Sessions before the side chains in folders below them, older rollouts before newer ones."""
    path, _ = named
    return len(path.parts), str(path)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
