"""Scan a listing: ask the cache, send the rest to workers, assemble."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

import msgpack

from engine.errors import Cancelled, InputError, PacksightError
from engine.events import Emit, IsCancelled, Progress, Warned, ignore, never
from engine.model import Skipped, SourceFile
from engine.plugins import ANALYSIS, installed
from engine.scan.found import Finds
from engine.scan.identity import identify
from engine.scan.job import rules_for
from engine.scan.plan import Entry, batches, plan
from engine.scan.plugin_notes import tell_of_failures
from engine.scan.pool import Pool, usable_cores
from engine.scan.record import BlobRecord
from engine.scan.rehearse import run_here
from engine.scan.settings import MAX_FILE_BYTES, Settings
from engine.scan.shared import Cache as Cache
from engine.scan.shared import Rows, own_share
from engine.scan.worker import INCOMPLETE, UNCOUNTED, Task
from engine.walk import Listing

_SAVE_EVERY_S = 1.0
"""A killed scan loses at most what was analysed in this time."""
_SAVE_AT_RECORDS = 1200
_DETAIL_LIMIT_BYTES = 50_000
"""Cached detail beyond this is not sent to a worker for a recount: analysing again is as quick, and pipes are small."""
_UNKNOWN_SIZE_BYTES = 5_000
"""Stands for the size of an object that was not read yet."""
_ALONE_BYTES = 150_000
"""Below this much content, starting workers costs more than it saves."""

_FAULTS = ("could not be analysed", "needs more memory", "stopped its worker", "took longer than")
"""Begin the reasons of files that broke something, which files rarely do."""
_TOO_MANY_FAULTS = 3
"""Files; when all of at least so many broke something, it was none of them."""


@dataclass(slots=True)
class Analysed:
    """The files of a listing with everything known about them, before columns are built."""

    entries: list[Entry]
    """Files with chunks, in listing order."""
    heads: list[tuple[str, str, str, str, int, int, list[str]]]
    """Per entry: blob id, skip reason, language, note, lines, size in bytes, names."""
    rows: list[bytes]
    """Per entry: chunk rows."""
    counts: list[bytes]
    """Per entry: token counts."""
    skipped: list[Skipped]
    hits: int
    misses: int
    unsettled: bool = False
    """Something could not be read, or was not what the listing said: the next scan may see it differently."""
    details: dict[bytes, bytes] = field(default_factory=dict)
    """Details by key that could not be put into the cache."""
    seconds: dict[str, float] = field(default_factory=dict)
    """Seconds by phase: ``read``, ``parse``, ``count`` summed over the workers, ``store`` in this process."""


def analyse(
    listing: Listing,
    settings: Settings,
    cache: Cache | None,
    *,
    entries: Sequence[Entry] | None = None,
    skipped: Sequence[Skipped] = (),
    emit: Emit = ignore,
    cancelled: IsCancelled = never,
    workers: int | None = None,
    meanwhile: Callable[[], None] = lambda: None,
) -> Analysed:
    """Know every file of a listing: from the cache where possible, by workers where not.

    What was analysed before a cancellation is saved.

    Args:
        listing: Files and how to read them.
        settings: Vocabulary, rules and limits.
        cache: Blob cache, or None to analyse everything.
        entries: The plan, when the caller made it already; ``skipped`` then holds what it skipped.
        skipped: Files skipped so far.
        emit: Receives progress of phase ``analyze``.
        cancelled: Asked several times a second.
        workers: Number of processes; by default one per usable core.
        meanwhile: Called once while the workers are busy with their first files, for what would be loaded afterwards.

    Raises:
        InputError: the program is not whole, or nothing at all can be analysed here.
        Cancelled: ``cancelled`` said so.
    """
    collector = list(skipped)
    known_entries = list(entries or ())
    if entries is None:
        known_entries = plan(identify(listing, collector), rules_for(settings.class_rules))
    store_s = time.perf_counter()
    cached = cache.records([entry.key for entry in known_entries], settings.encoding) if cache else {}
    missing: dict[bytes, Entry] = {}
    for entry in known_entries:
        hit = cached.get(entry.key)
        if hit is None or (hit[2] is None and hit[1]):
            missing.setdefault(entry.key, entry)
    hits = sum(entry.key not in missing for entry in known_entries)
    seconds = {"read": 0.0, "parse": 0.0, "count": 0.0, "store": time.perf_counter() - store_s}
    result = Analysed([], [], [], [], collector, hits, len(known_entries) - hits, seconds=seconds)
    if missing:
        work = _Work(listing, settings, cache, emit, cancelled, usable_cores() if workers is None else workers)
        for entry in known_entries:
            if entry.key not in missing:
                work.finds.add(entry.file.path, cached[entry.key][1], cached[entry.key][2] or b"")
        work.run(missing, cached, seconds, meanwhile)
        taken = sum(entry.key in work.taken for entry in known_entries)
        result.hits, result.misses = hits + taken, result.misses - taken
        if not hits and work.faults == len(missing) >= _TOO_MANY_FAULTS:
            raise InputError(
                f"workers cannot work here: each of {len(missing):,} files {work.fault}", "is there a limit on memory?"
            )
        result.details, result.unsettled = work.details, work.unsettled
    _collect(known_entries, cached, result)
    if installed():
        # Nobody is to recognise such a state later without hearing of it again.
        result.unsettled |= tell_of_failures([entry.file.path for entry in result.entries], result.heads, emit)
    return result


class _Work:
    """The misses of one scan on their way through workers into the cache."""

    def __init__(
        self,
        listing: Listing,
        settings: Settings,
        cache: Cache | None,
        emit: Emit,
        cancelled: IsCancelled,
        workers: int,
    ) -> None:
        self._listing = listing
        self._settings = settings
        self._cache = cache
        self._emit = emit
        self._cancelled = cancelled
        self._workers = workers
        self.details: dict[bytes, bytes] = {}
        self.unsettled = False
        self.faults = 0
        self.fault = ""
        """Files that broke something, and what the last one did."""
        self.finds = Finds(emit)
        self.taken: set[bytes] = set()
        """What another machine finished meanwhile."""
        self._unsaved: list[tuple[bytes, BlobRecord]] = []
        self._saved_s = time.perf_counter()

    def run(
        self,
        missing: dict[bytes, Entry],
        cached: dict[bytes, tuple[bytes, bytes, bytes | None]],
        seconds: dict[str, float],
        meanwhile: Callable[[], None],
    ) -> None:
        """Analyse the missing files into ``cached``."""
        keys = list(missing)
        tasks, sizes_bytes = self._tasks(keys, missing, cached)
        total_bytes = sum(sizes_bytes)
        key_by_path = {entry.file.path: key for key, entry in missing.items()}
        # The code of a plugin is kept out of this process, whatever that costs: it may hang or end what it runs in.
        if total_bytes < _ALONE_BYTES and not any(map(installed, ANALYSIS)):
            answers = run_here(tasks, self._listing.content, self._settings, self._cancelled)
        else:
            take = partial(self._take, cached=cached, missing=missing)
            own = own_share(batches(tasks, sizes_bytes), self._cache, self._settings.encoding, key_by_path, take)
            pool = Pool(self._listing.content, self._settings, max(1, self._workers))
            answers = pool.run(own, self._cancelled)
        done = done_bytes = 0
        try:
            for task, record in answers:
                if not done:
                    meanwhile()
                if record.skip_reason.startswith(INCOMPLETE):
                    raise InputError(f"files cannot be analysed: {record.skip_reason}", "install packsight again")
                if record.skip_reason.startswith(UNCOUNTED):
                    raise InputError(record.skip_reason.removeprefix(UNCOUNTED), "repair the plugin (packsight doctor)")
                if record.skip_reason.startswith(_FAULTS):
                    self.faults, self.fault = self.faults + 1, record.skip_reason
                key = key_by_path[task.file.path]
                self._accept(key, record, cached, seconds)
                self.finds.add(task.file.path, cached[key][1], cached[key][2] or b"")
                done += 1
                done_bytes += record.size_bytes
                self._emit(Progress("analyze", done + len(self.taken), len(tasks), done_bytes))
                if self._cancelled():
                    break
        finally:
            self.finds.tell()
            self._flush(seconds)
        if self._cancelled():
            raise Cancelled("interrupted", "what was analysed so far is kept")

    def _take(self, made: Rows, cached: Rows, missing: dict[bytes, Entry]) -> None:
        cached.update(made)
        self.taken.update(made)
        for key, (_, rows, counts) in made.items():
            self.finds.add(missing[key].file.path, rows, counts or b"")

    def _tasks(
        self,
        keys: list[bytes],
        missing: dict[bytes, Entry],
        cached: dict[bytes, tuple[bytes, bytes, bytes | None]],
    ) -> tuple[list[Task], list[int]]:
        recounts = [key for key in keys if key in cached]
        details = self._cache.details(recounts) if self._cache and recounts else {}
        tasks = []
        sizes_bytes = []
        for key in keys:
            entry = missing[key]
            detail = details.get(key, b"")
            rows = cached[key][1] if detail else b""
            if len(detail) + len(rows) > _DETAIL_LIMIT_BYTES:
                rows = detail = b""
            if not detail:
                cached.pop(key, None)
            tasks.append(Task(entry.file, entry.file_class, self._listing.object_format, rows, detail))
            sizes_bytes.append(_size_bytes(self._listing, entry.file))
        return tasks, sizes_bytes

    def _accept(
        self,
        key: bytes,
        record: BlobRecord,
        cached: dict[bytes, tuple[bytes, bytes, bytes | None]],
        seconds: dict[str, float],
    ) -> None:
        before = cached.get(key)
        if before is not None and not record.rows and record.counts:
            cached[key] = (before[0], before[1], record.counts)
        else:
            cached[key] = (record.head(), record.rows, record.counts)
        for phase, spent_s in zip(("read", "parse", "count"), record.seconds, strict=True):
            seconds[phase] += spent_s
        # A changed or unreadable file has no content that its key could name.
        if record.blob_id and key.startswith(bytes.fromhex(record.blob_id)):
            self._unsaved.append((key, record))
        else:
            self.unsettled = True
        now_s = time.perf_counter()
        if len(self._unsaved) >= _SAVE_AT_RECORDS or now_s - self._saved_s > _SAVE_EVERY_S:
            self._flush(seconds)

    def _flush(self, seconds: dict[str, float]) -> None:
        started_s = time.perf_counter()
        if self._cache and self._unsaved:
            try:
                self._cache.save(self._settings.encoding, self._unsaved)
            except PacksightError as error:
                self._emit(Warned(f"{error.message}; going on without the cache"))
                self._cache = None
        if self._cache is None:
            self.details.update((key, record.detail) for key, record in self._unsaved)
        self._unsaved = []
        self._saved_s = time.perf_counter()
        seconds["store"] += self._saved_s - started_s


def _collect(entries: list[Entry], cached: dict[bytes, tuple[bytes, bytes, bytes | None]], result: Analysed) -> None:
    for entry in entries:
        head_bytes, rows, counts = cached[entry.key]
        head = msgpack.unpackb(head_bytes)
        if head[1]:
            result.skipped.append(Skipped(entry.file.path, head[1]))
            continue
        result.entries.append(entry)
        result.heads.append(tuple(head))
        result.rows.append(rows)
        result.counts.append(counts or b"")


def _size_bytes(listing: Listing, file: SourceFile) -> int:
    """Size of a file for planning and progress; a guess where only reading would tell."""
    if file.size_bytes >= 0:
        return min(file.size_bytes, MAX_FILE_BYTES)
    try:
        return min(os.lstat(f"{listing.root}/{file.path}").st_size, MAX_FILE_BYTES)
    except (OSError, ValueError):
        return _UNKNOWN_SIZE_BYTES
