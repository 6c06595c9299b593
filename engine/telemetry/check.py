"""Which rows cannot be true. One such row, a total stored as output say, bends every figure after it.

A row is refused for what it says about itself, never for being unusual.
"""

from __future__ import annotations

import datetime
from enum import StrEnum
from operator import attrgetter

from engine.errors import InputError
from engine.telemetry.event import LONGEST_DELIVERABLE, MOST_DELIVERABLES, Event
from engine.telemetry.words import CeilingSource, Finish

MOST_TOKENS = 1_000_000_000
"""Tokens that no call can have; also keeps counts within 32 bits."""
_MOST_USD = 1_000_000
_LONGEST_S = 31 * 86_400
_FIRST = datetime.datetime(2015, 1, 1, tzinfo=datetime.UTC)
_LAST = datetime.datetime(2100, 1, 1, tzinfo=datetime.UTC)
_COUNTS = attrgetter(
    "predicted_output_tokens", "selected_budget", "actual_max_tokens", "hard_cap_tokens", "actual_output_tokens",
    "reasoning_tokens", "prompt_tokens", "cached_tokens", "cache_write_tokens", "deliverable_count", "attempt",
    "escalation_base_tokens", "sot_entry_count_hint",
)  # fmt: skip
_ENDED = frozenset({Finish.STOP, Finish.TOOL_USE, Finish.FILTER, Finish.REFUSAL})
_CUT = frozenset({Finish.LENGTH, Finish.CONTEXT})


class Impossible(StrEnum):
    """Why a row is refused. The values are stored beside the number of rows refused."""

    NO_KEY = "no-key"
    """``source`` or ``dedupe_key`` is empty: the row could not be told from others."""
    NAIVE_TIME = "naive-time"
    """A moment without a time zone."""
    TIME_OUT_OF_RANGE = "time-out-of-range"
    """Before 2015 or after 2100: seconds taken for milliseconds, or a clock that was never set."""
    NEGATIVE = "negative-count"
    TOO_LARGE = "count-too-large"
    NO_OUTPUT = "success-without-output-count"
    """A successful, complete call whose output nobody counted."""
    REASONING_ABOVE_OUTPUT = "reasoning-above-output"
    """Reasoning is part of the output; a log that keeps them apart has to be added up first."""
    CACHE_ABOVE_PROMPT = "cache-above-prompt"
    """Cached tokens are part of the prompt; a log that keeps them apart has to be added up first."""
    OUTPUT_ABOVE_CEILING = "output-above-ceiling"
    """More came back than was allowed: usually a total of input and output stored as output."""
    CEILING_ABOVE_HARD_CAP = "ceiling-above-hard-cap"
    """A ceiling that was sent is above the caller's own limit."""
    CEILING_MISSING = "ceiling-missing"
    """``ceiling_source`` says where the ceiling is from, and there is none."""
    ZERO_CEILING = "zero-ceiling"
    """No provider takes a ceiling of 0."""
    BACKFILL_DIFFERS = "backfill-differs"
    """A backfilled ceiling is ``selected_budget`` by definition."""
    TRUNCATED_YET_ENDED = "truncated-yet-ended"
    """Truncated, and the provider says that it ended by itself."""
    CUT_YET_WHOLE = "cut-yet-whole"
    """Not truncated, and the provider says that it was cut off."""
    ATTEMPT = "attempt-below-one"
    DELIVERABLES = "deliverables-disagree"
    """More paths than were counted, or than an event keeps."""
    CONFIDENCE = "confidence-out-of-range"
    COST = "cost-out-of-range"
    """Negative, no number, or above a million dollars for one call."""
    DURATION = "duration-out-of-range"
    """Negative, no number, or longer than a month."""


class ImpossibleEvent(InputError):
    """A row that cannot be true."""

    def __init__(self, reason: Impossible, event: Event) -> None:
        super().__init__(f"event {event.source}/{event.dedupe_key} is refused: {reason}", reason.name.lower())
        self.reason = reason
        """The rule it breaks."""


def require_possible(event: Event) -> Event:
    """Return the event, if it can be true.

    Raises:
        ImpossibleEvent: it cannot, with the reason.
    """
    reason = impossible(event)
    if reason is not None:
        raise ImpossibleEvent(reason, event)
    return event


def impossible(event: Event) -> Impossible | None:
    """Return why an event cannot be true, the first reason found, or None."""
    return _identity(event) or _range(event) or _output(event) or _ceiling(event) or _ending(event)


def _identity(event: Event) -> Impossible | None:
    if not event.source or not event.dedupe_key:
        return Impossible.NO_KEY
    if event.timestamp.tzinfo is None:
        return Impossible.NAIVE_TIME
    if not _FIRST <= event.timestamp <= _LAST:
        return Impossible.TIME_OUT_OF_RANGE
    if event.attempt < 1:
        return Impossible.ATTEMPT
    if len(event.deliverables) > min(event.deliverable_count, MOST_DELIVERABLES):
        return Impossible.DELIVERABLES
    if event.deliverables and max(map(len, event.deliverables)) > LONGEST_DELIVERABLE:
        return Impossible.DELIVERABLES
    return None


def _range(event: Event) -> Impossible | None:
    known = list(filter(None, _COUNTS(event)))
    if known and not 0 <= min(known) <= max(known) <= MOST_TOKENS:
        return Impossible.NEGATIVE if min(known) < 0 else Impossible.TOO_LARGE
    if event.confidence is not None and not 0 <= event.confidence <= 1:
        return Impossible.CONFIDENCE
    if event.cost_usd is not None and not (event.cost_usd.is_finite() and 0 <= event.cost_usd <= _MOST_USD):
        return Impossible.COST
    if event.duration_s is not None and not 0 <= event.duration_s <= _LONGEST_S:
        return Impossible.DURATION
    return None


def _output(event: Event) -> Impossible | None:
    output = event.actual_output_tokens
    if output is None and event.success and event.complete:
        return Impossible.NO_OUTPUT
    if output is not None and (event.reasoning_tokens or 0) > output:
        return Impossible.REASONING_ABOVE_OUTPUT
    prompt, cached = event.prompt_tokens, (event.cached_tokens or 0) + (event.cache_write_tokens or 0)
    if prompt is not None and cached > prompt:
        return Impossible.CACHE_ABOVE_PROMPT
    return None


def _ceiling(event: Event) -> Impossible | None:
    ceiling, source = event.actual_max_tokens, event.ceiling_source
    if ceiling is None:
        return None if source is CeilingSource.UNKNOWN else Impossible.CEILING_MISSING
    if ceiling == 0:
        return Impossible.ZERO_CEILING
    if source is CeilingSource.BACKFILL and ceiling != event.selected_budget:
        return Impossible.BACKFILL_DIFFERS
    if source.is_measured and (event.actual_output_tokens or 0) > ceiling:
        return Impossible.OUTPUT_ABOVE_CEILING
    if source is CeilingSource.SENT and event.hard_cap_tokens is not None and ceiling > event.hard_cap_tokens:
        return Impossible.CEILING_ABOVE_HARD_CAP
    return None


def _ending(event: Event) -> Impossible | None:
    if event.truncated and event.finish in _ENDED:
        return Impossible.TRUNCATED_YET_ENDED
    if event.truncated is False and event.finish in _CUT:
        return Impossible.CUT_YET_WHOLE
    return None
