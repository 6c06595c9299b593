"""OpenTelemetry GenAI: OTLP as JSON, spans and events, as the Collector and the SDKs' file exporters write it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from pathlib import Path

from engine.telemetry.event import Event
from engine.telemetry.importers.attributes import event_of, is_call
from engine.telemetry.importers.bad_line import Unusable
from engine.telemetry.importers.by_record import by_record
from engine.telemetry.importers.importer import Importer
from engine.telemetry.importers.otlp_json import Signal, attributes, signals
from engine.telemetry.importers.values import first_word, key, mapping, moment

SOURCE = "otlp"
_EXPORTS = frozenset({
    "resourceSpans", "resource_spans", "resourceLogs", "resource_logs", "resourceMetrics", "resource_metrics",
})  # fmt: skip
_STARTS = (
    "startTimeUnixNano",
    "start_time_unix_nano",
    "timeUnixNano",
    "time_unix_nano",
    "observedTimeUnixNano",
    "startTime",
    "timestamp",
)
_ENDS = ("endTimeUnixNano", "end_time_unix_nano", "endTime")


def parse(record: Mapping[str, object], memory: dict[str, object]) -> Iterator[Event]:
    """Yield an event for each call in an export; a call that cannot be used is told after the others."""
    problem: Unusable | None = None
    flat = record.get("attributes")
    if isinstance(flat, dict) and not _EXPORTS & record.keys():
        found: Iterator[Signal] = iter((Signal(record, attributes(flat), "spanId" in record),))
    else:
        found = signals(record)
    for signal in found:
        if not is_call(signal.attributes):
            continue
        try:
            yield _event(signal)
        except Unusable as reason:
            problem = reason
    if problem is not None:
        raise problem


def claims(record: Mapping[str, object]) -> bool:
    """Whether an object is an OTLP export, or a record with a flat object of GenAI attributes."""
    if _EXPORTS & record.keys():
        return True
    flat = record.get("attributes")
    return isinstance(flat, dict) and any(name.startswith("gen_ai.") for name in flat)


def locations(environment: Mapping[str, str], home: Path) -> tuple[Path, ...]:
    """Return where Copilot CLI's exporter writes; others write where their user says."""
    named = environment.get("COPILOT_OTEL_FILE_EXPORTER_PATH")
    return (*((Path(named).expanduser(),) if named else ()), home / ".copilot" / "otel")


IMPORTER = Importer(SOURCE, "OpenTelemetry GenAI", claims, locations, by_record(parse))


def _event(signal: Signal) -> Event:
    body = signal.body
    begun = next(filter(None, (_time(body.get(name)) for name in _STARTS)), None)
    ended = next(filter(None, (_time(body.get(name)) for name in _ENDS)), None)
    lasted = (ended - begun).total_seconds() if begun and ended and ended >= begun and signal.is_span else None
    trace, span = (key(first_word(body, *names)) for names in (("traceId", "trace_id"), ("spanId", "span_id")))
    status = mapping(body.get("status")).get("code")
    failed = status in (2, "2", "STATUS_CODE_ERROR", "ERROR")
    return event_of(
        signal.attributes, SOURCE, begun, place=f"{trace}:{span}" if span else "", duration_s=lasted, failed=failed
    )


def _time(value: object) -> datetime.datetime | None:
    """Also a pair of seconds and nanoseconds, as JavaScript's SDK keeps times."""
    if isinstance(value, list) and len(value) == 2:
        seconds, nanos = value
        if type(seconds) is int and type(nanos) is int and 0 <= nanos < 10**9:
            return moment(seconds + nanos / 1e9)
        return None
    return moment(value)
