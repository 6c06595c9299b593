"""What was found."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Secret:
    """A place that holds a secret; never its value."""

    kind: str
    """Id of the rule, such as ``github-pat`` or ``private-key``."""
    line: int
    """Line it begins on, from 1."""
    spans: tuple[tuple[int, int], ...]
    """Byte ranges that say it, ascending: one, or one per line for a value of several lines. The first characters of a
    token that only say of which service it is are outside."""
