"""The loop of a worker process: take a batch of files, send an answer for each, in order.

Answers travel together, a few dozen times a second, so that parent and worker do not wake each other for every file.
"""

from __future__ import annotations

import gc
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from typing import Protocol

from engine.classify import FileClass, Rules
from engine.errors import PacksightError
from engine.model import ChunkClass, FileKind, SourceFile
from engine.scan.job import analyze, recount, rules_for, skipped
from engine.scan.record import BlobRecord, Damaged, join, to_wire
from engine.scan.settings import MAX_FILE_BYTES, Settings
from engine.tokens import catalog, tokenizer
from engine.tokens.plugged import CannotCount
from engine.walk import ContentSource, blob_id, lfs_pointer_size

INCOMPLETE = "a part of the program is missing: "
"""Begins the reason of a record that no file is to blame for; such a scan cannot go on."""

UNCOUNTED = "not counted: "
"""Begins the reason of a record that the tokenizer of a plugin failed on; such a scan cannot go on either."""
_SEND_EVERY_S = 0.04
_FILE_CPU_S = 60.0
"""CPU time one file may take. The parent is stricter; this ends workers that hang and have no parent left."""


class Content(Protocol):
    """Gives the bytes of files."""

    def read(self, file: SourceFile, limit_bytes: int) -> bytes:
        """Read a file whole.

        Raises:
            PacksightError: it cannot be read, or is larger.
        """
        ...


@dataclass(frozen=True, slots=True)
class Task:
    """One file to analyse, or to count again with another vocabulary."""

    file: SourceFile
    file_class: FileClass
    object_format: str
    rows: bytes = b""
    """Cached chunk rows when only the counts are missing."""
    detail: bytes = b""
    """Cached detail when only the counts are missing."""
    text_only: bool = False
    """Do not parse: the last attempt killed its worker."""

    def __reduce__(self) -> tuple[Callable[..., Task], tuple[object, ...]]:
        """Travel as one flat row: three nested dataclasses a file take longer to pack than small files to analyse."""
        file, known = self.file, self.file_class
        return _task, (
            file.path, str(file.kind), file.blob_id, file.size_bytes, tuple(file.attributes),
            str(known.chunk_class), known.rule_id, known.whole,
            self.object_format, self.rows, self.detail, self.text_only,
        )  # fmt: skip


def _task(
    path: str, kind: str, blob_id: str, size_bytes: int, attributes: tuple[str, ...],
    chunk_class: str, rule_id: str, whole: bool, object_format: str, rows: bytes, detail: bytes, text_only: bool,
) -> Task:  # fmt: skip
    return Task(
        SourceFile(path, FileKind(kind), blob_id, size_bytes, frozenset(attributes)),
        FileClass(ChunkClass(chunk_class), rule_id, whole),
        object_format,
        rows,
        detail,
        text_only,
    )


def run_task(task: Task, content: Content, settings: Settings, rules: Rules | None = None) -> BlobRecord:
    """Read and analyse one file; what cannot be read becomes a skipped record, never an exception."""
    file = task.file
    started_s = time.perf_counter()
    try:
        raw = content.read(file, MAX_FILE_BYTES)
    except PacksightError as error:
        return skipped("", error.message, max(file.size_bytes, 0))
    # Git calls a file unchanged that was stored with other line endings, so the bytes are asked, not the index.
    identity = blob_id(raw, task.object_format)
    if file.blob_id and "converted" in file.attributes:
        identity = file.blob_id
    pointer = lfs_pointer_size(raw)
    if pointer is not None:
        return skipped(identity, f"LFS pointer, content of {pointer:,} bytes is not here", len(raw))
    if not raw:
        return skipped(identity, "empty", 0)
    read_s = time.perf_counter() - started_s
    counter = tokenizer(settings.encoding)
    if task.detail and not task.text_only:
        try:
            counts = recount(raw, task.rows, task.detail, counter)
        except Damaged:
            pass
        else:
            counted_s = time.perf_counter() - started_s - read_s
            return BlobRecord(identity, "", "", "", 0, len(raw), [], b"", counts, b"", b"", (read_s, 0.0, counted_s))
    record = analyze(
        raw, identity, file.path, task.file_class, counter, settings, text_only=task.text_only, rules=rules
    )
    record.seconds = (read_s, *record.seconds[1:])
    return record


def serve(connection: Connection, content: ContentSource, settings: Settings) -> None:
    """Greet with an empty message, then answer batches until the other end closes; a message is a list of answers."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    if hasattr(signal, "SIGPROF"):
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
    try:
        if settings.model_files:
            catalog(settings.model_files)
        rules = rules_for(settings.class_rules)
        # Loaded before the greeting: a worker that cannot count is none, and no file is to blame for it.
        tokenizer(settings.encoding).count(" ")
    except PacksightError:
        connection.close()
        return
    # Analyses make no cycles worth looking for, and looking costs a tenth of the time.
    gc.disable()
    try:
        connection.send_bytes(join([]))
        while True:
            batch: list[Task] = connection.recv()
            ready: list[bytes] = []
            sent_s = time.monotonic()
            for task in batch:
                limit_cpu(_FILE_CPU_S)
                ready.append(answer(task, content, settings, rules))
                if time.monotonic() - sent_s > _SEND_EVERY_S:
                    connection.send_bytes(join(ready))
                    ready = []
                    sent_s = time.monotonic()
            limit_cpu(0.0)
            if ready:
                connection.send_bytes(join(ready))
    except (EOFError, OSError):
        pass
    finally:
        content.close()


def answer(task: Task, content: Content, settings: Settings, rules: Rules) -> bytes:
    """Run a task; one that raises is tried as plain text, and skipped with the reason if that raises too.

    A module that cannot be imported is no trouble of the file: as plain text it would be remembered as less than it is.
    """
    size_bytes = max(task.file.size_bytes, 0)
    try:
        return to_wire(run_task(task, content, settings, rules))
    except MemoryError:
        return to_wire(skipped("", "needs more memory than is allowed", size_bytes))
    except ImportError as error:
        return to_wire(skipped("", f"{INCOMPLETE}{error}", size_bytes))
    except CannotCount as error:
        return to_wire(skipped("", f"{UNCOUNTED}{error.message}", size_bytes))
    except Exception as error:  # one file that breaks a grammar or a rule must not cost the scan
        if task.text_only:
            return to_wire(skipped("", f"could not be analysed: {type(error).__name__}", size_bytes))
        return answer(replace(task, text_only=True), content, settings, rules)


def limit_cpu(cpu_s: float) -> None:
    """Let the system end this process once it has spent that much CPU time before the next call; zero for never.

    A grammar that never returns keeps the interpreter from noticing anything, also that the parent is gone. Time on
    the clock would count against a worker while it is suspended.
    """
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_PROF, cpu_s)
