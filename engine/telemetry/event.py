"""One call of a model: what was wanted, what was sent, what came back. Every importer and provider writes these."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal

from engine.budgets.trace import Step
from engine.telemetry.words import CeilingSource, Finish, Outcome

MOST_DELIVERABLES = 20
"""Paths that an event keeps; ``deliverable_count`` stays the true number."""
LONGEST_DELIVERABLE = 200
"""Characters of a path that an event keeps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One attempt at one call. Counts are tokens; None means not known, which is never the same as 0.

    ``engine.telemetry.check`` says whether a row is possible; nothing is checked on construction, because importers
    make millions of these. Prompt and answer texts are never part of an event.
    """

    timestamp: datetime.datetime
    """When the call began, or the log's nearest moment. Aware; stored in UTC with microseconds."""
    source: str
    """Which program wrote it down: ``packsight``, ``claude-code``, ``otlp``, …"""
    dedupe_key: str
    """Unique within ``source``: writing the same key again updates the event instead of adding one."""

    provider: str = ""
    """``openai``, ``anthropic``, ``gemini`` or what the log calls it; ``""`` when not known."""
    model: str = ""
    """Model id as the call named it."""
    category: str = ""
    """Normalised category of the work (``engine.budgets.categories``); ``""`` when nobody said."""
    complexity: str = ""
    """``low``, ``medium``, ``high`` or ``""``."""
    mode: str = ""
    """Mode that the decision was made in, such as ``large_refactor``; ``""`` for none."""
    effort: str = ""
    """Reasoning effort that the call asked for."""

    predicted_output_tokens: int | None = None
    """The estimate of the answer's length, before any buffer."""
    selected_budget: int | None = None
    """Intent: output tokens the estimator wanted, before P4 and floors."""
    actual_max_tokens: int | None = None
    """Ceiling: output tokens the provider was told, after everything."""
    ceiling_source: CeilingSource = CeilingSource.UNKNOWN
    """How ``actual_max_tokens`` is known."""
    hard_cap_tokens: int | None = None
    """The caller's own limit, which nothing may raise."""
    actual_output_tokens: int | None = None
    """All billed output, reasoning included. A lower bound when ``truncated``."""
    reasoning_tokens: int | None = None
    """Part of ``actual_output_tokens`` that was reasoning."""
    prompt_tokens: int | None = None
    """All input, cached tokens included."""
    cached_tokens: int | None = None
    """Part of ``prompt_tokens`` that was read from the provider's cache."""
    cache_write_tokens: int | None = None
    """Part of ``prompt_tokens`` that was written to the provider's cache."""

    success: bool = True
    """The call gave an answer that could be used, whole or cut off."""
    truncated: bool | None = None
    """Cut off by the ceiling or the window; None when the log does not say."""
    complete: bool = True
    """False while the log holds only part of the call; such rows teach nothing."""
    finish: Finish = Finish.UNKNOWN
    """Why it ended, normalised."""
    stop_reason: str = ""
    """The provider's own word for it."""
    attempt: int = 1
    """1 for the first try of a call, 2 for the retry after it, …"""

    estimator_version: str = ""
    """Version of the coefficients that decided (``engine.budgets``); ``""`` when nobody decided."""
    confidence: float | None = None
    """Confidence of the estimate, 0 to 1."""
    trace: tuple[Step, ...] = ()
    """Every step from the estimate to the ceiling."""
    escalation_reason: str = ""
    """``truncation`` or ``utilization`` when this attempt got more room because of the one before."""
    escalation_base_tokens: int | None = None
    """Highest evidence that the escalation started from."""
    escalation_base_source: str = ""
    """Where it came from: the name of a column here, or ``complexity_default``."""
    escalation_factor: float | None = None
    """What it was multiplied by."""

    deliverable_count: int = 0
    """How many files the answer was to hold."""
    deliverables: tuple[str, ...] = ()
    """The first of them, at most ``MOST_DELIVERABLES``, each at most ``LONGEST_DELIVERABLE`` characters."""
    api_reference_required: bool | None = None
    examples_required: bool | None = None
    research_required: bool | None = None
    usage_guide_required: bool | None = None
    context_quality: str = ""
    """``none``, ``some`` or ``strong``: how much context a document was written from."""
    is_sot_file: bool | None = None
    """Whether a source-of-truth log such as a changelog was updated."""
    sot_file_name: str = ""
    sot_entry_count_hint: int | None = None
    """How many entries the update was expected to add."""

    run_id: str = ""
    phase_id: str = ""
    session_id: str = ""
    request_id: str = ""
    response_id: str = ""
    pack_key: str = ""
    """``dedupe_key`` of the pack event whose text was sent."""
    duration_s: float | None = None
    cost_usd: Decimal | None = None
    """What the call cost by the catalog of ``catalog_as_of``."""
    catalog_as_of: str = ""
    """Day of the prices behind ``cost_usd``, ISO 8601."""
    event_id: str = ""
    """Given by the store; ``""`` before."""

    @property
    def outcome(self) -> Outcome:
        """What became of the call."""
        if self.truncated:
            return Outcome.TRUNCATED
        if not self.success or self.finish in (Finish.FILTER, Finish.REFUSAL, Finish.ERROR):
            return Outcome.FAILED
        return Outcome.COMPLETE if self.truncated is False else Outcome.UNKNOWN

    @property
    def is_truncated_output(self) -> bool:
        """Whether ``actual_output_tokens`` is only a lower bound."""
        return bool(self.truncated)

    @property
    def underestimated(self) -> bool | None:
        """Whether the answer was longer than predicted; None when not known."""
        if self.predicted_output_tokens is None or self.actual_output_tokens is None:
            return None
        return self.actual_output_tokens > self.predicted_output_tokens
