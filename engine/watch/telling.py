"""What the engine tells while it works, as events: warnings once each, progress a few times a second."""

from __future__ import annotations

import time

from engine.events import Event, Progress, Warned
from engine.visible import visible_name
from engine.watch.outbox import Outbox

_EVERY_S = 0.1
_MOST_WARNINGS = 50
_LONGEST = 1_000


class Telling:
    """Passes events on, once there is a client that was greeted."""

    def __init__(self, out: Outbox) -> None:
        """Args: ``out`` takes the events."""
        self._out = out
        self._early: list[Event] | None = []
        self._warned: set[str] = set()
        self._reported_s = 0.0

    def begin(self) -> None:
        """Pass on what was told so far, and from now on everything."""
        early, self._early = self._early or [], None
        for event in early:
            self(event)

    def __call__(self, event: Event) -> None:
        """Take an event, in any thread."""
        if self._early is not None:
            self._early.append(event)
        elif isinstance(event, Warned):
            message = visible_name(event.message)[:_LONGEST]
            if message not in self._warned and len(self._warned) < _MOST_WARNINGS:
                self._warned.add(message)
                self._out.event("warning", {"message": message}, message)
        elif isinstance(event, Progress):
            now_s = time.monotonic()
            if now_s - self._reported_s >= _EVERY_S:
                self._reported_s = now_s
                self._out.event("progress", {"phase": event.phase, "done": event.done, "total": event.total})
