"""Calls as OpenTelemetry spans of the GenAI conventions: one line of OTLP JSON per batch, as file exporters write them.

Names are those of the GenAI semantic conventions (status Development, 2026); what they have no name for is below
``packsight.``. Whole numbers are texts, as the JSON mapping of 64-bit integers wants.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Sequence

from engine.telemetry.event import Event
from engine.telemetry.moments import to_us
from engine.telemetry.words import Finish

_PROVIDERS = {"gemini": "gcp.gemini"}
_OK, _ERROR = 1, 2


def otlp_line(events: Sequence[Event], version: str) -> str:
    """Write events as one line; a log collector reads any number of them.

    Args:
        events: The calls.
        version: Of this program, named as the scope's.
    """
    scope = {"name": "packsight", "version": version}
    resource = {"attributes": [_attribute("service.name", "packsight")]}
    spans = [_span(event) for event in events]
    return json.dumps(
        {"resourceSpans": [{"resource": resource, "scopeSpans": [{"scope": scope, "spans": spans}]}]},
        separators=(",", ":"),
    )


def span_ids(event: Event) -> tuple[str, str]:
    """Trace and span of a call in hexadecimal, the same whenever it is written: a collector knows it again."""
    digest = hashlib.blake2b(
        f"{event.source}\0{event.dedupe_key}".encode("utf-8", "replace"), digest_size=24
    ).hexdigest()
    return digest[:32], digest[32:]


def span_times_ns(event: Event) -> tuple[int, int]:
    """Begin and end of a call, nanoseconds since 1970; equal where nobody measured how long it took."""
    began_ns = to_us(event.timestamp) * 1000
    took = datetime.timedelta(seconds=event.duration_s or 0)
    return began_ns, began_ns + took // datetime.timedelta(microseconds=1) * 1000


def _span(event: Event) -> dict[str, object]:
    (trace, span), (began_ns, ended_ns) = span_ids(event), span_times_ns(event)
    return {
        "traceId": trace,
        "spanId": span,
        "name": f"chat {event.model}".strip(),
        "kind": 3,
        "startTimeUnixNano": str(began_ns),
        "endTimeUnixNano": str(ended_ns),
        "attributes": [_attribute(name, value) for name, value in span_attributes(event)],
        "status": {"code": _OK if event.success else _ERROR},
    }


def span_attributes(event: Event) -> list[tuple[str, object]]:
    """Names and values of a call, those that are known: counts, names and decisions, never a text."""
    return [(name, value) for name, value in _attributes(event) if value not in (None, "", [])]


def _attributes(event: Event) -> list[tuple[str, object]]:
    finish = event.stop_reason or ("" if event.finish is Finish.UNKNOWN else event.finish.value)
    return [
        ("gen_ai.operation.name", "chat"),
        ("gen_ai.provider.name", _PROVIDERS.get(event.provider, event.provider)),
        ("gen_ai.request.model", event.model),
        ("gen_ai.request.max_tokens", event.actual_max_tokens if event.ceiling_source.is_measured else None),
        ("gen_ai.request.reasoning.level", event.effort),
        ("gen_ai.response.id", event.response_id),
        ("gen_ai.response.finish_reasons", [finish] if finish else []),
        ("gen_ai.conversation.id", event.session_id),
        ("gen_ai.usage.input_tokens", event.prompt_tokens),
        ("gen_ai.usage.output_tokens", event.actual_output_tokens),
        ("gen_ai.usage.reasoning.output_tokens", event.reasoning_tokens),
        ("gen_ai.usage.cache_read.input_tokens", event.cached_tokens),
        ("gen_ai.usage.cache_write.input_tokens", event.cache_write_tokens),
        ("packsight.category", event.category),
        ("packsight.complexity", event.complexity),
        ("packsight.mode", event.mode),
        ("packsight.predicted_output_tokens", event.predicted_output_tokens),
        ("packsight.selected_budget", event.selected_budget),
        ("packsight.actual_max_tokens", event.actual_max_tokens),
        ("packsight.ceiling_source", event.ceiling_source.value),
        ("packsight.hard_cap_tokens", event.hard_cap_tokens),
        ("packsight.attempt", event.attempt),
        ("packsight.estimator_version", event.estimator_version),
        ("packsight.outcome", event.outcome.value),
        ("packsight.source", event.source),
        ("packsight.dedupe_key", event.dedupe_key),
        ("packsight.cost_usd", None if event.cost_usd is None else float(event.cost_usd)),
    ]


def _attribute(key: str, value: object) -> dict[str, object]:
    return {"key": key, "value": _value(value)}


def _value(value: object) -> dict[str, object]:
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, int):
        return {"intValue": str(value)}
    if isinstance(value, float):
        return {"doubleValue": value}
    if isinstance(value, list):
        return {"arrayValue": {"values": [_value(one) for one in value]}}
    return {"stringValue": str(value).encode("utf-8", "replace").decode("utf-8")}
