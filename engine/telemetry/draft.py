"""The event of a call that a decision was made for: what is known before the answer, ready for what comes after."""

from __future__ import annotations

import datetime
from typing import Any

from engine.budgets.decide import Decision
from engine.telemetry.event import LONGEST_DELIVERABLE, MOST_DELIVERABLES, Event
from engine.telemetry.words import CeilingSource


def event_of(
    decision: Decision, *, timestamp: datetime.datetime, dedupe_key: str, source: str = "packsight", **outcome: Any
) -> Event:
    """Make the event of a call.

    Args:
        decision: What it was allowed, and why.
        timestamp: When it began.
        dedupe_key: Unique among the calls of ``source``.
        source: Who writes it down.
        outcome: Any other columns: output, prompt, ending, attempt. ``actual_max_tokens`` when something else was sent
            than was decided.
    """
    document, deliverables = decision.document, decision.deliverables
    columns: dict[str, Any] = {
        "provider": decision.provider,
        "model": decision.model,
        "category": decision.category,
        "complexity": decision.complexity,
        "mode": decision.mode.name,
        "predicted_output_tokens": decision.estimate_tokens,
        "selected_budget": decision.selected_budget,
        "actual_max_tokens": decision.actual_max_tokens,
        "ceiling_source": CeilingSource.SENT,
        "hard_cap_tokens": decision.hard_cap_tokens,
        "estimator_version": decision.estimator_version,
        "confidence": decision.confidence,
        "trace": decision.trace,
        "deliverable_count": len(deliverables),
        "deliverables": tuple(one.path[:LONGEST_DELIVERABLE] for one in deliverables[:MOST_DELIVERABLES]),
    }
    if document is not None:
        columns |= {
            "api_reference_required": document.api_reference_required,
            "examples_required": document.examples_required,
            "research_required": document.research_required,
            "usage_guide_required": document.usage_guide_required,
            "context_quality": document.context_quality,
            "is_sot_file": bool(document.sot_file_name),
            "sot_file_name": document.sot_file_name,
        }
    return Event(timestamp=timestamp, source=source, dedupe_key=dedupe_key, **(columns | outcome))
