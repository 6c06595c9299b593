"""Making a case that breaks something as short as it can be while it breaks the same thing."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable

from tests.fuzz.case import LIMIT_S


class TooSlow(Exception):
    """A case took more CPU time than one may."""


def failure(check: Callable[[bytes], object], case: bytes) -> tuple[str, str]:
    """Run a check.

    Returns:
        What broke and where, ``""`` for nothing, and the error in words.
    """
    started_s = time.thread_time()
    try:
        check(case)
        if time.thread_time() - started_s > LIMIT_S:
            raise TooSlow(f"took more than {LIMIT_S:g} s")
    except Exception as error:  # anything at all is a finding
        frames = traceback.extract_tb(error.__traceback__)
        own = [frame for frame in frames if "/engine/" in frame.filename or "/tui/" in frame.filename] or frames
        place = own[-1]
        inner = frames[-1]
        where = f"{type(error).__name__} at {place.filename.rpartition('/')[2]}:{place.lineno}"
        return (where + (f" ({inner.name}:{inner.lineno})" if inner is not place else "")), f"{error}"[:300]
    return "", ""


def shortest(check: Callable[[bytes], object], case: bytes, seconds: float = 20.0) -> bytes:
    """Leave out pieces, halves first and single bytes last, then make what is left plain; within a time."""
    wanted, _ = failure(check, case)
    end_s = time.monotonic() + seconds
    size = max(1, len(case) // 2)
    while time.monotonic() < end_s:
        at, made = 0, case
        while at < len(made) and time.monotonic() < end_s:
            shorter = made[:at] + made[at + size :]
            if failure(check, shorter)[0] == wanted:
                made = shorter
            else:
                at += size
        if made == case and size == 1:
            break
        case, size = made, max(1, size // 2)
    for at in range(len(case)):
        if time.monotonic() > end_s:
            break
        plain = case[:at] + b"a" + case[at + 1 :]
        if case[at : at + 1] != b"a" and failure(check, plain)[0] == wanted:
            case = plain
    return case
