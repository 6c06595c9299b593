"""A call to the engine that waits or runs, and which goes first."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum

from textual.message import Message

from engine.events import IsCancelled


class Urgency(IntEnum):
    """What goes first when several calls wait."""

    OPEN = 0
    REPACK = 1
    READ = 2
    ASK = 3
    SETTLE = 4


@dataclass(slots=True)
class Job:
    """A call that waits or runs."""

    key: str
    urgency: Urgency
    run: Callable[[IsCancelled], Message | None]
    not_before_s: float = 0.0
    """On the monotonic clock; when nothing else is to be done."""
    stopped: threading.Event = field(default_factory=threading.Event)
    query: str = ""
    """What is packed for; the first query of a repository has its index made, which takes seconds."""
    until_s: float = math.inf
    """When it has to give way, on the monotonic clock."""
    number: int = 0
    """Grows with every call that is asked for."""

    def is_stopped(self) -> bool:
        """Whether nobody waits for it any more."""
        return self.stopped.is_set() or time.monotonic() > self.until_s
