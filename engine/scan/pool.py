"""Worker processes that survive their files.

Parsing holds the interpreter lock, so the work goes to processes. The standard executor gives up as a whole when one
worker dies and cannot stop one that hangs; a native grammar can do both. Here what a dead or silent worker left
unanswered is tried again one by one; the file that kills its worker alone is the culprit, is tried once more as plain
text, and everybody else goes on.

No work goes to a worker that has not greeted, so one that cannot even start blames no file. When several in a row
cannot, no more are started, and what no worker is left for is done in this process.
"""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from multiprocessing.connection import Connection, wait

from engine.scan.job import rules_for, skipped
from engine.scan.launch import Process, launch, way
from engine.scan.record import BlobRecord, from_wire, split
from engine.scan.settings import Settings
from engine.scan.worker import Task, answer
from engine.tokens import warm
from engine.walk import ContentSource

_AHEAD = 2
"""Batches a worker holds, so that it never waits for the parent."""
_POLL_S = 0.05
"""Longest time between two looks at ``cancelled``."""
_GRACE_S = 0.2
"""Time a worker has to end by itself."""
_MAX_FAILURES = 3
"""Workers in a row that may end before they answered anything, through no fault of a file."""


@dataclass(slots=True)
class _Worker:
    process: Process
    connection: Connection
    queue: deque[Task] = field(default_factory=deque)
    """Tasks sent and not yet answered, in order."""
    batches: deque[int] = field(default_factory=deque)
    """Sizes of the batches behind ``queue``."""
    trials: deque[bool] = field(default_factory=deque)
    """Whether each batch is a suspect on its own."""
    ready: bool = False
    """It has greeted."""
    proven: bool = False
    """It has answered a task."""
    last_answer_s: float = 0.0


