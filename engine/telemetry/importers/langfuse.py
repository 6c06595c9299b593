"""Langfuse: generations exported from its tables, API or blob storage, as JSON, JSON lines or CSV."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.telemetry.event import Event
from engine.telemetry.importers.bad_line import Unusable
from engine.telemetry.importers.by_record import by_record
from engine.telemetry.importers.importer import Importer, nowhere
from engine.telemetry.importers.replies import ceiling_of, ending_of
from engine.telemetry.importers.tags import labels
from engine.telemetry.importers.usage import Usage, settle
from engine.telemetry.importers.values import count, first_count, first_word, key, mapping, moment, money, number
from engine.telemetry.importers.words import finish_of, provider_of, truncated_by
from engine.telemetry.words import CeilingSource, Finish

SOURCE = "langfuse"
_CALLS = frozenset({"GENERATION"})
_TRACE, _BEGUN = ("traceId", "trace_id"), ("startTime", "start_time")
_COUNTS = frozenset(
    {"usageDetails", "usage_details", "usage", "modelParameters", "model_parameters", "completionTokens"}
)
_INSIDE = frozenset({"input", "output", "total"})


def parse(record: Mapping[str, object], memory: dict[str, object]) -> Iterator[Event]:
    """Yield the event of an observation that is a generation, and those of a trace's nested observations."""
    nested = record.get("observations")
    if isinstance(nested, list):
        for observation in nested:
            if isinstance(observation, dict):
                yield from parse(observation, memory)
        return
    if first_word(record, "type").upper() not in _CALLS:
        return
    begun, ended = moment(_first(record, *_BEGUN)), moment(_first(record, "endTime", "end_time"))
    if begun is None:
        raise Unusable("no usable startTime")
    failed = first_word(record, "level").upper() == "ERROR"
    usage = usage_of(record)
    if usage.output is None and not failed:
        raise Unusable("no count of output tokens")
    metadata = mapping(record.get("metadata"))
    raw = (
        ending_of(metadata)
        or ending_of(mapping(metadata.get("attributes")))
        or ending_of(mapping(record.get("output")))
    )
    finish = finish_of(raw)
    ceiling = ceiling_of(mapping(_first(record, "modelParameters", "model_parameters")))
    model = first_word(record, "model", "providedModelName", "provided_model_name", "internalModel")
    costs = mapping(_first(record, "costDetails", "cost_details"))
    lasted = number(record.get("latency"))
    category, complexity = labels(record.get("tags"))
    yield Event(
        timestamp=begun,
        source=SOURCE,
        dedupe_key=key(record.get("id")),
        provider=provider_of("", model),
        model=model,
        category=category,
        complexity=complexity,
        actual_max_tokens=ceiling,
        ceiling_source=CeilingSource.UNKNOWN if ceiling is None else CeilingSource.IMPORTED,
        actual_output_tokens=usage.output,
        reasoning_tokens=usage.reasoning,
        prompt_tokens=usage.prompt,
        cached_tokens=usage.cached,
        cache_write_tokens=usage.cache_write,
        success=not (failed and not usage.output),
        truncated=truncated_by(finish),
        complete=ended is not None or failed,
        finish=Finish.ERROR if failed and finish is Finish.UNKNOWN else finish,
        stop_reason=raw,
        session_id=first_word(record, "sessionId", "session_id", *_TRACE),
        duration_s=(ended - begun).total_seconds() if ended and ended >= begun else lasted,
        cost_usd=money(costs.get("total")) or money(_first(record, "totalCost", "total_cost", "calculatedTotalCost")),
    )


def claims(record: Mapping[str, object]) -> bool:
    """Whether a record is an observation, or a trace with its observations."""
    nested = record.get("observations")
    if isinstance(nested, list) and nested and isinstance(nested[0], dict):
        record = nested[0]
    observed = any(name in record for name in _TRACE) and any(name in record for name in _BEGUN) and "type" in record
    return observed and bool(_COUNTS & record.keys())


IMPORTER = Importer(SOURCE, "Langfuse", claims, nowhere, by_record(parse))


def usage_of(record: Mapping[str, object]) -> Usage:
    """Return the tokens of an observation.

    ``usageDetails`` has a name for each kind of token, and the kinds are apart: ``input`` is without
    ``input_cached_tokens``, ``output`` without ``output_reasoning_tokens``; where the total says otherwise it is right.
    """
    counts = mapping(_first(record, "usageDetails", "usage_details"))
    if not counts:
        old = mapping(record.get("usage"))
        if first_word(old, "unit").upper() not in ("", "TOKENS"):
            return Usage(None, None, None, None, None)
        counts = {
            "input": first_count(old, "input", "promptTokens")
            or first_count(record, "promptTokens", "inputUsage", "input_usage"),
            "output": _known(first_count(old, "output", "completionTokens"), record),
            "total": first_count(old, "total", "totalTokens"),
        }
    return settle(
        prompt=count(counts.get("input")),
        output=count(counts.get("output")),
        cached=_sum(counts, "cache_read", "cached"),
        cache_write=_sum(counts, "cache_creation", "cache_write"),
        reasoning=_sum(counts, "reasoning", "thought"),
        total=count(counts.get("total")),
        cache_inside=False,
        reasoning_inside=False,
    )


def _known(found: int | None, record: Mapping[str, object]) -> int | None:
    return first_count(record, "completionTokens", "outputUsage", "output_usage") if found is None else found


def _sum(counts: Mapping[str, object], *parts: str) -> int | None:
    found = [
        counted
        for name, value in counts.items()
        if name not in _INSIDE and any(part in name for part in parts) and (counted := count(value)) is not None
    ]
    return sum(found) if found else None


def _first(record: Mapping[str, object], *names: str) -> object:
    return next((record[name] for name in names if record.get(name) not in (None, "")), None)
