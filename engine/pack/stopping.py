"""Lets whoever waits for a solution stop it: a solve at 100,000 chunks takes a second, a person does not wait."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from engine.errors import Cancelled
from engine.events import IsCancelled, never

_asked: ContextVar[IsCancelled] = ContextVar("cancelled", default=never)


@contextmanager
def stopping(cancelled: IsCancelled) -> Iterator[None]:
    """Ask ``cancelled`` every few milliseconds while solvers work inside; their problems stay usable.

    It holds for this thread and all solvers in it: a question that reaches every room of the search would otherwise be
    an argument of each of them.

    Raises:
        Cancelled: ``cancelled`` said so.
    """
    token = _asked.set(cancelled)
    try:
        yield
    finally:
        _asked.reset(token)


def look() -> None:
    """Stop when somebody asked for it.

    Raises:
        Cancelled: on request.
    """
    if _asked.get()():
        raise Cancelled("interrupted")
