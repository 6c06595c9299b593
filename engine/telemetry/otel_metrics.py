"""Calls as the two client metrics of the GenAI conventions: tokens and duration, as histograms.

Every batch is one delta: what it adds to the figures, with the boundaries that the conventions name. Collectors add up.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.sdk.metrics.export import (
    AggregationTemporality,
    Histogram,
    HistogramDataPoint,
    Metric,
    MetricExportResult,
    MetricsData,
    ResourceMetrics,
    ScopeMetrics,
)
from opentelemetry.semconv._incubating.metrics.gen_ai_metrics import (
    GEN_AI_CLIENT_OPERATION_DURATION,
    GEN_AI_CLIENT_TOKEN_USAGE,
)

from engine.telemetry.event import Event
from engine.telemetry.otel_spans import RESOURCE, SCOPE, error_type, span_of
from engine.telemetry.otlp import span_times_ns

if TYPE_CHECKING:
    import requests

Labels = tuple[tuple[str, str], ...]

TOKEN_BOUNDS = tuple(float(4**power) for power in range(14))
"""1, 4, 16, … 67,108,864 tokens."""
SECOND_BOUNDS = tuple(0.01 * 2**power for power in range(14))
"""0.01, 0.02, … 81.92 seconds."""
_LABELS = ("gen_ai.operation.name", "gen_ai.provider.name", "gen_ai.request.model")


def metric_sender(url: str, session: requests.Session, timeout_s: float) -> Callable[[Sequence[Event]], bool]:
    """Make what sends measurements of calls; it returns whether the collector took them."""
    exporter = OTLPMetricExporter(endpoint=url, session=session, timeout=timeout_s)

    def send(events: Sequence[Event]) -> bool:
        return exporter.export(metrics_of(events)) is MetricExportResult.SUCCESS

    return send


def metrics_of(events: Sequence[Event]) -> MetricsData:
    """Return what a batch adds to the figures; a count that nobody knows adds nothing."""
    tokens: dict[Labels, list[float]] = defaultdict(list)
    seconds: dict[Labels, list[float]] = defaultdict(list)
    for event in events:
        attributes = span_of(event).attributes or {}
        common = tuple((name, str(attributes[name])) for name in _LABELS if name in attributes)
        for kind, count in (("input", event.prompt_tokens), ("output", event.actual_output_tokens)):
            if count is not None:
                tokens[*common, ("gen_ai.token.type", kind)].append(count)
        if event.duration_s is not None:
            failed = () if event.success else (("error.type", error_type(event)),)
            seconds[*common, *failed].append(event.duration_s)
    times = [span_times_ns(event) for event in events]
    span_ns = (min(begun for begun, _ in times), max(ended for _, ended in times))
    metrics = [
        Metric(name, said, unit, Histogram(_points(found, bounds, span_ns), AggregationTemporality.DELTA))
        for name, said, unit, bounds, found in (
            (GEN_AI_CLIENT_TOKEN_USAGE, "Number of input and output tokens used.", "{token}", TOKEN_BOUNDS, tokens),
            (GEN_AI_CLIENT_OPERATION_DURATION, "GenAI operation duration.", "s", SECOND_BOUNDS, seconds),
        )
        if found
    ]
    scope = ScopeMetrics(SCOPE, metrics, "")
    return MetricsData([ResourceMetrics(RESOURCE, [scope], "")])


def _points(
    found: dict[Labels, list[float]], bounds: tuple[float, ...], span_ns: tuple[int, int]
) -> list[HistogramDataPoint]:
    return [
        HistogramDataPoint(
            attributes=dict(labels),
            start_time_unix_nano=span_ns[0],
            time_unix_nano=span_ns[1],
            count=len(values),
            sum=sum(values),
            bucket_counts=_buckets(values, bounds),
            explicit_bounds=bounds,
            min=min(values),
            max=max(values),
        )
        for labels, values in found.items()
    ]


def _buckets(values: Iterable[float], bounds: tuple[float, ...]) -> list[int]:
    """Count values by bucket; a value on a boundary belongs below it, as OTLP wants."""
    counts = [0] * (len(bounds) + 1)
    for value in values:
        counts[bisect_left(bounds, value)] += 1
    return counts
