"""OTLP as JSON: the lists and typed values that spans and log records are wrapped in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.telemetry.importers.values import mapping

_ROOTS = (
    (("resourceSpans", "resource_spans"), ("scopeSpans", "scope_spans", "instrumentationLibrarySpans"), "spans"),
    (("resourceLogs", "resource_logs"), ("scopeLogs", "scope_logs", "instrumentationLibraryLogs"), "logRecords"),
)
_WANTED = ("gen_ai.", "llm.", "openinference.", "session.", "error.", "event.", "packsight.")


@dataclass(frozen=True, slots=True)
class Signal:
    """A span, or an event written as a log record."""

    body: Mapping[str, object]
    """The span or record itself."""
    attributes: Mapping[str, object]
    """Its attributes with plain values, those about calls of models."""
    is_span: bool


def signals(record: Mapping[str, object]) -> Iterator[Signal]:
    """Yield the spans and log records of an export."""
    for roots, scopes, leaf in _ROOTS:
        for resource in _every(record, roots):
            for scope in _every(resource, scopes):
                for body in _every(scope, (leaf, "log_records")):
                    yield Signal(body, attributes(body.get("attributes")), leaf == "spans")


def attributes(found: object) -> dict[str, object]:
    """Return attributes as a plain mapping, from OTLP's list of typed values or from an object."""
    if isinstance(found, dict):
        return {name: value for name, value in found.items() if name.startswith(_WANTED)}
    if not isinstance(found, list):
        return {}
    plain = {}
    for pair in found:
        if isinstance(pair, dict) and isinstance(name := pair.get("key"), str) and name.startswith(_WANTED):
            plain[name] = _plain(pair.get("value"))
    return plain


def _plain(value: object) -> object:
    typed = mapping(value)
    for kind in ("stringValue", "intValue", "doubleValue", "boolValue"):
        if kind in typed:
            return typed[kind]
    values = mapping(typed.get("arrayValue")).get("values")
    return (
        [_plain(one) for one in values if isinstance(one, dict) and "arrayValue" not in one]
        if isinstance(values, list)
        else None
    )


def _every(parent: Mapping[str, object], names: tuple[str, ...]) -> Iterator[Mapping[str, object]]:
    for name in names:
        children = parent.get(name)
        if isinstance(children, list):
            yield from (child for child in children if isinstance(child, dict))
