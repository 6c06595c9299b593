"""What reaches the terminal: plain words on stderr, results on stdout, progress only where someone looks."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING

from engine.events import Event, Progress, Warned

if TYPE_CHECKING:
    from rich.progress import Progress as Bars
    from rich.progress import TaskID

_REDRAW_S = 0.1
_LONGEST_LINE = 1000
"""Characters of a message; a path may have a few hundred."""


def complain(message: str, hint: str) -> None:
    """Say what went wrong, and the nearest valid choice, in at most two lines."""
    lines = [f"packsight: {_short(visible(message))}"] + ([f"  {_short(visible(hint))}"] if hint else [])
    sys.stderr.write("\n".join(lines) + "\n")
    sys.stderr.flush()


def _short(text: str) -> str:
    """Cut what a hostile name or value would make a screenful."""
    return text if len(text) <= _LONGEST_LINE else f"{text[: _LONGEST_LINE // 2]}…{text[-_LONGEST_LINE // 2 :]}"


def visible(text: str) -> str:
    """Make control characters and undecodable bytes of names visible and harmless, on one line."""
    return "".join(
        character
        if character.isprintable() or character == " "
        else character.encode("unicode_escape", "surrogatepass").decode("ascii")
        for character in text
    )


def write_result(text: str) -> None:
    """Write a result to stdout, with a line end; what is empty writes nothing.

    Raises:
        InputError: stdout is closed or full.
        ReaderGone: its reader is.
    """
    if text:
        sys.stdout.write(text if text.endswith("\n") else text + "\n")


class Reporter:
    """Shows progress while a long call runs: bars on a terminal, warnings anywhere.

    Redraws from the calling thread, because worker processes are forked while it runs.
    """

    def __init__(self, quiet: bool) -> None:
        self._quiet = quiet
        self._bars: Bars | None = None
        self._tasks: dict[str, TaskID] = {}
        self._began_s: dict[str, float] = {}
        self._drawn_s = 0.0
        self._warned: set[str] = set()

    def __call__(self, event: Event) -> None:
        """Take one event."""
        if isinstance(event, Warned):
            if event.message not in self._warned:
                self._warned.add(event.message)
                self.close()
                complain(f"warning: {event.message}", "")
        elif isinstance(event, Progress) and not self._quiet and sys.stderr.isatty():
            self._draw(event)

    def _draw(self, event: Progress) -> None:
        now_s = time.monotonic()
        last = event.total and event.done >= event.total
        if now_s - self._drawn_s < _REDRAW_S and not last:
            return
        self._drawn_s = now_s
        bars = self._bars or self._start()
        task = self._tasks.get(event.phase)
        if task is None:
            for finished in self._tasks.values():
                bars.remove_task(finished)
            self._tasks.clear()
            task = self._tasks[event.phase] = bars.add_task(
                event.phase, total=event.total or None, rate=0.0, megabytes=0.0
            )
            self._began_s[event.phase] = now_s
        rate = event.done / max(now_s - self._began_s[event.phase], 0.001)
        bars.update(task, completed=event.done, total=event.total or None, rate=rate, megabytes=event.done_bytes / 1e6)
        bars.refresh()

    def _start(self) -> Bars:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Bars

        self._bars = Bars(
            TextColumn("{task.description}"),
            BarColumn(bar_width=30),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]:,.0f}/s  {task.fields[megabytes]:,.1f} MB"),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            auto_refresh=False,
            transient=True,
        )
        self._bars.start()
        return self._bars

    def close(self) -> None:
        """Remove the bars."""
        if self._bars is not None:
            self._bars.stop()
            self._bars = None
            self._tasks.clear()

    def __enter__(self) -> Reporter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


@contextmanager
def interruptible() -> Iterator[threading.Event]:
    """Turn the first ctrl-c into a request to stop, so that what was done so far is kept; the second one is final."""
    import signal

    stop = threading.Event()

    def on_interrupt(number: int, frame: object) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    if threading.current_thread() is not threading.main_thread():
        yield stop
        return
    before = signal.signal(signal.SIGINT, on_interrupt)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)
