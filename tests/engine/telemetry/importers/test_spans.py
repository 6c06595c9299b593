"""OpenTelemetry GenAI and Phoenix: attributes under old and new names, however they are wrapped."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.telemetry import CeilingSource, Event, Finish, impossible
from engine.telemetry.importers import detect, import_all
from engine.telemetry.importers.otlp import IMPORTER as OTLP
from engine.telemetry.importers.phoenix import IMPORTER as PHOENIX
from tests.engine.telemetry.importers import logs


def _one(path: Path) -> Event:
    importer = detect(path)
    assert importer is not None
    events, bad, _ = logs.read(importer, path)
    assert not bad
    (event,) = events
    assert impossible(event) is None
    return event


def test_a_span_says_ceiling_truncation_and_all_tokens(tmp_path: Path) -> None:
    event = _one(logs.write(tmp_path / "spans.jsonl", [logs.otlp(logs.GENAI)]))
    assert (event.source, event.dedupe_key, event.provider, event.model) == (
        "otlp",
        "chatcmpl-1",
        "openai",
        "gpt-6.1-sol",
    )
    assert (event.actual_max_tokens, event.ceiling_source) == (4096, CeilingSource.IMPORTED)
    assert (event.truncated, event.finish, event.stop_reason) == (True, Finish.LENGTH, "length")
    assert (event.prompt_tokens, event.actual_output_tokens, event.reasoning_tokens) == (812, 4096, 310)
    assert event.timestamp == datetime(2026, 11, 21, 22, 54, 13, 434674, tzinfo=UTC)
    assert event.duration_s == pytest.approx(2.0)


def test_old_names_mean_the_same(tmp_path: Path) -> None:
    old = {
        "gen_ai.system": "anthropic", "gen_ai.request.model": "claude-opus-5-5", "gen_ai.usage.prompt_tokens": "20",
        "gen_ai.usage.completion_tokens": "10", "gen_ai.request.max_tokens": "64",
        "gen_ai.usage.cache_creation_input_tokens": 3, "gen_ai.usage.cache_read_input_tokens": 4,
        "gen_ai.response.finish_reasons": '["end_turn"]',
    }  # fmt: skip
    event = _one(logs.write(tmp_path / "spans.jsonl", [logs.otlp(old)]))
    assert (event.provider, event.prompt_tokens, event.actual_output_tokens, event.actual_max_tokens) == (
        "anthropic",
        20,
        10,
        64,
    )
    assert (event.cached_tokens, event.cache_write_tokens, event.finish) == (4, 3, Finish.STOP)
    assert event.dedupe_key == "601003c394428bf6a57092bdee1874c2:d297e160d42f5d02"


def test_a_span_and_an_event_of_one_response_are_one_call(tmp_path: Path) -> None:
    without = {name: value for name, value in logs.GENAI.items() if name != "gen_ai.request.max_tokens"}
    lines = [logs.otlp(without), logs.otlp(logs.GENAI, root="resourceLogs")]
    store = logs.Store()
    totals = import_all([logs.write(tmp_path / "o.jsonl", lines)], store.write)
    assert (totals.read, totals.new, totals.unchanged) == (2, 1, 1)
    assert [event.actual_max_tokens for event in store.events.values()] == [4096]


def test_agents_tools_and_embeddings_are_no_calls(tmp_path: Path) -> None:
    names = ("invoke_agent", "execute_tool", "embeddings")
    lines = [logs.otlp(logs.GENAI | {"gen_ai.operation.name": name}) for name in names]
    assert logs.read(OTLP, logs.write(tmp_path / "o.jsonl", lines))[0] == []


def test_a_failed_call_has_no_output(tmp_path: Path) -> None:
    failed = {"gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt-5", "error.type": "timeout"}
    event = _one(logs.write(tmp_path / "o.jsonl", [logs.otlp(failed)]))
    assert (event.success, event.finish, event.actual_output_tokens) == (False, Finish.ERROR, None)


def test_a_whole_document_is_read_like_lines(tmp_path: Path) -> None:
    path = tmp_path / "o.json"
    path.write_text(json.dumps(logs.otlp(logs.GENAI), indent=4))
    assert _one(path).actual_output_tokens == 4096


def test_a_span_that_cannot_be_used_does_not_hide_its_neighbours(tmp_path: Path) -> None:
    export = logs.otlp(logs.GENAI | {"gen_ai.usage.output_tokens": "many"})
    good = logs.otlp(logs.GENAI)
    export["resourceSpans"] = [*export["resourceSpans"], *good["resourceSpans"]]  # type: ignore[misc]
    events, bad, _ = logs.read(OTLP, logs.write(tmp_path / "o.jsonl", [export]))
    assert (len(events), [one.line for one in bad]) == (1, [1])


def test_records_with_flat_attributes_are_read(tmp_path: Path) -> None:
    record = {"traceId": "t", "spanId": "s", "startTime": [1795301653, 434674360], "attributes": logs.GENAI}
    assert _one(logs.write(tmp_path / "copilot.jsonl", [record])).timestamp.year == 2026


def test_phoenix_spans_in_every_export(tmp_path: Path) -> None:
    attributes = logs.PHOENIX["attributes"]
    assert isinstance(attributes, dict)
    rest = {name: value for name, value in logs.PHOENIX.items() if name not in ("attributes", "context")}
    flat = rest | {"context.span_id": "s1", "context.trace_id": "t"}
    flat |= {f"attributes.{name}": value for name, value in attributes.items()}
    nested = logs.PHOENIX | {
        "attributes": {
            "llm": {
                "model_name": "gpt-6.1-sol", "provider": "openai", "finish_reason": "stop",
                "invocation_parameters": '{"max_completion_tokens": 4096}',
                "token_count": {"prompt": 812, "completion": 640, "completion_details": {"reasoning": 100}},
            },
        },
    }  # fmt: skip
    paths = [
        logs.write(tmp_path / "api.jsonl", [logs.PHOENIX]), logs.write(tmp_path / "frame.jsonl", [flat]),
        logs.write(tmp_path / "nested.jsonl", [nested]), tmp_path / "data.json", tmp_path / "frame.csv",
    ]  # fmt: skip
    paths[3].write_text(json.dumps({"data": [logs.PHOENIX], "next_cursor": None}))
    with open(paths[4], "w", newline="") as table:
        rows = csv.DictWriter(table, list(flat))
        rows.writeheader()
        rows.writerow(flat)
    events = [_one(path) for path in paths]
    assert {detect(path) for path in paths} == {PHOENIX}
    assert len(set(events)) == 1
    event = events[0]
    assert (event.dedupe_key, event.actual_max_tokens, event.actual_output_tokens) == ("t:s1", 4096, 640)
    assert (event.truncated, event.reasoning_tokens, event.duration_s) == (False, 100, 4.0)


def test_phoenix_chains_and_tools_are_no_calls(tmp_path: Path) -> None:
    chain = logs.PHOENIX | {"span_kind": "CHAIN", "attributes": {"llm.token_count.completion": 5}}
    assert logs.read(PHOENIX, logs.write(tmp_path / "p.jsonl", [chain]))[0] == []
