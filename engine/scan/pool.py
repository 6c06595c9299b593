"""Worker processes that survive their files.

Parsing holds the interpreter lock, so the work goes to processes. The standard executor gives up as a whole when one
worker dies and cannot stop one that hangs; a native grammar can do both. Here what a dead or silent worker left
unanswered is tried again one by one; the file that kills its worker alone is the culprit, is tried once more as plain
text, and everybody else goes on.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

from engine.scan.job import Settings, skipped
from engine.scan.record import BlobRecord, from_wire, split
from engine.scan.worker import Task, serve
from engine.tokens import tokenizer
from engine.walk import ContentSource

_AHEAD = 2
"""Batches a worker holds, so that it never waits for the parent."""
_POLL_S = 0.05
"""Longest time between two looks at ``cancelled``."""


@dataclass(slots=True)
class _Worker:
    process: BaseProcess
    connection: Connection
    queue: deque[Task] = field(default_factory=deque)
    """Tasks sent and not yet answered, in order."""
    batches: deque[int] = field(default_factory=deque)
    """Sizes of the batches behind ``queue``."""
    last_answer_s: float = 0.0


def usable_cores() -> int:
    """Number of cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _start_method() -> str:
    """Forking is ten times faster, and safe only while this process has a single thread, native ones included."""
    if sys.platform == "linux" and len(os.listdir("/proc/self/task")) == 1:
        return "fork"
    return "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"


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
        tokenizer(settings.encoding).count(" ")
        self._workers: list[_Worker] = []

    def run(self, batches: Iterable[list[Task]], cancelled: Callable[[], bool]) -> Iterator[tuple[Task, BlobRecord]]:
        """Yield each task with its record; stop early, without error, once ``cancelled`` says so."""
        waiting = iter(batches)
        retries: deque[list[Task]] = deque()

        def next_batch() -> list[Task] | None:
            return retries.popleft() if retries else next(waiting, None)

        try:
            exhausted = False
            while not cancelled():
                while not exhausted or retries:
                    worker = self._hungry()
                    if worker is None:
                        break
                    batch = next_batch()
                    if batch is None:
                        exhausted = True
                        break
                    self._send(worker, batch, retries)
                busy = [worker for worker in self._workers if worker.queue]
                if not busy and exhausted and not retries:
                    return
                ready = set(wait([worker.connection for worker in busy], timeout=_POLL_S)) if busy else set()
                now_s = time.monotonic()
                for worker in busy:
                    if worker.connection in ready:
                        yield from self._receive(worker, retries)
                    elif now_s - worker.last_answer_s > self._stall_s:
                        yield from self._bury(worker, retries, f"took longer than {self._stall_s:.0f} s")
        finally:
            self.close()

    def close(self) -> None:
        """End all workers; safe to call twice."""
        for worker in self._workers:
            worker.connection.close()
        for worker in self._workers:
            worker.process.join(0.2)
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join()
        self._workers.clear()

    def _hungry(self) -> _Worker | None:
        for worker in self._workers:
            if not worker.batches:
                return worker
        if len(self._workers) < self._size:
            return self._start()
        fullest = min(self._workers, key=lambda worker: len(worker.batches))
        return fullest if len(fullest.batches) < _AHEAD else None

    def _start(self) -> _Worker:
        context = multiprocessing.get_context(_start_method())
        ours, theirs = context.Pipe()
        forked = context.get_start_method() == "fork"
        inherited = [worker.connection for worker in self._workers] + [ours] if forked else []
        process = context.Process(  # type: ignore[attr-defined]
            target=_main,
            args=(theirs, inherited, self._content, self._settings),
            daemon=True,
            name="packsight-worker",
        )
        process.start()
        theirs.close()
        worker = _Worker(process, ours, last_answer_s=time.monotonic())
        self._workers.append(worker)
        return worker

    def _send(self, worker: _Worker, batch: list[Task], retries: deque[list[Task]]) -> None:
        if not worker.queue:
            worker.last_answer_s = time.monotonic()
        try:
            worker.connection.send(batch)
        except OSError:
            retries.append(batch)
            self._discard(worker)
            return
        worker.queue.extend(batch)
        worker.batches.append(len(batch))

    def _receive(self, worker: _Worker, retries: deque[list[Task]]) -> Iterator[tuple[Task, BlobRecord]]:
        try:
            while worker.queue and worker.connection.poll():
                answers = split(worker.connection.recv_bytes())
                worker.last_answer_s = time.monotonic()
                for answer in answers:
                    task = worker.queue.popleft()
                    worker.batches[0] -= 1
                    if not worker.batches[0]:
                        worker.batches.popleft()
                    yield task, from_wire(answer)
        except (EOFError, OSError):
            yield from self._bury(worker, retries, "stopped its worker")

    def _bury(self, worker: _Worker, retries: deque[list[Task]], cause: str) -> Iterator[tuple[Task, BlobRecord]]:
        """Give up a dead or hung worker and hand its work on, suspects one by one."""
        self._discard(worker)
        if not worker.queue:
            return
        suspects = [worker.queue.popleft() for _ in range(worker.batches[0])]
        if worker.queue:
            retries.append(list(worker.queue))
        worker.queue.clear()
        if len(suspects) > 1:
            retries.extendleft([task] for task in reversed(suspects))
        elif suspects[0].text_only:
            yield suspects[0], skipped("", cause, max(suspects[0].file.size_bytes, 0))
        else:
            retries.appendleft([replace(suspects[0], text_only=True)])

    def _discard(self, worker: _Worker) -> None:
        self._workers.remove(worker)
        worker.connection.close()
        worker.process.kill()
        worker.process.join()


def _main(connection: Connection, inherited: list[Connection], content: ContentSource, settings: Settings) -> None:
    # A forked worker holds copies of the parent's ends; while they are open nobody notices that the parent is gone.
    for other in inherited:
        other.close()
    serve(connection, content, settings)
