"""Logs made by code, in the shapes that the programs write."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from engine.telemetry import Event, Impossible, impossible
from engine.telemetry.importers import BadLine, Cursor, Importer

Json = dict[str, object]


def write(path: Path, lines: Iterable[object], end: str = "\n") -> Path:
    """Write a log of one JSON value a line; text is written as it is."""
    texts = [line if isinstance(line, str) else json.dumps(line, separators=(",", ":")) for line in lines]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(texts) + (end if texts else ""), encoding="utf-8")
    return path


def append(path: Path, text: str) -> None:
    with open(path, "a", encoding="utf-8") as log:
        log.write(text)


def line(value: object) -> str:
    return json.dumps(value, separators=(",", ":")) + "\n"


def read(importer: Importer, path: Path, since: Cursor | None = None) -> tuple[list[Event], list[BadLine], Cursor]:
    """Read a log to its end."""
    reading = importer.read(path, since)
    found = list(reading)
    events = [one for one in found if isinstance(one, Event)]
    return events, [one for one in found if isinstance(one, BadLine)], reading.cursor


@dataclass
class Store:
    """Keeps events as a database does: impossible ones refused, known ones replaced when the new one knows more."""

    events: dict[tuple[str, str], Event] = field(default_factory=dict)
    batches: list[int] = field(default_factory=list)

    def write(self, events: Sequence[Event]) -> Outcome:
        done = Outcome()
        self.batches.append(len(events))
        for event in events:
            reason = impossible(event)
            key = event.source, event.dedupe_key
            if reason is not None:
                done.refused[reason] = done.refused.get(reason, 0) + 1
            elif key not in self.events:
                self.events[key] = event
                done.added += 1
            elif _known(event) > _known(self.events[key]):
                self.events[key] = event
                done.updated += 1
            else:
                done.unchanged += 1
        return done

    @property
    def output(self) -> int:
        return sum(event.actual_output_tokens or 0 for event in self.events.values())


@dataclass
class Outcome:
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: dict[str | Impossible, int] = field(default_factory=dict)


def _known(event: Event) -> tuple[bool, int]:
    return event.complete, event.actual_output_tokens or 0


def claude(
    message: str = "msg_01",
    output: object = 860,
    stop: str | None = "tool_use",
    second: int = 1,
    *,
    request: str = "req_01",
    side: bool = False,
    uuid: str = "u1",
    text: str = "…",
    session: str = "11111111-2222-4333-8444-555555555555",
    **more: object,
) -> Json:
    """A line of Claude Code's about an answer."""
    usage = {
        "input_tokens": 3, "cache_creation_input_tokens": 900, "cache_read_input_tokens": 12000,
        "cache_creation": {"ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": 900}, "output_tokens": output,
        "output_tokens_details": {"thinking_tokens": 1}, "service_tier": "standard",
    }  # fmt: skip
    body = {
        "model": "claude-opus-5-5", "id": message, "type": "message", "role": "assistant",
        "content": [{"type": "text", "text": text}], "stop_reason": stop, "stop_sequence": None, "usage": usage,
    }  # fmt: skip
    return {
        "parentUuid": None, "isSidechain": side, "userType": "external", "cwd": "demo", "sessionId": session,
        "version": "2.1.280", "gitBranch": "main", "message": body, "requestId": request, "type": "assistant",
        "uuid": uuid, "timestamp": f"2026-11-20T10:00:{second:02}.000Z", "effort": "high",
    } | more  # fmt: skip


def claude_user(text: str = "do it", **more: object) -> Json:
    message = {"role": "user", "content": text}
    known = {
        "parentUuid": None,
        "isSidechain": False,
        "sessionId": "s",
        "type": "user",
        "message": message,
        "uuid": "u0",
    }
    return known | {"timestamp": "2026-11-20T10:00:00.000Z"} | more


def ceiling_error(parent: str, tokens: int = 32000, uuid: str = "e1") -> Json:
    """What Claude Code writes when an answer hit its ceiling."""
    text = f"API Error: Claude's response exceeded the {tokens} output token maximum. To configure this behavior, set …"
    made = claude(str(uuid) + "-message", 0, "stop_sequence", 9, uuid=uuid, text=text, isApiErrorMessage=True)
    message = made["message"]
    assert isinstance(message, dict)
    message["model"] = "<synthetic>"
    return made | {"parentUuid": parent}


def counts(inputs: int, output: int, cached: int = 0, reasoning: int = 0) -> Json:
    """A usage object of Codex's."""
    return {
        "input_tokens": inputs, "cached_input_tokens": cached, "output_tokens": output,
        "reasoning_output_tokens": reasoning, "total_tokens": inputs + output,
    }  # fmt: skip


