"""Stdout and stderr that cannot fail in surprising ways: closed, full, or read by somebody who has seen enough."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Iterator
from typing import TextIO

from engine.errors import InputError


class ReaderGone(Exception):
    """Whoever reads stdout has closed it; there is nothing to complain about."""


class Output(io.TextIOBase):
    """Stdout in UTF-8, whatever the locale, whose failures are errors of this program.

    A closed reader raises ``ReaderGone``, anything else ``InputError``. The command-line library is not told apart from
    us: it would end with exit code 1 on a closed reader, and with a traceback on a full disk.
    """

    encoding = "utf-8"
    errors = "backslashreplace"

    def __init__(self, stream: TextIO | None) -> None:
        """Wrap a stream; None is a stdout that was closed before we started."""
        self._stream = stream

    def write(self, text: str) -> int:
        """Write text and pass it on at once."""
        data = text.encode("utf-8", "backslashreplace")
        if data:
            self._pass(data)
        return len(text)

    def writable(self) -> bool:
        """Say that this is for writing."""
        return True

    def isatty(self) -> bool:
        """Whether a terminal shows it."""
        return self._stream is not None and self._stream.isatty()

    def _pass(self, data: bytes) -> None:
        if self._stream is None:
            raise InputError("stdout cannot be written: it is closed")
        try:
            self._stream.buffer.write(data)
            self._stream.buffer.flush()
        except BrokenPipeError:
            self._give_up()
            raise ReaderGone from None
        except OSError as error:
            self._give_up()
            raise InputError(f"stdout cannot be written: {error.strerror or error}") from error

    def _give_up(self) -> None:
        """Send what is still buffered nowhere: Python would complain again when it flushes at exit."""
        assert self._stream is not None
        with contextlib.suppress(OSError, ValueError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self._stream.fileno())
            os.close(nowhere)


class Remarks(io.TextIOBase):
    """Stderr whose failures do not matter: nobody could be told."""

    encoding = "utf-8"

    def __init__(self, stream: TextIO | None) -> None:
        """Wrap a stream; None is a stderr that was closed before we started."""
        self._stream = stream

    def write(self, text: str) -> int:
        """Write text where that is possible."""
        if self._stream is not None:
            with contextlib.suppress(OSError, ValueError):
                self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        """Pass on what was written."""
        if self._stream is not None:
            with contextlib.suppress(OSError, ValueError):
                self._stream.flush()

    def writable(self) -> bool:
        """Say that this is for writing."""
        return True

    def isatty(self) -> bool:
        """Whether a terminal shows it."""
        return self._stream is not None and self._stream.isatty()

    def fileno(self) -> int:
        """Descriptor of the stream below, where there is one."""
        if self._stream is None:
            raise io.UnsupportedOperation("stderr is closed")
        return self._stream.fileno()


@contextlib.contextmanager
def own_streams() -> Iterator[None]:
    """Put ``Output`` and ``Remarks`` in the place of stdout and stderr for a while."""
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = Output(sys.stdout), Remarks(sys.stderr)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


def hold_descriptors() -> None:
    """Fill descriptors 0 to 2 where they are closed, lest a database gets one of them and a child writes into it."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
