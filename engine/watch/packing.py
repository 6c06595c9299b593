"""The thread that scans and packs: the engine's own, because its caches and databases belong to one thread."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from engine.errors import Cancelled, PacksightError
from engine.events import Event
from engine.inspector import Inspector
from engine.watch.asked import Asked, Options, settle
from engine.watch.limits import WAITING
from engine.watch.requests import Id, Refused, refusal

if TYPE_CHECKING:
    from engine.live import Live
    from engine.watch.standing import Standing

_QUIET_S = 0.15
"""Time without new counts after which is packed again: a pack per key would only make the keys slow."""


@dataclass(frozen=True, slots=True)
class Job:
    """A pack that a client waits for."""

    id: Id | None
    params: dict[str, Any]
    given_up: threading.Event


@dataclass(frozen=True, slots=True)
class PackState:
    """What is known of the repository's pack."""

    phase: str
    """``scanning``, ``packing``, ``ready`` or ``failed``."""
    problem: str = ""
    standing: Standing | None = None
    """The newest pack, which may be older than the phase says."""
    room_tokens: int = 0
    """What it was packed into."""


class Packing:
    """Keeps a pack of the repository in what buffers leave of the budget."""

    def __init__(
        self,
        options: Options,
        asked: Asked,
        room: Callable[[int], int],
        told: Callable[[], None],
        files: Callable[[dict[str, Any]], None],
        answer: Callable[[Id | None, dict[str, Any] | Refused], None],
        emit: Callable[[Event], None],
    ) -> None:
        """Prepare.

        Args:
            options: What the command was given.
            asked: The same, settled.
            room: Tells what buffers leave of a budget.
            told: Called when the state is another.
            files: Called with files that changed.
            answer: Takes what became of a job.
            emit: Receives progress and warnings of the engine.
        """
        self._options, self.asked = options, asked
        self._room, self._told, self._files, self._answer, self._emit = room, told, files, answer, emit
        self.state = PackState("scanning")
        self._changed = threading.Condition()
        self._jobs: deque[Job] = deque()
        self._running: Job | None = None
        self._scan_wanted, self._pack_wanted, self._busy = True, True, False
        self._room_seen = -1
        """What buffers left when it was last asked for a pack."""
        self._woken_s = 0.0
        self._closing = threading.Event()
        self._live: Live | None = None
        self._packed_for: tuple[Live, Asked, int] | None = None
        """What the newest pack is of."""
        self._thread = threading.Thread(target=self._run, name="packsight-engine", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def configure(self, options: Options, asked: Asked) -> None:
        """Go on with other settings."""
        with self._changed:
            scans = asked.request.scan != self.asked.request.scan
            self._options, self.asked = options, asked
            self._scan_wanted = self._scan_wanted or scans
            self._pack_wanted = True
            self._woken_s = time.monotonic()
            self._changed.notify_all()

    def rescan(self) -> None:
        """Say that files changed."""
        with self._changed:
            self._scan_wanted = self._pack_wanted = True
            self._changed.notify_all()

    def repack(self) -> None:
        """Say that buffers leave more or less."""
        with self._changed:
            if self._room(self.asked.budget_tokens) != self._room_seen:
                self._pack_wanted = True
                self._woken_s = time.monotonic()
                self._changed.notify_all()

    def ask(self, request: Id | None, params: dict[str, Any]) -> None:
        """Queue a pack.

        Raises:
            Refused: too many wait.
        """
        with self._changed:
            if len(self._jobs) >= WAITING:
                raise Refused("busy", f"{WAITING} packs wait already", "cancel one, or wait for its answer")
            self._jobs.append(Job(request, params, threading.Event()))
            self._changed.notify_all()

    def cancel(self, request: Id) -> bool:
        """Give up a pack that waits or is made; says whether there is one."""
        with self._changed:
            waiting = [job for job in self._jobs if job.id == request]
            for job in waiting:
                self._jobs.remove(job)
            running = self._running is not None and self._running.id == request
            if running and self._running is not None:
                self._running.given_up.set()
        for job in waiting:
            self._answer(job.id, Refused("cancelled", "the request was cancelled"))
        return running or bool(waiting)

    @property
    def settled(self) -> bool:
        """Whether the pack is the newest there can be."""
        with self._changed:
            return not (self._scan_wanted or self._pack_wanted or self._busy)

    def close(self, wait_s: float) -> None:
        """Give up everything and end the thread."""
        self._closing.set()
        with self._changed:
            self._changed.notify_all()
        self._thread.join(wait_s)

    def _run(self) -> None:
        inspector = Inspector(use_cache=self._options.use_cache, emit=self._emit, cancelled=self._closing.is_set)
        with inspector:
            while self._next(inspector):
                pass
            for job in self._jobs:
                self._answer(job.id, Refused("cancelled", "the stream ends"))
            if self._live is not None:
                self._live.close()

    def _next(self, inspector: Inspector) -> bool:
        with self._changed:
            while not (self._closing.is_set() or self._scan_wanted or self._jobs or self._quiet()):
                self._changed.wait(_QUIET_S if self._pack_wanted else None)
            if self._closing.is_set():
                return False
            scan, self._scan_wanted = self._scan_wanted, False
            job = None if scan or not self._jobs else self._jobs.popleft()
            if job is None:
                self._pack_wanted = False
                self._busy = True
                self._room_seen = self._room(self.asked.budget_tokens)
            self._running = job
        if job is not None:
            self._answer(job.id, self._packed(job))
        else:
            try:
                if scan:
                    self._scan(inspector)
                self._repack()
            except Cancelled:
                return not self._closing.is_set()
            except PacksightError as error:
                self._fail(f"{error.message}; {error.hint}" if error.hint else error.message)
            except Exception as error:  # The stream goes on: what is wrong with a repository is not its end.
                self._fail(f"internal error: {type(error).__name__}: {error}"[:500])
            finally:
                with self._changed:
                    self._busy = False
        with self._changed:
            self._running = None
        self._told()
        return True

    def _quiet(self) -> bool:
        return self._pack_wanted and time.monotonic() - self._woken_s >= _QUIET_S

    def _scan(self, inspector: Inspector) -> None:
        from engine.watch.standing import differences

        self.state = replace(self.state, phase="scanning")
        self._packed_for = None
        self._told()
        options = self._options
        asked = settle(inspector, options)
        with self._changed:
            if options is self._options:
                self.asked = asked
        before, self._live = self._live, None
        try:
            self._live = inspector.live(asked.request.scan)
        finally:
            if before is not None:
                before.close()
        changed = differences(before.chart if before else None, self._live.chart)
        if changed is not None:
            self._files(changed)

    def _repack(self) -> None:
        from engine.watch.standing import Standing

        if self._live is None:
            return
        with self._changed:
            asked = self.asked
            room = self._room_seen = self._room(asked.budget_tokens)
        if room < 1:
            self._fail("open buffers take the whole budget", room)
            return
        if self._packed_for == (self._live, asked, room) and self.state.phase == "ready":
            return
        self._packed_for = (self._live, asked, room)
        pack = self._live.repack(replace(asked.request, budget=room), self._closing.is_set)
        if pack.problem:
            self._fail(pack.problem, room)
        else:
            self.state = PackState("ready", "", Standing(self._live.chart, pack), room)

    def _fail(self, problem: str, room: int = 0) -> None:
        self.state = PackState("failed", problem, None, room)

    def _packed(self, job: Job) -> dict[str, Any] | Refused:
        """Make the pack that a job asks for, and recount it."""

        def stop() -> bool:
            return job.given_up.is_set() or self._closing.is_set()

        try:
            if stop():
                raise Cancelled("the request was cancelled")
            if self._live is None:
                return Refused("unusable_input", self.state.problem or "the repository could not be read")
            given = {name: job.params[name] for name in ("budget", "query", "format") if name in job.params}
            room = self._room(self.asked.budget_tokens)
            if room < 1 and "budget" not in given:
                return Refused("budget_too_small", "open buffers take the whole budget", "close one, or name a budget")
            settled = self._live.settle(replace(self.asked.request, **{"budget": room, **given}), self._emit, stop)
        except Cancelled:
            return Refused("cancelled", "the request was cancelled")
        except PacksightError as error:
            if self._live is not None and self._live.changed():
                self.rescan()
            return refusal(error)
        except Exception as error:  # A client waits for the answer, whatever happens.
            return Refused("internal_error", f"{type(error).__name__}: {error}"[:500])
        report = settled.report
        names = ("model", "encoding", "method", "budget", "actual", "est_used", "quality", "levels", "classes")
        text = {"text": settled.text} if job.params.get("text") else {}
        return {**{name: report[name] for name in names}, "format": settled.pack.format, **text}
