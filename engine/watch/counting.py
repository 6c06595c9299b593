"""The thread that counts buffers: soon after the last change, and always the newest state only."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from engine.errors import Cancelled, PacksightError
from engine.watch.buffers import Buffer, Buffers, Counted, Task

_MOST_WAITS = 5
"""Someone who never stops typing sees a count after that many quiet times."""


class Counting:
    """Counts what changed once a client pauses."""

    def __init__(self, buffers: Buffers, quiet_s: float, told: Callable[[Buffer], None], done: Callable[[], None]):
        """Prepare.

        Args:
            buffers: What is counted.
            quiet_s: Time without changes after which is counted.
            told: Called with each buffer whose counts are new.
            done: Called when everything is counted.
        """
        self._buffers, self._quiet_s = buffers, quiet_s
        self._told, self._done = told, done
        self._changed = threading.Condition()
        self._changes = 0
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="packsight-counter", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def wake(self) -> None:
        """Say that something changed."""
        with self._changed:
            self._changes += 1
            self._changed.notify_all()

    def close(self, wait_s: float) -> None:
        """End the thread."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        self._thread.join(wait_s)

    def _run(self) -> None:
        seen = 0
        while True:
            with self._changed:
                while self._changes == seen and not self._closing:
                    self._changed.wait()
                self._wait_until_quiet()
                if self._closing:
                    return
                seen = self._changes
            for task in self._buffers.tasks():
                self._count(task)
            if self._buffers.settled and not self._closing:
                self._done()

    def _wait_until_quiet(self) -> None:
        until_s = time.monotonic() + _MOST_WAITS * self._quiet_s
        before = -1
        while self._changes != before and not self._closing and time.monotonic() < until_s:
            before = self._changes
            self._changed.wait(self._quiet_s)

    def _count(self, task: Task) -> None:
        def outdated() -> bool:
            return self._closing or not self._buffers.is_current(task)

        try:
            tokens = task.snapshot.count(outdated)
            parts = tuple(task.snapshot.count_range(start, end, outdated) for start, end in task.selection)
        except Cancelled:
            return
        except PacksightError as error:
            buffer = self._buffers.put(task, None, error.message)
        except Exception as error:  # One text that cannot be counted does not end the counting of others.
            buffer = self._buffers.put(task, None, f"internal error: {type(error).__name__}: {error}"[:500])
        else:
            buffer = self._buffers.put(task, Counted(task.revision, tokens, parts))
        if buffer is not None:
            self._told(buffer)
