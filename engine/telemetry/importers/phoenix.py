"""Arize Phoenix: spans exported as JSON, JSON lines or CSV, from its API or a data frame (OpenInference attributes)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.telemetry.event import Event
from engine.telemetry.importers.attributes import event_of, is_call
from engine.telemetry.importers.by_record import by_record
from engine.telemetry.importers.importer import Importer, nowhere
from engine.telemetry.importers.values import first_word, key, mapping, moment

SOURCE = "phoenix"
_PREFIX = "attributes."
_ROOTS = ("llm", "openinference", "session", "gen_ai", "error")
_DEEPEST = 6


def parse(record: Mapping[str, object], memory: dict[str, object]) -> Iterator[Event]:
    """Yield the event of a span, if it is a call of a model."""
    found = flat_attributes(record)
    kind = first_word(record, "span_kind", "spanKind")
    if kind and "openinference.span.kind" not in found:
        found["openinference.span.kind"] = kind
    if not is_call(found):
        return
    context = mapping(record.get("context"))
    begun, ended = moment(_first(record, "start_time", "startTime")), moment(_first(record, "end_time", "endTime"))
    trace = first_word(context, "trace_id", "traceId") or first_word(record, "context.trace_id", "trace_id")
    span = first_word(context, "span_id", "spanId") or first_word(record, "context.span_id", "span_id", "id")
    yield event_of(
        found,
        SOURCE,
        begun,
        place=f"{key(trace)}:{key(span)}" if span else "",
        duration_s=(ended - begun).total_seconds() if begun and ended and ended >= begun else None,
        failed=first_word(record, "status_code", "statusCode").upper() == "ERROR",
    )


def claims(record: Mapping[str, object]) -> bool:
    """Whether a record is a span with OpenInference attributes, nested, dotted, or a column each."""
    if any(name.startswith(("attributes.llm.", "attributes.openinference.")) for name in record):
        return True
    if "span_kind" in record and ("context" in record or "context.span_id" in record):
        return True
    found = record.get("attributes")
    if not isinstance(found, dict):
        return False
    return any(name.startswith(("llm.", "openinference.")) for name in found) or bool(
        {"llm", "openinference"} & found.keys()
    )


IMPORTER = Importer(SOURCE, "Arize Phoenix", claims, nowhere, by_record(parse))


def flat_attributes(record: Mapping[str, object]) -> dict[str, object]:
    """Return a span's attributes by their dotted names, however the export nests them."""
    flat: dict[str, object] = {}
    for name, value in record.items():
        if name.startswith(_PREFIX) and name[len(_PREFIX) :].partition(".")[0] in _ROOTS and value not in (None, ""):
            _flatten(name[len(_PREFIX) :], value, flat, _DEEPEST)
    for name, value in mapping(record.get("attributes")).items():
        if name.partition(".")[0] in _ROOTS:
            _flatten(name, value, flat, _DEEPEST)
    return flat


def _flatten(name: str, value: object, into: dict[str, object], depth: int) -> None:
    if not isinstance(value, dict) or depth == 0:
        into[name] = value
        return
    for part, inner in value.items():
        if isinstance(part, str):
            _flatten(f"{name}.{part}", inner, into, depth - 1)


def _first(record: Mapping[str, object], *names: str) -> object:
    return next((record[name] for name in names if record.get(name) is not None), None)
