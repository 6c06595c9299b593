"""The one writer of calls. It never breaks a call and never makes one wait: what the store does not take is spooled."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from engine.errors import PacksightError
from engine.telemetry.check import impossible
from engine.telemetry.event import Event
from engine.telemetry.spool import Spool

_REST_S = 30.0
"""How long a store in trouble is left alone, so that calls do not wait for it one after the other."""


class Sink(Protocol):
    """Where events go. May raise anything."""

    def write(self, events: Sequence[Event]) -> None:
        """Write events, those that are there already included, without waiting long."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a recorder did so far."""

    written: int
    """Events that the store has."""
    spooled: int
    """Events that wait in files."""
    refused: int
    """Impossible events; the store counts them by reason."""
    lost: int
    """Events that neither the store nor the disk took."""
    trouble: str
    """Why the store did not take the last ones, or ``""``."""


class Forgetful:
    """Takes events and writes none of them, for a person who wants no record."""

    def record(self, *events: Event) -> None:
        """Do nothing."""


class Recorder:
    """Writes events to a sink, or to a spool until the sink is back. Safe to use from several threads."""

    def __init__(self, sink: Sink, spool: Spool, clock: Callable[[], float] = time.monotonic) -> None:
        """Prepare; nothing is opened.

        Args:
            sink: Where events go.
            spool: Where they wait.
            clock: Seconds that never go back.
        """
        self._sink, self._spool, self._clock = sink, spool, clock
        self._lock = threading.Lock()
        self._rests_until_s = float("-inf")
        self._written = self._spooled = self._refused = self._lost = 0
        self._trouble = ""

    def record(self, *events: Event) -> None:
        """Write events now or later. Raises nothing, whatever happens to the store."""
        try:
            with self._lock:
                self._record(events)
        except Exception as error:
            self._lost += len(events)
            self._trouble = str(error) or type(error).__name__

    def catch_up(self) -> int:
        """Write what waits in the spool, if the store takes it; returns how many events that were. Raises nothing."""
        try:
            with self._lock:
                return self._catch_up()
        except Exception as error:
            self._fail(error)
            return 0

    @property
    def recorded(self) -> Recorded:
        """What was done so far."""
        return Recorded(self._written, self._spooled, self._refused, self._lost, self._trouble)

    def _record(self, events: Sequence[Event]) -> None:
        self._refused += sum(impossible(event) is not None for event in events)
        if self._clock() >= self._rests_until_s:
            try:
                # Impossible events go along: the store counts them, once for everybody.
                self._sink.write(events)
            except Exception as error:
                self._fail(error)
            else:
                self._written += sum(impossible(event) is None for event in events)
                self._trouble = ""
                try:
                    self._catch_up()
                except Exception as error:
                    self._fail(error)
                return
        if self._spool.put(events):
            self._spooled += len(events)
        else:
            self._lost += len(events)

    def _catch_up(self) -> int:
        done = 0
        for path, events, bad in self._spool.read():
            try:
                if events:
                    self._sink.write(events)
            except PacksightError:
                raise
            except Exception:
                # Not the store is in trouble but these events: they must not keep all others from being written.
                self._spool.set_aside(path)
                continue
            self._spool.remove(path)
            self._lost += bad
            done += len(events)
        self._written += done
        self._spooled = max(0, self._spooled - done)
        return done

    def _fail(self, error: Exception) -> None:
        self._rests_until_s = self._clock() + _REST_S
        self._trouble = error.message if isinstance(error, PacksightError) else (str(error) or type(error).__name__)
