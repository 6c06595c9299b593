"""Whether a server can be reached: found out once, and then not asked again for a moment.

One command asks a server several times - for a name, a budget, a profile, analyses. Were each of them to wait for a
server that is down, a person would wait for all of them, and read as many warnings.
"""

from __future__ import annotations

import threading
import time

from engine.errors import InputError
from engine.store.address import Address

REST_S = 5.0
"""How long a server in trouble is left alone."""
_lock = threading.Lock()
_down: dict[str, tuple[float, str]] = {}
"""By URL: until when, and why."""


class ServerTrouble(InputError):
    """A server that cannot be reached, or does not take what it is given; what is local works without it."""


class Unreachable(ServerTrouble):
    """A server that cannot be reached, or went away."""


def require_reachable(address: Address) -> None:
    """Refuse at once what would wait for a server that was down a moment ago.

    Raises:
        Unreachable: it was.
    """
    with _lock:
        until_s, reason = _down.get(address.url, (0.0, ""))
    if until_s > time.monotonic():
        raise _unreachable(address, reason)


def found_down(address: Address, reason: str) -> Unreachable:
    """Note that a server is down, and make the error that says so."""
    first = without_secrets(reason, address)
    with _lock:
        _down[address.url] = (time.monotonic() + REST_S, first)
    return _unreachable(address, first)


def found_up(address: Address) -> None:
    """Note that a server answers."""
    with _lock:
        _down.pop(address.url, None)


def without_secrets(reason: str, address: Address) -> str:
    """The first line of what a driver says, without the words of the URL that are nobody's business."""
    line = next(iter(reason.strip().splitlines()), "") or "no reason given"
    for secret in address.secrets:
        line = line.replace(secret, "…")
    return line


def _unreachable(address: Address, reason: str) -> Unreachable:
    return Unreachable(f"database {address.shown} cannot be reached: {reason}")
