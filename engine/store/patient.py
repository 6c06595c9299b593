"""Connections to a server that give up after a silence: a server that hangs must not hang everybody who uses it."""

from __future__ import annotations

import select
import time
from typing import Any

import psycopg
from psycopg import errors
from psycopg.waiting import Ready, Wait

CONNECT_TIMEOUT_S = 3
"""How long a server may take to accept a connection."""
_LOOK_S = 0.2
"""How often a wait is left for an interrupt."""


class PatientConnection(psycopg.Connection[Any]):
    """A connection that is closed when the server says nothing for ``silence_s``."""

    silence_s = 30.0
    """Longer than any lock is waited for, and than reports take."""

    def __del__(self) -> None:  # type: ignore[override, unused-ignore]  # the driver's takes how to warn
        # A pool lets its connections go together with its engine; the server need not wait for a time-out to know.
        if hasattr(self, "pgconn"):
            self.close()

    def wait(self, gen: Any, interval: float = _LOOK_S, timeout: float | None = None) -> Any:
        """Run an operation of the driver to its end; see ``psycopg.Connection.wait``.

        Raises:
            psycopg.OperationalError: the server was silent for too long; the connection is closed.
        """
        limit_s = self.silence_s if timeout is None else min(timeout, self.silence_s)
        try:
            wanted = next(gen)
            heard_s = time.monotonic()
            while True:
                ready = _ready(self.pgconn.socket, wanted, min(interval, _LOOK_S))
                if ready:
                    heard_s = time.monotonic()
                elif time.monotonic() - heard_s > limit_s:
                    self.pgconn.finish()
                    raise errors.ConnectionTimeout(f"no answer for {limit_s:.0f} s")
                else:
                    # Also what does not wait for the socket goes on, as a signal that was handled.
                    gen.send(Ready.NONE)
                    continue
                wanted = gen.send(ready)
        except StopIteration as end:
            return end.value
        except KeyboardInterrupt:
            # The connection is in the middle of something; nobody can use it any more.
            self.pgconn.finish()
            raise


def _ready(descriptor: int, wanted: Wait, wait_s: float) -> Ready | None:
    poll = select.poll()
    poll.register(descriptor, (wanted & Wait.R and select.POLLIN) | (wanted & Wait.W and select.POLLOUT))
    events = poll.poll(int(wait_s * 1000))
    if not events:
        return None
    seen = events[0][1]
    # An error or a hang-up is for the driver to read, which then says what it is.
    read = seen & ~select.POLLOUT and wanted & Wait.R
    write = seen & ~select.POLLIN and wanted & Wait.W
    return Ready((read and Ready.R) | (write and Ready.W)) or Ready.RW


def connect_patiently(conninfo: str, connect_s: float, silence_s: float, **options: Any) -> PatientConnection:
    """Connect; whole seconds, at least 2, are what the driver waits.

    Raises:
        psycopg.Error: there is no such server, it refuses, or the words make no sense.
    """
    options.setdefault("application_name", "packsight")
    connection = PatientConnection.connect(conninfo, connect_timeout=max(2, round(connect_s)), **options)
    connection.silence_s = silence_s
    return connection
