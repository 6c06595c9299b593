"""What an import says while it runs and when it is done."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from engine.telemetry.event import Event
from engine.telemetry.importers.bad_line import BadLine

MOST_NAMED = 200
"""Bad lines that are kept by name; the rest are counted."""


class Written(Protocol):
    """What a store says became of a batch."""

    @property
    def added(self) -> int:
        """Events that were not there."""

    @property
    def updated(self) -> int:
        """Events that were there and are now known better."""

    @property
    def unchanged(self) -> int:
        """Events that were there already."""

    @property
    def refused(self) -> Mapping[str, int]:
        """Impossible events by reason."""


Write = Callable[[Sequence[Event]], Written]
"""Stores a batch of events, each call in it once, and says what became of them."""


@dataclass(frozen=True, slots=True)
class ImportProgress:
    """How far an import is."""

    path: str
    """The log being read."""
    files: int
    """Logs behind, of ``total_files``."""
    total_files: int
    done_bytes: int
    """Bytes behind, of ``total_bytes``; logs that have not changed count as read."""
    total_bytes: int
    events: int
    """Events found so far."""
    bad_lines: int
    bytes_per_s: float
    """Bytes really read a second; 0 before anything is known."""
    left_s: float | None
    """Seconds left at this rate; None before it is known."""


ImportEvent = ImportProgress | BadLine
EmitImport = Callable[[ImportEvent], None]


@dataclass(frozen=True, slots=True)
class Totals:
    """What an import did."""

    files: int = 0
    """Logs that some importer knew."""
    unchanged_files: int = 0
    """Of those, logs in which nothing was new."""
    unknown_files: int = 0
    """Files that are no importer's."""
    read_bytes: int = 0
    read: int = 0
    """Events that the logs held; one call told of twice is two."""
    new: int = 0
    """Calls that were not in the store."""
    updated: int = 0
    """Calls that are now known better."""
    unchanged: int = 0
    """Events that said nothing new."""
    refused: Mapping[str, int] = field(default_factory=dict)
    """Impossible events by reason (``engine.telemetry.Impossible``)."""
    bad_lines: int = 0
    bad: tuple[BadLine, ...] = ()
    """The first ``MOST_NAMED`` of them."""
    by_source: Mapping[str, int] = field(default_factory=dict)
    """Events read, by source."""
    elapsed_s: float = 0.0
