"""Time as the calls need it, so that tests pass without any going by."""

from __future__ import annotations

import datetime
import random
import time
from dataclasses import dataclass

from engine.errors import Cancelled
from engine.events import IsCancelled

_LOOK_S = 0.2
"""How long a wait goes on before it looks whether it is still wanted."""


@dataclass(frozen=True)
class Clock:
    """The clock of this machine."""

    def now(self) -> datetime.datetime:
        """This moment, in UTC."""
        return datetime.datetime.now(datetime.UTC)

    def monotonic_s(self) -> float:
        """Seconds since some moment; never goes back."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Do nothing for a while."""
        time.sleep(seconds)

    def jitter(self) -> float:
        """A random number from 0 to 1."""
        return random.random()

    def wait(self, seconds: float, cancelled: IsCancelled) -> None:
        """Sleep in short pieces.

        Raises:
            Cancelled: as soon as it is not wanted any more.
        """
        left = seconds
        while left > 0:
            if cancelled():
                raise Cancelled("the call was cancelled")
            self.sleep(min(left, _LOOK_S))
            left -= _LOOK_S
