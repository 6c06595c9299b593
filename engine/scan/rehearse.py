"""Parsing in this very process without the risk of it: a copy of the process tries it first.

A native grammar can end what it runs in. For a few small files a copy is a good deal cheaper than a worker, and it may
be made while threads run: it parses what was read before, and ends. What it did not get through is for workers, which
know what to do about it.
"""

from __future__ import annotations

import faulthandler
import gc
import os
import select
import signal
import sys
import time
import warnings
from collections.abc import Iterator, Sequence

from engine.chunk import chunk_source, decode, detect_language
from engine.errors import PacksightError
from engine.events import IsCancelled, never
from engine.model import SourceFile
from engine.scan.job import rules_for
from engine.scan.launch import interrupts_held
from engine.scan.pool import Pool
from engine.scan.record import BlobRecord, from_wire
from engine.scan.settings import MAX_FILE_BYTES, Settings
from engine.scan.worker import Content, Task, answer, limit_cpu
from engine.walk import ContentSource

_POLL_S = 0.05
_STALL_S = 20.0
"""Silence after which the copy counts as hung."""


class Held:
    """Content that was read before; what was tried is what is parsed, whatever happens to the file meanwhile."""

    def __init__(self, content: ContentSource, tasks: Sequence[Task]) -> None:
        self._found: dict[str, bytes | PacksightError] = {}
        for task in tasks:
            try:
                self._found[task.file.path] = content.read(task.file, MAX_FILE_BYTES)
            except PacksightError as error:
                self._found[task.file.path] = error

    def read(self, file: SourceFile, limit_bytes: int) -> bytes:
        """Read a file.

        Raises:
            PacksightError: it could not be read.
        """
        found = self._found[file.path]
        if isinstance(found, PacksightError):
            raise found
        return found


def survived(tasks: Sequence[Task], content: Content, settings: Settings, cancelled: IsCancelled) -> int:
    """How many of the tasks, from the first on, a copy of this process got through.

    All when nothing is to be parsed; none on systems where a process with threads cannot be copied.
    """
    if all(task.detail or task.text_only for task in tasks):
        return len(tasks)
    if sys.platform != "linux":
        return 0
    reader, writer = os.pipe()
    try:
        with interrupts_held(), warnings.catch_warnings():
            # That threads run is known: parsing needs nothing that one of them holds; if it did, it would stall.
            warnings.simplefilter("ignore", DeprecationWarning)
            pid = os.fork()
            if not pid:
                _try(tasks, content, settings, writer)
    except OSError:
        os.close(reader)
        return 0
    finally:
        os.close(writer)
    try:
        return _listen(reader, cancelled)
    finally:
        os.close(reader)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def run_here(
    tasks: Sequence[Task], content: ContentSource, settings: Settings, cancelled: IsCancelled
) -> Iterator[tuple[Task, BlobRecord]]:
    """Run tasks in this process, those that a copy of it survived; a worker gets the others."""
    rules = rules_for(settings.class_rules)
    held = Held(content, tasks)
    safe = survived(tasks, held, settings, cancelled)
    for task in tasks[:safe]:
        yield task, from_wire(answer(task, held, settings, rules))
    if tasks[safe:]:
        yield from Pool(content, settings, 1).run([list(tasks[safe:])], cancelled)


def parses(task: Task, content: ContentSource, settings: Settings) -> bool:
    """Whether a single file can be parsed here, found out by a copy of this process or by a worker."""
    if survived([task], Held(content, [task]), settings, never):
        return True
    answers = Pool(content, settings, 1).run([[task]], never)
    return all(not done.text_only and not record.skip_reason for done, record in answers)


def _listen(reader: int, cancelled: IsCancelled) -> int:
    done, heard_s = 0, time.monotonic()
    poll = select.poll()
    poll.register(reader, select.POLLIN)
    while True:
        if poll.poll(_POLL_S * 1000):
            marks = os.read(reader, 4096)
            if not marks:
                return done
            done, heard_s = done + len(marks), time.monotonic()
        elif cancelled() or time.monotonic() - heard_s > _STALL_S:
            return done


def _try(tasks: Sequence[Task], content: Content, settings: Settings, writer: int) -> None:
    """Parse in the copy; it never returns, so that nothing of the program happens twice."""
    try:
        import resource

        gc.disable()
        faulthandler.disable()
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        for task in tasks:
            limit_cpu(_STALL_S)
            try:
                raw = content.read(task.file, MAX_FILE_BYTES)
                language = detect_language(task.file.path, raw[:256])
                whole, deadline_s = task.file_class.whole, settings.parse_deadline_s
                chunk_source(decode(raw), None if task.text_only else language, whole=whole, deadline_s=deadline_s)
            except Exception:  # noqa: S110 - told of where it counts, when it happens again
                pass
            os.write(writer, b".")
    finally:
        os._exit(0)
