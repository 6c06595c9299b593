"""What a fuzz target is."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

LIMIT_S = 2.0
"""CPU seconds that one case may take; cases are at most some kilobytes."""


@dataclass(frozen=True, slots=True)
class Target:
    """Something that reads what others wrote."""

    name: str
    about: str
    """What must hold, in a line."""
    make: Callable[[random.Random], bytes]
    """Makes a case."""
    check: Callable[[bytes], object]
    """Raises anything when the case breaks what must hold; any bytes are a case."""
    weight: int = 10
    """Share of the cases of a run over all targets: cheap targets get more."""

    def case(self, seed: int, number: int) -> bytes:
        """Make the case of a number."""
        return self.make(random.Random(f"{self.name}:{seed}:{number}"))