def usable_cores() -> int:
    """Number of cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _start_method() -> str:
    return way()


class Pool:
    """Runs tasks on worker processes and yields a record for each, in any order."""

    def __init__(self, content: ContentSource, settings: Settings, size: int, stall_s: float = 20.0) -> None:
        """Prepare; processes start with the first batch.

        Args:
            content: Reads files, in the workers.
            settings: Sent to each worker once.
            size: Number of processes.
            stall_s: Silence after which a worker counts as hung and is killed.
        """
        self._content = content
        self._settings = settings
        self._size = size
        self._stall_s = stall_s
        # Loaded before forking, the vocabulary is there for all workers at once, and for this process too.
        warm(settings.encoding)
        self._workers: list[_Worker] = []
        self._failures = 0
        self._coming: Iterator[list[Task]] = iter(())
        self._waiting: deque[list[Task]] = deque()
        self._suspects: deque[Task] = deque()

    def run(self, batches: Iterable[list[Task]], cancelled: Callable[[], bool]) -> Iterator[tuple[Task, BlobRecord]]:
        """Yield each task with its record; stop early, without error, once ``cancelled`` says so."""
        self._coming = iter(batches)
        try:
            while not cancelled():
                self._hand_out()
                busy = [worker for worker in self._workers if worker.queue or not worker.ready]
                if not busy:
                    if self._open() and self._failures < _MAX_FAILURES:
                        continue
                    break
                answering = set(wait([worker.connection for worker in busy], timeout=_POLL_S))
                now_s = time.monotonic()
                for worker in busy:
                    if worker.connection in answering:
                        yield from self._receive(worker)
                    elif now_s - worker.last_answer_s > self._stall_s:
                        yield from self._bury(worker, f"took longer than {self._stall_s:.0f} s")
            yield from self._alone(cancelled)
        finally:
            self.close()

    def close(self) -> None:
        """End all workers; safe to call twice."""
        for worker in self._workers:
            worker.connection.close()
        while self._workers:
            self._workers.pop().process.end(_GRACE_S)

    def _open(self) -> int:
        """Number of batches that nobody has yet, as far as it matters; suspects are tried one by one."""
        known = len(self._suspects) + len(self._waiting)
        self._waiting.extend(islice(self._coming, max(self._size - known, 0)))
        return len(self._suspects) + len(self._waiting)

    def _hand_out(self) -> None:
        """Give idle workers something, start as many more as there is work for, then let all have some ahead."""
        self._feed(1, 0)
        starting = sum(not worker.ready for worker in self._workers)
        while len(self._workers) < self._size and self._failures < _MAX_FAILURES and self._open() > starting:
            starting += self._start()
        self._feed(_AHEAD, starting)

    def _feed(self, limit: int, spared: int) -> None:
        """Fill ready workers up to ``limit`` batches each, but leave so many batches for others."""
        while self._open() > spared:
            ready = [worker for worker in self._workers if worker.ready]
            worker = min(ready, key=lambda worker: len(worker.batches), default=None)
            if worker is None or len(worker.batches) >= limit:
                return
            self._send(worker)

    def _start(self) -> bool:
        others = [worker.connection for worker in self._workers]
        try:
            process, connection = launch(_start_method(), others, self._content, self._settings)
        except OSError:
            self._failures += 1
            return False
        self._workers.append(_Worker(process, connection, last_answer_s=time.monotonic()))
        return True

    def _send(self, worker: _Worker) -> None:
        suspect = bool(self._suspects)
        batch = [self._suspects.popleft()] if suspect else self._waiting.popleft()
        if not worker.queue:
            worker.last_answer_s = time.monotonic()
        try:
            worker.connection.send(batch)
        except OSError:
            # Whatever it already had is handed on when its end is noticed; this batch never reached it.
            if suspect:
                self._suspects.appendleft(batch[0])
            else:
                self._waiting.appendleft(batch)
            worker.ready = False
            return
        worker.queue.extend(batch)
        worker.batches.append(len(batch))
        worker.trials.append(suspect)

    def _receive(self, worker: _Worker) -> Iterator[tuple[Task, BlobRecord]]:
        try:
            while (worker.queue or not worker.ready) and worker.connection.poll():
                answers = split(worker.connection.recv_bytes())
                worker.last_answer_s = time.monotonic()
                worker.ready = True
                if answers and not worker.proven:
                    worker.proven = True
                    self._failures = 0
                for packed in answers:
                    task = worker.queue.popleft()
                    worker.batches[0] -= 1
                    if not worker.batches[0]:
                        worker.batches.popleft()
                        worker.trials.popleft()
                    yield task, from_wire(packed)
        except (EOFError, OSError):
            yield from self._bury(worker, "stopped its worker")

    def _bury(self, worker: _Worker, cause: str) -> Iterator[tuple[Task, BlobRecord]]:
        """Give up a dead or hung worker and hand its work on, suspects one by one."""
        self._workers.remove(worker)
        worker.connection.close()
        worker.process.end(0.0)
        if not worker.queue:
            self._failures += not worker.proven
            return
        suspects = [worker.queue.popleft() for _ in range(worker.batches[0])]
        if worker.queue:
            self._waiting.append(list(worker.queue))
        if not worker.trials[0]:
            # Even a single one may only have stood near: somebody else can have killed the worker.
            self._suspects.extend(suspects)
        elif suspects[0].text_only:
            yield suspects[0], skipped("", cause, max(suspects[0].file.size_bytes, 0))
        else:
            self._suspects.appendleft(replace(suspects[0], text_only=True))

    def _alone(self, cancelled: Callable[[], bool]) -> Iterator[tuple[Task, BlobRecord]]:
        """Do what is left in this process, where a file that might stop it is only read as text."""
        if not self._open():
            return
        rules = rules_for(self._settings.class_rules)
        while self._open() and not cancelled():
            batch = [replace(self._suspects.popleft(), text_only=True)] if self._suspects else self._waiting.popleft()
            for task in batch:
                if cancelled():
                    return
                yield task, from_wire(answer(task, self._content, self._settings, rules))
