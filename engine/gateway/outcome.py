"""The event of a call of the gateway: what was decided before it, and what LiteLLM logged after it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from engine.budgets import Decision
from engine.model import Model
from engine.telemetry.draft import event_of as draft
from engine.telemetry.event import Event
from engine.telemetry.importers.litellm import parse
from engine.telemetry.importers.words import finish_of, truncated_by
from engine.telemetry.words import CeilingSource, Finish

_OUTCOME = (
    "effort", "actual_output_tokens", "reasoning_tokens", "prompt_tokens", "cached_tokens", "cache_write_tokens",
    "success", "truncated", "complete", "finish", "stop_reason", "session_id", "request_id", "response_id",
    "duration_s", "cost_usd",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sent:
    """What a call was sent with."""

    decision: Decision
    ceiling_tokens: int
    asked_model: str
    """The model as it was called when this was decided."""
    answers: int
    model: Model | None
    """Its entry in the catalog."""


def event_of(payload: Mapping[str, Any], ending: str = "", sent: Sent | None = None) -> Event | None:
    """Make the event of a call; None for what is no call that answers.

    Source and key are those of the importer of LiteLLM's logs, so that importing the same call later adds nothing.

    Raises:
        Unusable: the payload has no time or no counts.
    """
    logged = next(iter(parse(payload, {})), None)
    if logged is None:
        return None
    if logged.finish is Finish.UNKNOWN and ending:
        finish = finish_of(ending)
        logged = replace(logged, finish=finish, stop_reason=ending, truncated=truncated_by(finish))
    if sent is None:
        return logged
    event = draft(
        sent.decision,
        timestamp=logged.timestamp,
        dedupe_key=logged.dedupe_key,
        source=logged.source,
        **{name: getattr(logged, name) for name in _OUTCOME},
        **({} if sent.decision.model else {"model": logged.model}),
        actual_max_tokens=sent.ceiling_tokens,
    )
    if sent.answers > 1:
        # Several answers under one ceiling each: their sum says nothing about it, nor about the length of one.
        unknown = {"actual_max_tokens": None, "ceiling_source": CeilingSource.UNKNOWN, "hard_cap_tokens": None}
        event = replace(event, complete=False, **unknown)  # type: ignore[arg-type]
    return event
