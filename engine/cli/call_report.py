"""What is said of a call after it: lines for people, JSON for programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from engine.telemetry.json_form import event_json

if TYPE_CHECKING:
    from engine.telemetry import Event
    from engine.telemetry.providers import Answer


def as_json(answer: Answer) -> dict[str, Any]:
    """The answer, the decision in the keys of ``packsight estimate``, and every attempt as an event."""
    decision, last = answer.decision, answer.events[-1]
    return {
        "text": answer.text,
        "provider": decision.provider,
        "model": decision.model,
        "category": decision.category,
        "complexity": decision.complexity,
        "selected_budget": decision.selected_budget,
        "actual_max_tokens": answer.ceiling_tokens,
        "actual_output_tokens": _sum(answer.events, "actual_output_tokens"),
        "reasoning_tokens": _sum(answer.events, "reasoning_tokens"),
        "prompt_tokens": last.prompt_tokens,
        "cached_tokens": last.cached_tokens,
        "truncated": answer.truncated,
        "finish": last.finish.value,
        "stop_reason": last.stop_reason,
        "cost_usd": _cost(answer.events),
        "trace": [step._asdict() for step in last.trace],
        "attempts": [event_json(event) for event in answer.events],
    }


def told(answer: Answer) -> list[str]:
    """The report: one line per attempt, and what is left to say."""
    lines = [_line(event, len(answer.events)) for event in answer.events]
    if answer.truncated:
        hint = "--on-truncation continue asks for the rest" if answer.text else "all of it went into reasoning"
        lines.append(f"the answer is cut off at {answer.ceiling_tokens:,} tokens; {hint}")
    elif not answer.reply.usable:
        lines.append(f"there is no answer: {answer.reply.finish.value} ({answer.reply.stop_reason})")
    return lines


def _line(event: Event, attempts: int) -> str:
    number = f"attempt {event.attempt}: " if attempts > 1 else ""
    parts = [f"{number}{event.model} of {event.provider}", _output(event)]
    if event.prompt_tokens is not None:
        cached = f" ({event.cached_tokens:,} cached)" if event.cached_tokens else ""
        parts.append(f"{event.prompt_tokens:,} in{cached}")
    parts.append(event.stop_reason or event.finish.value)
    if event.duration_s is not None:
        parts.append(f"{event.duration_s:.1f} s")
    if event.cost_usd is not None:
        parts.append(f"${event.cost_usd:.4f}")
    why = f"; {event.trace[-1].rule}: {event.trace[-1].why}" if event.attempt > 1 and _is_new(event) else ""
    return ", ".join(parts) + why


def _is_new(event: Event) -> bool:
    return bool(event.trace) and event.trace[-1].rule in ("escalation", "continuation")


def _output(event: Event) -> str:
    if event.actual_output_tokens is None:
        return f"nothing of {event.actual_max_tokens:,} tokens counted"
    reasoning = f" ({event.reasoning_tokens:,} reasoning)" if event.reasoning_tokens else ""
    return f"{event.actual_output_tokens:,} of {event.actual_max_tokens:,} tokens{reasoning}"


def _sum(events: Sequence[Event], name: str) -> int | None:
    """All attempts together: each of them is billed."""
    known = [getattr(event, name) for event in events if getattr(event, name) is not None]
    return sum(known) if known else None


def _cost(events: Sequence[Event]) -> float | None:
    billed = [event for event in events if event.actual_output_tokens is not None]
    if not billed or any(event.cost_usd is None for event in billed):
        return None
    return float(sum(event.cost_usd for event in billed if event.cost_usd is not None))
