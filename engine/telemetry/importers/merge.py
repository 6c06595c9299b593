"""Two accounts of one call: programs repeat calls in their logs, and one line has what another lacks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from operator import attrgetter

from engine.telemetry.check import impossible
from engine.telemetry.event import Event
from engine.telemetry.words import CeilingSource

_KEY = attrgetter("dedupe_key")
_PLAIN = (
    "provider", "model", "category", "complexity", "effort", "reasoning_tokens", "prompt_tokens", "cached_tokens",
    "cache_write_tokens", "session_id", "request_id", "response_id", "duration_s", "cost_usd",
)  # fmt: skip


def merged(one: Event, other: Event) -> Event:
    """Return the account that knows more, with what only the other knows, and the earlier moment."""
    best, rest = (other, one) if _known(other) > _known(one) else (one, other)
    changes: dict[str, object] = {
        name: found for name in _PLAIN if not getattr(best, name) and (found := getattr(rest, name))
    }
    if rest.timestamp < best.timestamp:
        changes["timestamp"] = rest.timestamp
    output, ceiling = best.actual_output_tokens, rest.actual_max_tokens
    if best.actual_max_tokens is None and ceiling is not None and (output is None or output <= ceiling):
        changes |= {"actual_max_tokens": ceiling, "ceiling_source": rest.ceiling_source}
    if best.truncated is None and rest.truncated is not None and best.complete:
        changes |= {"truncated": rest.truncated, "finish": rest.finish, "stop_reason": rest.stop_reason}
    return replace(best, **changes) if changes else best  # type: ignore[arg-type]


def once(events: Iterable[Event]) -> list[Event]:
    """Return events with each call once, in the order in which calls were first told of.

    Accounts that cannot be true stay by themselves, for the store to refuse and count: beside a sound one they would
    only take its place.
    """
    events = list(events)
    if len(set(map(_KEY, events))) == len(events):
        return events
    calls: dict[tuple[str, str], Event] = {}
    false: list[Event] = []
    for event in events:
        if impossible(event) is not None:
            false.append(event)
            continue
        key = event.source, event.dedupe_key
        known = calls.setdefault(key, event)
        if known is not event:
            calls[key] = merged(known, event)
    return [*calls.values(), *false]


def _known(event: Event) -> tuple[bool, int, bool, bool]:
    measured = event.ceiling_source is not CeilingSource.UNKNOWN
    return event.complete, event.actual_output_tokens or 0, event.truncated is not None, measured
