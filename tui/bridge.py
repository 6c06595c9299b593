"""The only module that starts a thread: engine calls go in, typed messages come out.

One thread for all calls, because a repository under a model is one thing with one cache and one solver, and because
what was asked last must overtake what was asked before: of each kind of call only the newest waits, a more urgent kind
goes first, and a running call is told to stop when something is asked that outdates it.
"""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from textual.message import Message

from engine.errors import Cancelled, PacksightError
from engine.events import Emit, Event, FilesFound, IsCancelled, Progress
from engine.events import Warned as EngineWarned
from engine.live import Live, LivePack
from engine.request import PackRequest, ScanRequest
from tui.found import Gathered
from tui.jobs import Job, Urgency
from tui.messages import (
    Answered,
    Broken,
    DiskChanged,
    ExcerptRead,
    Failed,
    FoundMore,
    Opened,
    PackSettled,
    Progressed,
    Repacked,
    Warned,
)
from tui.state import Place
from tui.watch import watch

SETTLE_AFTER_S = 0.12
"""Quiet time after which the finished text is made; sooner, it would only be in the way of the next key."""
PATIENCE_S = 0.3
"""How long a pack for a query is still made after somebody asked something else of the repository."""
SEARCH = "search"
"""Key of a question about the request in force: another request outdates it."""
REPORT_EVERY_S = 0.05
"""Time between two reports of a running scan; a terminal is not read faster."""


class Engine(Protocol):
    """What the app asks of the engine; ``engine.inspector.Inspector`` is one."""

    def live(self, request: ScanRequest) -> Live:
        """Scan a repository and hold it open."""
        ...

    def close(self) -> None:
        """Give back what it holds."""
        ...


MakeEngine = Callable[[Emit, IsCancelled], Any]
"""Makes the engine, in the thread that will use it."""


Question = Callable[[Any, Live | None, IsCancelled], Any]
"""Asks something of the engine and, where one is open, of the repository."""


