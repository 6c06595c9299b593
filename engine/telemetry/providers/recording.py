"""One event per attempt, made of the decision and of what came back, and handed to the one writer."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Protocol

from engine.budgets import Decision, Step
from engine.events import Emit, Warned
from engine.model import Model
from engine.telemetry.draft import event_of as draft
from engine.telemetry.event import Event
from engine.telemetry.providers.escalation import Escalation
from engine.telemetry.providers.failure import Failure, FailureKind
from engine.telemetry.providers.reply import Reply, Usage
from engine.telemetry.words import Finish


class Recorder(Protocol):
    """Whoever writes events."""

    def record(self, event: Event) -> object:
        """Write one event."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """What the caller calls things; stored with every attempt."""

    run_id: str = ""
    phase_id: str = ""
    session_id: str = ""
    pack_key: str = ""
    effort: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One attempt as it happened."""

    call_id: str
    number: int
    began: datetime.datetime
    duration_s: float
    ceiling_tokens: int
    escalation: Escalation | None = None
    steps: tuple[Step, ...] = ()
    """What changed since the decision."""
    is_part: bool = False
    """Whether it only continued an answer, and so does not tell how long one is."""
    labels: Labels = field(default_factory=Labels)


def event_of(
    decision: Decision, attempt: Attempt, reply: Reply, failure: Failure | None = None, model: Model | None = None
) -> Event:
    """Make the event of an attempt.

    Args:
        decision: What was decided before the call.
        attempt: What was sent and when.
        reply: What came back, as far as it came.
        failure: Why it failed, if it did.
        model: Catalog entry, for the cost.
    """
    usage, why, labels = reply.usage, attempt.escalation, attempt.labels
    cost = cost_usd(model, usage) if model is not None else None
    failed = failure is not None
    return draft(
        decision,
        timestamp=attempt.began,
        dedupe_key=f"{attempt.call_id}/{attempt.number}",
        model=decision.model or reply.model,
        effort=labels.effort,
        actual_max_tokens=attempt.ceiling_tokens,
        actual_output_tokens=usage.output_tokens,
        reasoning_tokens=usage.reasoning_tokens,
        prompt_tokens=usage.prompt_tokens,
        cached_tokens=usage.cached_tokens,
        cache_write_tokens=usage.cache_write_tokens,
        success=not failed and reply.usable,
        truncated=None if failed else reply.truncated,
        complete=_is_complete(attempt, reply, failure),
        finish=_finish(reply, failure),
        stop_reason=reply.stop_reason if failure is None else failure.word or str(failure.kind),
        attempt=attempt.number,
        trace=(*decision.trace, *attempt.steps),
        escalation_reason=why.reason if why else "",
        escalation_base_tokens=why.base_tokens if why else None,
        escalation_base_source=why.base_source if why else "",
        escalation_factor=why.factor if why else None,
        run_id=labels.run_id,
        phase_id=labels.phase_id,
        session_id=labels.session_id,
        request_id=reply.request_id or (failure.request_id if failure else ""),
        response_id=reply.response_id,
        pack_key=labels.pack_key,
        duration_s=attempt.duration_s,
        cost_usd=cost,
        catalog_as_of=model.as_of if model is not None and cost is not None else "",
    )


def record_safely(recorder: Recorder | None, event: Event, emit: Emit) -> None:
    """Hand an event to the writer; whatever goes wrong there is a warning, never the end of a call."""
    if recorder is None:
        return
    try:
        recorder.record(event)
    except Exception as error:
        emit(Warned(f"the call was not recorded: {getattr(error, 'message', '') or type(error).__name__}"))


def cost_usd(model: Model, usage: Usage) -> Decimal | None:
    """What an attempt cost by the catalog; None where a count or a price is not known.

    Cached input has its own price. Input that was written to a cache costs extra at some providers, by factors that no
    catalog here holds: such a call has no cost rather than one that is too low.
    """
    if usage.prompt_tokens is None or usage.output_tokens is None or usage.cache_write_tokens:
        return None
    price_in, price_out = model.price_in, model.price_out
    tier = next((tier for tier in reversed(model.price_tiers) if usage.prompt_tokens > tier.above_tokens), None)
    factor = Decimal(1)
    if tier is not None:
        if price_in:
            factor = tier.price_in / price_in
        price_in, price_out = tier.price_in, tier.price_out
    cached = usage.cached_tokens or 0
    price_cached = model.price_cache_read * factor if model.price_cache_read is not None else price_in
    if price_in is None or price_out is None or price_cached is None:
        return None
    fresh = usage.prompt_tokens - cached
    return (fresh * price_in + cached * price_cached + usage.output_tokens * price_out) / Decimal(1_000_000)


_NOTHING_MADE = (FailureKind.REFUSED, FailureKind.LIMITED, FailureKind.SERVICE, FailureKind.CONNECTION)
"""Failures after which the service has made, and bills, nothing; after others nobody knows what it went on to make."""


def _is_complete(attempt: Attempt, reply: Reply, failure: Failure | None) -> bool:
    """Whether the row tells the length of an answer, or that there was none at all."""
    if failure is not None:
        return failure.kind in _NOTHING_MADE and not (reply.text or reply.response_id or reply.usage != Usage())
    return reply.complete and not attempt.is_part and reply.usage.output_tokens is not None


def _finish(reply: Reply, failure: Failure | None) -> Finish:
    if failure is None:
        return reply.finish
    return Finish.UNKNOWN if failure.kind is FailureKind.CANCELLED else Finish.ERROR
