"""What could not be read, named so that a person finds it."""

from __future__ import annotations

from dataclasses import dataclass

LONGEST_REASON = 160
"""Characters of a reason that are kept."""


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line, a row or an object of a log that gave no event although it should have. The rest of the log is read."""

    path: str
    """The log it is in."""
    line: int
    """Line of a text file, row of a database; 0 when the whole file is meant."""
    reason: str
    """What is wrong with it, never a piece of its text."""

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.reason}" if self.line else f"{self.path}: {self.reason}"


class Unusable(ValueError):
    """A record that is meant to describe a call and cannot; its message becomes the reason of a ``BadLine``."""