class Bridge:
    """Takes calls from the app's thread; answers by ``post``, which must be safe to call from another."""

    def __init__(self, make_engine: MakeEngine, post: Callable[[Message], object]) -> None:
        """Start the thread; the engine is made in it."""
        self._make_engine = make_engine
        self._post = post
        self._waiting: dict[str, Job] = {}
        self._running: Job | None = None
        self._changed = threading.Condition()
        self._closed = False
        self._unwatch = threading.Event()
        self._engine: Any = None
        self._live: Live | None = None
        self._gathered = Gathered()
        self._began_s = self._told_s = 0.0
        self._asked = self._stopped = 0
        """Number of the newest call, and of the newest that was stopped."""
        self._thread = threading.Thread(target=self._serve, name="packsight-engine", daemon=True)
        self._thread.start()

    # -- calls, from the app's thread --------------------------------------------------------------------------------

    def open(self, request: PackRequest, generation: int) -> None:
        """Scan and pack; ends in ``Opened``. Everything else that waits or runs is about another repository now."""

        def run(cancelled: IsCancelled) -> Message:
            self._gathered = Gathered()
            live: Live = self._engine.live(request.scan)
            pack = live.repack(request, cancelled, emit=self._emit)
            if self._live is not None and self._live is not live:
                self._live.close()
            self._live = live
            # Nobody presses keys at what is not drawn yet, so there is nothing to keep out of the way of.
            self._then_settle(pack, request, generation, after_s=0.0)
            return Opened(live.chart, pack, generation)

        self._ask(Job("open", Urgency.OPEN, run), stop_others=True)

    def repack(self, request: PackRequest, generation: int) -> None:
        """Pack without text; ends in ``Repacked``. The finished pack follows as ``PackSettled`` when there is time."""

        def run(cancelled: IsCancelled) -> Message:
            pack = self._opened().repack(request, cancelled, emit=self._emit)
            self._then_settle(pack, request, generation)
            return Repacked(pack, generation)

        self._ask(Job("repack", Urgency.REPACK, run, query=request.query), stop=("settle", SEARCH))

    def read(self, key: str, place: Place, level: int | None, pack: Any) -> None:
        """Read an excerpt for a pane; ends in ``ExcerptRead``."""

        def run(cancelled: IsCancelled) -> Message:
            excerpt = self._opened().excerpt(place.file, place.chunk, level, pack)
            return ExcerptRead(place, level, excerpt, key)

        self._ask(Job(f"read {key}", Urgency.READ, run))

    def ask(self, key: str, question: Question) -> None:
        """Ask anything of the engine; ends in ``Answered`` with this key, or in ``Failed``."""
        self._ask(Job(key, Urgency.ASK, lambda cancelled: Answered(key, question(self._engine, self._live, cancelled))))

    @property
    def emit(self) -> Emit:
        """Passes on how far a question is, as calls of the bridge's own do."""
        return self._emit

    def watch(self, folder: Path, changed: Callable[[], Message] = DiskChanged) -> None:
        """Tell of changes below a folder with such messages; where the system cannot, say so once."""

        def tell() -> None:
            self._post(changed())

        def look() -> None:
            try:
                watch(folder, self._unwatch, tell)
            except Exception as error:  # whatever the system says, the app works without
                self._post(Warned(f"changes on disk are not seen ({error}); F5 reads them"))

        threading.Thread(target=look, name="packsight-watch", daemon=True).start()

    def stop(self) -> None:
        """Stop what runs and forget what waits; the engine stays."""
        with self._changed:
            self._waiting.clear()
            self._stopped = self._asked
            if self._running is not None:
                self._running.stopped.set()

    def is_stopped(self, call: int) -> bool:
        """Whether a call was stopped; what it told until then may still be on its way."""
        return call <= self._stopped

    def close(self, timeout_s: float = 5.0) -> None:
        """Stop, close the engine, and end the threads."""
        self.stop()
        self._unwatch.set()
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._thread.join(timeout_s)

    # -- inside ------------------------------------------------------------------------------------------------------

    def _then_settle(
        self, pack: LivePack, request: PackRequest, generation: int, after_s: float = SETTLE_AFTER_S
    ) -> None:
        def run(cancelled: IsCancelled) -> Message:
            return PackSettled(self._opened().settle(request, self._emit, cancelled), generation)

        if not pack.problem:
            self._ask(Job("settle", Urgency.SETTLE, run, time.monotonic() + after_s))

    def _opened(self) -> Live:
        if self._live is None:
            raise Cancelled("nothing is open")
        return self._live

    def _ask(self, job: Job, stop: tuple[str, ...] = (), *, stop_others: bool = False) -> None:
        with self._changed:
            if stop_others:
                self._waiting.clear()
            self._asked += 1
            job.number = self._asked
            self._waiting[job.key] = job
            running = self._running
            # A repack that runs is let through: under a dragged mouse the newest would always outdate it.
            outdated = running is not None and running.key == job.key and job.urgency != Urgency.REPACK
            if running is not None and (stop_others or running.key in stop or outdated):
                running.stopped.set()
            elif running is not None and running.key == job.key and running.query not in ("", job.query):
                # What was indexed so far is kept, so that fast typing does not make an index begin anew.
                running.until_s = min(running.until_s, time.monotonic() + PATIENCE_S)
            elif running is not None and running.urgency == Urgency.SETTLE and job.urgency < Urgency.SETTLE:
                # A finished text can wait, a person cannot; it is made again afterwards.
                running.stopped.set()
                again = Job(
                    running.key, running.urgency, running.run, time.monotonic() + SETTLE_AFTER_S, number=self._asked
                )
                self._waiting.setdefault(running.key, again)
            self._changed.notify_all()

    def _serve(self) -> None:
        try:
            self._engine = self._make_engine(self._emit, self._is_cancelled)
        except PacksightError as error:
            self._post(Failed("start", error.message, error.hint))
            return
        try:
            while (job := self._next()) is not None:
                self._run(job)
        finally:
            if self._live is not None:
                self._live.close()
            self._engine.close()

    def _next(self) -> Job | None:
        with self._changed:
            self._running = None
            while not self._closed:
                now_s = time.monotonic()
                ready = [job for job in self._waiting.values() if job.not_before_s <= now_s]
                if ready:
                    break
                until_s = min((job.not_before_s for job in self._waiting.values()), default=None)
                self._changed.wait(None if until_s is None else until_s - now_s)
            if self._closed:
                return None
            job = min(ready, key=lambda waiting: waiting.urgency)
            del self._waiting[job.key]
            self._running = job
            return job

    def _run(self, job: Job) -> None:
        try:
            self._began_s, self._told_s = time.monotonic(), 0.0
            message = job.run(job.is_stopped)
        except Cancelled:
            return
        except PacksightError as error:
            message = Failed(job.key, error.message, error.hint)
        except Exception:
            # Whatever it is, the app goes on and says where the trace is.
            message = Broken(job.key, traceback.format_exc())
        if message is not None and not job.stopped.is_set():
            self._post(message)

    def _is_cancelled(self) -> bool:
        running = self._running
        return self._closed or (running is not None and running.stopped.is_set())

    def _emit(self, event: Event) -> None:
        """Pass events on, not faster than they can be looked at."""
        if isinstance(event, EngineWarned):
            self._post(Warned(event.message))
            return
        if isinstance(event, FilesFound):
            self._gathered.add(event)
            return
        now_s = time.monotonic()
        if now_s - self._told_s < REPORT_EVERY_S:
            return
        self._told_s = now_s
        if isinstance(event, Progress):
            running = self._running
            self._post(Progressed(event, now_s - self._began_s, running.number if running else 0))
        if self._gathered.is_new:
            self._post(FoundMore(self._gathered.found()))