def codex(kind: str, payload: Mapping[str, object], second: float = 1) -> Json:
    return {"timestamp": f"2026-11-20T11:{int(second // 60):02}:{second % 60:06.3f}Z", "type": kind, "payload": payload}


def codex_meta(name: str, second: float = 0, **more: object) -> Json:
    known = {"id": name, "cwd": "demo", "cli_version": "0.140.0", "model_provider": "openai"}
    return codex("session_meta", known | more, second)


def codex_count(total: Json | None, last: Json | None, second: float = 9) -> Json:
    info = None if total is None else {"total_token_usage": total, "last_token_usage": last}
    return codex("event_msg", {"type": "token_count", "info": info, "rate_limits": {}}, second)


def codex_record(response: object, usage: object, second: float = 9.1) -> Json:
    return codex("token_usage_record", {"thread_id": "t", "response_id": response, "usage": usage}, second)


CODEX_TURN = codex("turn_context", {"turn_id": "t1", "model": "gpt-6.1-sol", "effort": "high"}, 1)


def otlp(attributes: Mapping[str, object], span: str = "d297e160d42f5d02", root: str = "resourceSpans") -> Json:
    """An export of one span, or of one event where the root is logs."""
    pairs = [{"key": name, "value": _typed(value)} for name, value in attributes.items()]
    body: Json = {"traceId": "601003c394428bf6a57092bdee1874c2", "spanId": span, "attributes": pairs}
    if root == "resourceLogs":
        scopes = {"scope": {"name": "app"}, "logRecords": [body | {"timeUnixNano": "1795301653434674360"}]}
        return {root: [{"resource": {}, "scopeLogs": [scopes]}]}
    body |= {"name": "chat", "startTimeUnixNano": "1795301653434674360", "endTimeUnixNano": "1795301655434674360"}
    return {root: [{"resource": {}, "scopeSpans": [{"scope": {"name": "app"}, "spans": [body | {"status": {}}]}]}]}


def _typed(value: object) -> Json:
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, int):
        return {"intValue": str(value)}
    if isinstance(value, float):
        return {"doubleValue": value}
    if isinstance(value, list):
        return {"arrayValue": {"values": [_typed(one) for one in value]}}
    return {"stringValue": str(value)}


GENAI: Json = {
    "gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.request.model": "gpt-6.1-sol",
    "gen_ai.request.max_tokens": 4096, "gen_ai.usage.input_tokens": 812, "gen_ai.usage.output_tokens": 4096,
    "gen_ai.usage.reasoning.output_tokens": 310, "gen_ai.response.id": "chatcmpl-1",
    "gen_ai.response.finish_reasons": ["length"],
}  # fmt: skip

LITELLM: Json = {
    "id": "chatcmpl-1", "litellm_call_id": "call-1", "call_type": "acompletion", "status": "success",
    "custom_llm_provider": "openai", "model": "gpt-6.1-sol", "prompt_tokens": 812, "completion_tokens": 4096,
    "total_tokens": 4908, "startTime": 1795301653.4, "endTime": 1795301661.0, "model_parameters": {"max_tokens": 4096},
    "messages": [{"role": "user", "content": "SECRET"}],
    "response": {"choices": [{"finish_reason": "length", "message": {"content": "SECRET"}}]},
    "response_cost": 0.0426, "request_tags": ["category:docs", "complexity:low"], "metadata": {},
}  # fmt: skip

SPEND: Json = {
    "request_id": "chatcmpl-2", "call_type": "acompletion", "api_key": "hash", "spend": 0.002, "total_tokens": 30,
    "prompt_tokens": 20, "completion_tokens": 10, "startTime": "2026-11-20 10:00:00.123", "api_base": "",
    "endTime": "2026-11-20 10:00:02.123", "model": "claude-opus-5-5", "model_group": "opus",
    "custom_llm_provider": "anthropic", "metadata": '{"usage_object": {"cache_read_input_tokens": 5}}',
    "proxy_server_request": '{"max_tokens": 64}', "response": "{}", "status": "success",
}  # fmt: skip

LANGFUSE: Json = {
    "id": "o1", "traceId": "t1", "type": "GENERATION", "name": "call", "startTime": "2026-11-20T10:00:00Z",
    "endTime": "2026-11-20T10:00:03Z", "model": "claude-opus-5-5", "modelParameters": {"max_tokens": 4096},
    "input": "SECRET", "output": {"stop_reason": "end_turn", "content": "SECRET"},
    "usageDetails": {
        "input": 800, "input_cached_tokens": 12, "output": 600, "output_reasoning_tokens": 40, "total": 1452,
    },
    "costDetails": {"total": 0.01}, "level": "DEFAULT", "metadata": {},
}  # fmt: skip

