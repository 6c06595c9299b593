"""The closed vocabularies of a telemetry event. Their values are what is stored, exported and printed."""

from __future__ import annotations

from enum import StrEnum


class CeilingSource(StrEnum):
    """How ``actual_max_tokens`` came to be known."""

    SENT = "sent"
    """Written down by whoever sent it, at the moment of the call."""
    IMPORTED = "imported"
    """Read from another program's log of the request."""
    BACKFILL = "backfill"
    """Put in later from ``selected_budget`` because nobody had written it down: an assumption, never a measurement."""
    UNKNOWN = "unknown"
    """Nobody knows what was sent; a number, if there is one, may be a backfill that left no mark."""

    @property
    def is_measured(self) -> bool:
        """Whether figures may take the ceiling for what the provider was told."""
        return self in (CeilingSource.SENT, CeilingSource.IMPORTED)


class Finish(StrEnum):
    """Why an answer ended, whatever the provider calls it."""

    STOP = "stop"
    LENGTH = "length"
    """The ceiling was reached, with or without text."""
    TOOL_USE = "tool_use"
    FILTER = "filter"
    REFUSAL = "refusal"
    CONTEXT = "context"
    """The window was full before the ceiling was reached: cut off, but no evidence about the ceiling."""
    ERROR = "error"
    UNKNOWN = "unknown"


class Outcome(StrEnum):
    """What became of a call, as filters and reports group it."""

    COMPLETE = "complete"
    """Ended by itself."""
    TRUNCATED = "truncated"
    """Cut off; its output is a lower bound."""
    FAILED = "failed"
    """Error, filter or refusal: it ended early for a reason that has nothing to do with the ceiling."""
    UNKNOWN = "unknown"
    """The log does not say how it ended."""
