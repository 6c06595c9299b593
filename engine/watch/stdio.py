"""Serving over stdin and stdout: nothing but the protocol reaches stdout, whoever prints."""

from __future__ import annotations

import os
import select
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import BinaryIO

from engine.inspector import Inspector
from engine.watch.asked import Options
from engine.watch.lines import Readable
from engine.watch.outbox import Outbox
from engine.watch.server import Server
from engine.watch.telling import Telling

_CHUNK = 1 << 16


def serve(options: Options, stream: BinaryIO) -> None:
    """Serve one client until it closes stdin.

    Raises:
        PacksightError: the settings, the model or the budget make no sense; nothing was written then.
    """
    with _own_stdout() as descriptor, _interruptible(stream) as requests:
        out = Outbox(descriptor)
        telling = Telling(out)
        try:
            with Inspector(use_cache=options.use_cache, emit=telling) as inspector:
                Server(options, inspector, out, telling).run(requests)
        finally:
            out.close()


@contextmanager
def _own_stdout() -> Iterator[int]:
    """Take stdout for the protocol; what is printed meanwhile, also by child processes, goes to stderr."""
    sys.stdout.flush()
    own, before = os.dup(1), sys.stdout
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    try:
        yield own
    finally:
        sys.stdout = before
        os.dup2(own, 1)
        os.close(own)


class _Requests:
    """Stdin whose reading ctrl-c ends, and nothing else: an exception inside a lock would leave it locked for ever.

    A signal that comes just before a blocking read would be seen only when the read returns, so the descriptor is
    waited for together with a pipe that the signal writes to.
    """

    def __init__(self, descriptor: int, woken: int) -> None:
        self._descriptor, self._woken = descriptor, woken
        self._held = bytearray()
        self._interrupted = self._ended = False

    def readline(self, size: int) -> bytes:
        """Read up to a line end or so many bytes.

        Raises:
            KeyboardInterrupt: somebody pressed ctrl-c, now or since the last line.
        """
        seen = 0
        while (end := self._held.find(b"\n", seen, size) + 1) == 0:
            seen = len(self._held)
            if seen >= size or self._ended:
                break
            self._fill()
        line = bytes(self._held[: end or size])
        del self._held[: len(line)]
        return line

    def _fill(self) -> None:
        ready, _, _ = select.select([self._descriptor, self._woken], [], [])
        if self._interrupted:
            raise KeyboardInterrupt
        if self._woken in ready:
            os.read(self._woken, _CHUNK)
        if self._descriptor in ready:
            data = os.read(self._descriptor, _CHUNK)
            self._ended = not data
            self._held += data

    def interrupt(self, number: int, frame: FrameType | None) -> None:
        """Handle the signal; the second one is final."""
        if self._interrupted:
            os._exit(130)
        self._interrupted = True


@contextmanager
def _interruptible(stream: BinaryIO) -> Iterator[Readable]:
    if threading.current_thread() is not threading.main_thread() or os.name != "posix" or not _has_descriptor(stream):
        yield stream
        return
    woken, wakes = os.pipe()
    os.set_blocking(wakes, False)
    requests = _Requests(stream.fileno(), woken)
    before = signal.signal(signal.SIGINT, requests.interrupt)
    descriptor_before = signal.set_wakeup_fd(wakes, warn_on_full_buffer=False)
    try:
        yield requests
    finally:
        signal.set_wakeup_fd(descriptor_before)
        signal.signal(signal.SIGINT, before)
        os.close(wakes)
        os.close(woken)


def _has_descriptor(stream: BinaryIO) -> bool:
    try:
        stream.fileno()
    except (OSError, ValueError):
        return False
    return True
