"""One thread for the engine: databases and solver belong to it. Calls wait their turn, report, and can be given up."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Protocol, TypeVar

from engine.errors import Cancelled
from engine.events import Event, IsCancelled, Progress, Warned
from engine.visible import visible_name

T = TypeVar("T")
_EVERY_S = 0.1
"""Least time between two reports of one phase."""
_MOST_WARNINGS = 20
_LONGEST_WARNING = 500


class Report(Protocol):
    """Sends progress to whoever called."""

    async def __call__(self, progress: float, total: float | None = None, message: str | None = None) -> None:
        """Send it; nothing happens where nobody asked for progress."""
        ...


class Told:
    """What a call reports: progress that only grows, and warnings, kept for its answer."""

    def __init__(self, report: Report, loop: asyncio.AbstractEventLoop) -> None:
        self.warnings: list[str] = []
        self._report, self._loop = report, loop
        self._phases: list[str] = []
        self._sent, self._sent_s = -1.0, float("-inf")
        self._pending: Future[None] | None = None

    def __call__(self, event: Event) -> None:
        """Take an event, in the thread of the engine."""
        if isinstance(event, Warned):
            message = visible_name(event.message)[:_LONGEST_WARNING]
            if message not in self.warnings and len(self.warnings) < _MOST_WARNINGS:
                self.warnings.append(message)
        elif isinstance(event, Progress):
            self._progress(event)

    async def end(self) -> None:
        """Wait until the last report is out: none may follow the answer."""
        if self._pending is not None:
            await asyncio.wait([asyncio.wrap_future(self._pending)], timeout=1.0)

    def _progress(self, event: Progress) -> None:
        if event.phase not in self._phases:
            self._phases.append(event.phase)
            self._sent_s = float("-inf")
        done = min(event.done / event.total, 1.0) if event.total else 0.0
        value = round(self._phases.index(event.phase) + done, 3)
        now = time.monotonic()
        if value <= self._sent or (now - self._sent_s < _EVERY_S and done < 1.0):
            return
        if self._pending is not None and not self._pending.done():
            return  # The client does not read as fast as the engine works.
        self._sent, self._sent_s = value, now
        message = f"{event.phase}: {event.done:,} of {event.total:,}" if event.total else event.phase
        self._pending = asyncio.run_coroutine_threadsafe(self._send(value, message), self._loop)

    async def _send(self, value: float, message: str) -> None:
        await self._report(value, None, message)


class Worker:
    """Runs jobs one after the other in a thread of their own."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="packsight")
        self._closing = threading.Event()

    async def run(self, job: Callable[[IsCancelled], T]) -> T:
        """Run a job; when whoever waits for it is cancelled, it stops soon after.

        Args:
            job: Takes the question whether it is to stop, to be asked several times a second.

        Raises:
            Cancelled: the server ends.
        """
        given_up = threading.Event()

        def stop() -> bool:
            return given_up.is_set() or self._closing.is_set()

        def work() -> T:
            if stop():
                raise Cancelled("interrupted")
            return job(stop)

        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work)
        finally:
            given_up.set()

    def close(self) -> None:
        """Give up what runs and what waits."""
        self._closing.set()
        self._pool.shutdown(wait=True, cancel_futures=True)
