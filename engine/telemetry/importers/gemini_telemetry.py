"""Gemini CLI's telemetry file (``telemetry.outfile``): pretty-printed objects one after another.

A reply is two records with one ``event.timestamp``: the program's own, which has the thoughts, and OpenTelemetry's,
which has the ceiling that was asked for, the response id and the finish reasons, and counts output without thoughts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from engine.telemetry.event import Event
from engine.telemetry.importers.bad_line import Unusable
from engine.telemetry.importers.by_record import by_record
from engine.telemetry.importers.importer import Importer
from engine.telemetry.importers.usage import settle
from engine.telemetry.importers.values import count, digest, first_count, first_word, mapping, moment, number, word
from engine.telemetry.importers.words import finish_of, truncated_by
from engine.telemetry.words import CeilingSource

SOURCE = "gemini-telemetry"
_REPLY = "gemini_cli.api_response"
_DETAILS = "gen_ai.client.inference.operation.details"
_KEPT = (
    "event.timestamp", "session.id", "model", "duration_ms", "input_token_count", "output_token_count",
    "cached_content_token_count", "thoughts_token_count", "tool_token_count", "total_token_count", "prompt_id",
)  # fmt: skip


def parse(record: Mapping[str, object], memory: dict[str, object]) -> Iterator[Event]:
    """Yield the event of a reply once its second record, or the next reply, is there."""
    found = mapping(record.get("attributes"))
    name = found.get("event.name")
    if name == _REPLY:
        yield from rest(memory)
        memory["reply"] = {kept: found[kept] for kept in _KEPT if isinstance(found.get(kept), str | int | float)}
        reasons = found.get("finish_reasons")
        memory["ended"] = [word(reason) for reason in reasons[:4]] if isinstance(reasons, list) else []
    elif name == _DETAILS:
        reply = mapping(memory.get("reply"))
        if reply.get("event.timestamp") != found.get("event.timestamp"):
            yield from rest(memory)
            reply = {}
        memory.clear()
        if reply or first_count(found, "gen_ai.usage.output_tokens") is not None:
            yield _event(reply, found)


def rest(memory: dict[str, object]) -> Iterator[Event]:
    """Yield the event of a reply that has no second record."""
    reply, ended = mapping(memory.pop("reply", None)), memory.pop("ended", None)
    if reply:
        yield _event(reply, {"gen_ai.response.finish_reasons": ended})


def claims(record: Mapping[str, object]) -> bool:
    """Whether an object is a record of Gemini CLI's: a log record, a span or metrics of its exporters."""
    found = mapping(record.get("attributes"))
    name = found.get("event.name")
    if isinstance(name, str) and (name.startswith("gemini_cli.") or name == _DETAILS):
        return "hrTime" in record or "_body" in record or "body" in record or "instrumentationScope" in record
    resource = mapping(
        mapping(record.get("resource")).get("attributes") or mapping(record.get("resource")).get("_rawAttributes")
    )
    return resource.get("service.name") == "gemini-cli"


def locations(environment: Mapping[str, str], home: Path) -> tuple[Path, ...]:
    """Return the file that ``GEMINI_TELEMETRY_OUTFILE`` names."""
    named = environment.get("GEMINI_TELEMETRY_OUTFILE")
    return (Path(named).expanduser(),) if named else ()


IMPORTER = Importer(SOURCE, "Gemini CLI telemetry", claims, locations, by_record(parse, rest))


def _event(reply: Mapping[str, object], details: Mapping[str, object]) -> Event:
    written = reply.get("event.timestamp", details.get("event.timestamp"))
    happened = moment(written)
    if happened is None:
        raise Unusable("no usable event.timestamp")
    output = first_count({**details, **reply}, "output_token_count", "gen_ai.usage.output_tokens")
    if output is None:
        raise Unusable("output_token_count is no count")
    prompt, tool = (
        first_count({**details, **reply}, "input_token_count", "gen_ai.usage.input_tokens"),
        count(reply.get("tool_token_count")),
    )
    usage = settle(
        prompt=None if prompt is None else prompt + (tool or 0),
        output=output,
        cached=count(reply.get("cached_content_token_count")),
        reasoning=count(reply.get("thoughts_token_count")),
        total=count(reply.get("total_token_count")),
        reasoning_inside=False,
    )
    reasons = details.get("gen_ai.response.finish_reasons")
    raw = word(reasons[0]) if isinstance(reasons, list) and reasons else word(reasons)
    finish, ceiling = finish_of(raw), first_count(details, "gen_ai.request.max_tokens")
    model = first_word({**details, **reply}, "model", "gen_ai.request.model", "gen_ai.response.model")
    lasted, session = number(reply.get("duration_ms")), first_word({**details, **reply}, "session.id")
    return Event(
        timestamp=happened,
        source=SOURCE,
        dedupe_key=digest(session, written, model),
        provider="gemini",
        model=model,
        actual_max_tokens=ceiling,
        ceiling_source=CeilingSource.UNKNOWN if ceiling is None else CeilingSource.IMPORTED,
        actual_output_tokens=usage.output,
        reasoning_tokens=usage.reasoning,
        prompt_tokens=usage.prompt,
        cached_tokens=usage.cached,
        complete=bool(reply),
        truncated=truncated_by(finish),
        finish=finish,
        stop_reason=raw,
        session_id=session,
        request_id=first_word(reply, "prompt_id"),
        response_id=first_word(details, "gen_ai.response.id"),
        duration_s=lasted / 1000 if lasted is not None and lasted >= 0 else None,
    )
