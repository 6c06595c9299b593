"""LiteLLM: what its callbacks log (``StandardLoggingPayload``) and its proxy's ``LiteLLM_SpendLogs``, as JSON or CSV.

The ceiling and the finish reason are in a spend log only where the proxy was told to store requests and responses.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.telemetry.event import Event
from engine.telemetry.importers.bad_line import Unusable
from engine.telemetry.importers.by_record import by_record
from engine.telemetry.importers.importer import Importer, nowhere
from engine.telemetry.importers.replies import ceiling_of, ending_of
from engine.telemetry.importers.tags import labels
from engine.telemetry.importers.usage import settle
from engine.telemetry.importers.values import count, first_count, first_word, key, mapping, moment, money, number, word
from engine.telemetry.importers.words import finish_of, provider_of, truncated_by
from engine.telemetry.words import CeilingSource, Finish

SOURCE = "litellm"
_WRAPPED = ("standard_logging_object", "standard_logging_payload", "payload", "_source")
_CALL_TYPES = ("completion", "responses", "generate_content", "messages", "text_completion", "chat", "pass_through")
_OWN = frozenset({"litellm_call_id", "custom_llm_provider", "call_type", "model_group", "api_base"})


def parse(record: Mapping[str, object], memory: dict[str, object]) -> Iterator[Event]:
    """Yield the event of a call; embeddings, images and the like are passed over."""
    record = unwrapped(record)
    call_type = first_word(record, "call_type")
    if not any(name in record for name in ("completion_tokens", "total_tokens", "prompt_tokens", "status")):
        return
    if call_type and not any(kind in call_type for kind in _CALL_TYPES):
        return
    begun, ended = moment(record.get("startTime")), moment(record.get("endTime"))
    if begun is None:
        raise Unusable("no usable startTime")
    metadata, reply = mapping(record.get("metadata")), mapping(record.get("response"))
    failed = first_word(record, "status").casefold() in ("failure", "failed", "error")
    usage = _usage(record, metadata, reply)
    if usage.output is None and not failed:
        raise Unusable("completion_tokens is no count")
    raw = "" if failed else ending_of(reply)
    finish = Finish.ERROR if failed else finish_of(raw)
    ceiling = ceiling_of(mapping(record.get("model_parameters"))) or ceiling_of(
        mapping(record.get("proxy_server_request"))
    )
    model = first_word(record, "model", "model_group")
    category, complexity = labels(record.get("request_tags"))
    lasted = number(record.get("request_duration_ms"))
    yield Event(
        timestamp=begun,
        source=SOURCE,
        dedupe_key=next(filter(None, (key(record.get(name)) for name in ("request_id", "id", "litellm_call_id"))), ""),
        provider=provider_of(first_word(record, "custom_llm_provider"), model),
        model=model,
        category=category,
        complexity=complexity,
        effort=first_word(mapping(record.get("model_parameters")), "reasoning_effort"),
        actual_max_tokens=ceiling,
        ceiling_source=CeilingSource.UNKNOWN if ceiling is None else CeilingSource.IMPORTED,
        actual_output_tokens=usage.output,
        reasoning_tokens=usage.reasoning,
        prompt_tokens=usage.prompt,
        cached_tokens=usage.cached,
        cache_write_tokens=usage.cache_write,
        success=not failed,
        truncated=truncated_by(finish),
        finish=finish,
        stop_reason=raw,
        session_id=first_word(record, "session_id", "trace_id"),
        request_id=first_word(record, "litellm_call_id", "request_id"),
        response_id=word(reply.get("id")) or first_word(record, "id", "request_id"),
        duration_s=lasted / 1000 if lasted else (ended - begun).total_seconds() if ended and ended >= begun else None,
        cost_usd=money(record.get("response_cost", record.get("spend"))),
    )


def claims(record: Mapping[str, object]) -> bool:
    """Whether a record is a logging payload or a row of the spend logs."""
    record = unwrapped(record)
    return "startTime" in record and "model" in record and len(_OWN & record.keys()) >= 2


def unwrapped(record: Mapping[str, object]) -> Mapping[str, object]:
    """Return the payload of a record that some callback put it into."""
    if "startTime" in record:
        return record
    for outer in (record, mapping(record.get("kwargs"))):
        for name in _WRAPPED:
            inner = mapping(outer.get(name))
            if inner:
                return inner
    return record


IMPORTER = Importer(SOURCE, "LiteLLM", claims, nowhere, by_record(parse))


def _usage(record: Mapping[str, object], metadata: Mapping[str, object], reply: Mapping[str, object]):  # type: ignore[no-untyped-def]
    """The details are in the usage object, of the metadata or of the stored response."""
    counted = mapping(metadata.get("usage_object")) or mapping(reply.get("usage"))
    more = mapping(metadata.get("additional_usage_values"))
    prompt_details = mapping(counted.get("prompt_tokens_details") or counted.get("input_tokens_details"))
    output_details = mapping(counted.get("completion_tokens_details") or counted.get("output_tokens_details"))
    return settle(
        prompt=count(record.get("prompt_tokens")),
        output=count(record.get("completion_tokens")),
        cached=first_count({**prompt_details, **more, **counted}, "cache_read_input_tokens", "cached_tokens"),
        cache_write=first_count(
            {**prompt_details, **more, **counted}, "cache_creation_input_tokens", "cache_creation_tokens"
        ),
        reasoning=count(output_details.get("reasoning_tokens")),
        total=count(record.get("total_tokens")),
    )