PHOENIX: Json = {
    "name": "ChatCompletion", "span_kind": "LLM", "context": {"trace_id": "t", "span_id": "s1"},
    "start_time": "2026-11-20T10:00:00.000000+00:00", "end_time": "2026-11-20T10:00:04.000000+00:00",
    "status_code": "OK", "attributes": {
        "openinference.span.kind": "LLM", "llm.model_name": "gpt-6.1-sol", "llm.provider": "openai",
        "llm.invocation_parameters": '{"max_completion_tokens": 4096}', "llm.token_count.prompt": 812,
        "llm.token_count.completion": 640, "llm.token_count.completion_details.reasoning": 100,
        "llm.finish_reason": "stop", "llm.input_messages.0.message.content": "SECRET",
    },
}  # fmt: skip


def gemini(message: str, second: int, tokens: Json | None) -> Json:
    known = {"id": message, "timestamp": f"2026-11-20T12:00:{second:02}.000Z", "type": "gemini", "content": "SECRET"}
    return known | {"model": "gemini-3.8-flash"} | ({} if tokens is None else {"tokens": tokens})


GEMINI_HEAD: Json = {
    "sessionId": "s-1", "projectHash": "ab12", "startTime": "2026-11-20T12:00:00.000Z", "kind": "main",
    "lastUpdated": "2026-11-20T12:00:00.000Z",
}  # fmt: skip
GEMINI_TOKENS: Json = {"input": 15327, "output": 23, "cached": 11526, "thoughts": 919, "tool": 7, "total": 16276}


def gemini_records(second: int, ceiling: int | None = None) -> list[Json]:
    """The two records of a reply in Gemini CLI's telemetry file."""
    common = {"session.id": "s-1", "event.timestamp": f"2026-11-20T12:00:{second:02}.000Z"}
    reply = common | {
        "event.name": "gemini_cli.api_response", "model": "gemini-3.8-flash", "duration_ms": 1500,
        "input_token_count": 100, "output_token_count": 23, "cached_content_token_count": 40,
        "thoughts_token_count": 19, "tool_token_count": 0, "total_token_count": 142, "prompt_id": "p1",
        "response_text": "SECRET",
    }  # fmt: skip
    details = common | {
        "event.name": "gen_ai.client.inference.operation.details", "gen_ai.request.model": "gemini-3.8-flash",
        "gen_ai.response.id": f"r{second}", "gen_ai.response.finish_reasons": ["STOP"],
        "gen_ai.usage.input_tokens": 100, "gen_ai.usage.output_tokens": 23,
    } | ({} if ceiling is None else {"gen_ai.request.max_tokens": ceiling})  # fmt: skip
    return [{"hrTime": [1795301653, 0], "attributes": one, "_body": "…"} for one in (reply, details)]


def pretty(path: Path, objects: Iterable[object]) -> Path:
    """Write objects one after another as Gemini CLI's exporter does."""
    path.write_text("".join(json.dumps(one, indent=2) + "\n" for one in objects), encoding="utf-8")
    return path


def llm_db(path: Path, rows: Iterable[Mapping[str, object]], table: str = "turns") -> Path:
    """Write rows to a database of ``llm``'s."""
    columns = (
        "id", "thread_id", "model", "resolved_model", "options_json", "input_tokens", "output_tokens",
        "token_details", "duration_ms", "datetime_utc", "response_json",
    )  # fmt: skip
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"CREATE TABLE IF NOT EXISTS {table} ({', '.join(columns)}, PRIMARY KEY (id))")
        for row in rows:
            marks = ", ".join("?" * len(columns))
            connection.execute(f"INSERT INTO {table} VALUES ({marks})", [row.get(name) for name in columns])
    return path


LLM: Json = {
    "id": "01j", "thread_id": "th", "model": "gpt-6.1-sol", "options_json": '{"max_tokens": 512}', "input_tokens": 40,
    "output_tokens": 512, "token_details": '{"completion_tokens_details": {"reasoning_tokens": 12}}',
    "duration_ms": 900, "datetime_utc": "2026-11-20T10:00:00.123456", "response_json": '{"finish_reason": "length"}',
}  # fmt: skip

OWN: dict[str, object] = {
    "timestamp": "2026-11-20T10:00:00.000+00:00", "source": "packsight", "dedupe_key": "own-1", "provider": "openai",
    "model": "gpt-5.5", "actual_max_tokens": 4096, "ceiling_source": "sent", "actual_output_tokens": 900,
    "truncated": False, "outcome": "complete", "event_id": "7",
}  # fmt: skip
"""A line of ``telemetry export``."""
