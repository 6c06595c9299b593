"""Calls as spans of the SDK: the attributes of ``engine.telemetry.otlp``, in the objects that exporters take."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExportResult
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import SpanContext, SpanKind, Status, StatusCode, TraceFlags

from engine import __version__
from engine.telemetry.event import Event
from engine.telemetry.otlp import span_attributes, span_ids, span_times_ns

if TYPE_CHECKING:
    import requests
    from opentelemetry.util.types import AttributeValue

RESOURCE = Resource({"service.name": "packsight", "service.version": __version__})
SCOPE = InstrumentationScope("packsight", __version__)

_ALSO = {"gen_ai.usage.cache_write.input_tokens": "gen_ai.usage.cache_creation.input_tokens"}
"""Attributes that the conventions renamed; collectors of both generations find theirs."""


def span_sender(url: str, session: requests.Session, timeout_s: float) -> Callable[[Sequence[Event]], bool]:
    """Make what sends calls as spans; it returns whether the collector took them."""
    exporter = OTLPSpanExporter(endpoint=url, session=session, timeout=timeout_s)

    def send(events: Sequence[Event]) -> bool:
        return exporter.export([span_of(event) for event in events]) is SpanExportResult.SUCCESS

    return send


def span_of(event: Event) -> ReadableSpan:
    """Return the span of a call; the same call gives the same ids."""
    (trace, span), (began_ns, ended_ns) = span_ids(event), span_times_ns(event)
    failed = {} if event.success else {"error.type": error_type(event)}
    return ReadableSpan(
        name=f"chat {event.model}".strip(),
        context=SpanContext(int(trace, 16), int(span, 16), is_remote=False, trace_flags=TraceFlags(TraceFlags.SAMPLED)),
        resource=RESOURCE,
        attributes={**_attributes(event), **failed},
        kind=SpanKind.CLIENT,
        status=Status(StatusCode.OK if event.success else StatusCode.ERROR),
        start_time=began_ns,
        end_time=ended_ns,
        instrumentation_scope=SCOPE,
    )


def error_type(event: Event) -> str:
    """Return the low-cardinality name of a failure."""
    return event.finish.value if event.stop_reason == "" else _text(event.stop_reason)[:60]


def _attributes(event: Event) -> dict[str, AttributeValue]:
    found: dict[str, AttributeValue] = {}
    for name, value in span_attributes(event):
        settled: AttributeValue
        if isinstance(value, bool | int | float):
            settled = value
        elif isinstance(value, list):
            settled = [_text(str(one)) for one in value]
        else:
            settled = _text(str(value))
        found[name] = settled
        if name in _ALSO:
            found[_ALSO[name]] = settled
    return found


def _text(value: str) -> str:
    """Without what UTF-8 cannot hold; protobuf would refuse the whole batch for it."""
    return value.encode("utf-8", "replace").decode("utf-8")
