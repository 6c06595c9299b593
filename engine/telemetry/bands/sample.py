"""One comparison of a count of ours with a provider's."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sample:
    """A text that was counted here and there. Counts are tokens."""

    family: str
    encoding: str
    method: str
    at_us: int
    """When it was sent, in microseconds since 1970."""
    counted: int
    """Our count of all that was sent."""
    sent: int
    """The provider's."""
    is_text: bool = False
    """A text within a conversation rather than a whole prompt, so that its frame is part of ``sent``."""
    language: str = ""
    """Language of a file's text, ``""`` for anything else."""
