"""Serving over stdin and stdout: nothing but the protocol reaches stdout, whoever prints."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import BinaryIO

from engine.inspector import Inspector
from engine.watch.asked import Options
from engine.watch.outbox import Outbox
from engine.watch.server import Server
from engine.watch.telling import Telling


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
    """Stdin whose reading ctrl-c ends, and nothing else: an exception inside a lock would leave it locked for ever."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._interrupted = self._reading = False

    def readline(self, size: int) -> bytes:
        """Read up to a line end or so many bytes.

        Raises:
            KeyboardInterrupt: somebody pressed ctrl-c, now or since the last line.
        """
        self._reading = True
        try:
            if self._interrupted:
                raise KeyboardInterrupt
            return self._stream.readline(size)
        finally:
            self._reading = False

    def interrupt(self, number: int, frame: FrameType | None) -> None:
        """Handle the signal; the second one is final."""
        if self._interrupted:
            os._exit(130)
        self._interrupted = True
        if self._reading:
            raise KeyboardInterrupt


@contextmanager
def _interruptible(stream: BinaryIO) -> Iterator[_Requests]:
    requests = _Requests(stream)
    if threading.current_thread() is not threading.main_thread():
        yield requests
        return
    before = signal.signal(signal.SIGINT, requests.interrupt)
    try:
        yield requests
    finally:
        signal.signal(signal.SIGINT, before)
