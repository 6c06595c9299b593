"""LiteLLM, Langfuse and ``llm``: what they log of a request and its reply."""

from __future__ import annotations

import csv
import json
import sqlite3
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest

from engine.telemetry import Event, Finish, impossible
from engine.telemetry.importers import detect, import_all
from engine.telemetry.importers.langfuse import IMPORTER as LANGFUSE
from engine.telemetry.importers.litellm import IMPORTER as LITELLM
from engine.telemetry.importers.llm_db import IMPORTER as LLM
from tests.engine.telemetry.importers import logs


def _one(path: Path) -> Event:
    importer = detect(path)
    assert importer is not None
    events, bad, _ = logs.read(importer, path)
    assert not bad
    (event,) = events
    assert impossible(event) is None
    return event


def _csv(path: Path, row: logs.Json) -> Path:
    with open(path, "w", newline="") as table:
        rows = csv.writer(table)
        rows.writerow(row)
        rows.writerow([json.dumps(value) if isinstance(value, dict | list) else value for value in row.values()])
    return path


@pytest.mark.parametrize(
    "wrap", [lambda one: one, lambda one: {"standard_logging_object": one}, lambda one: {"payload": one}]
)
def test_a_logging_payload_says_ceiling_truncation_and_cost(tmp_path: Path, wrap: object) -> None:
    assert callable(wrap)
    path = logs.write(tmp_path / "l.jsonl", [wrap(logs.LITELLM)])
    assert detect(path) is LITELLM
    event = _one(path)
    assert (event.dedupe_key, event.model, event.provider) == ("chatcmpl-1", "gpt-6.1-sol", "openai")
    assert (event.actual_max_tokens, event.actual_output_tokens, event.truncated) == (4096, 4096, True)
    assert (event.category, event.complexity) == ("docs", "low")
    assert event.cost_usd == Decimal("0.0426")
    assert event.duration_s == pytest.approx(7.6)


def test_spend_logs_from_json_and_csv_are_the_same(tmp_path: Path) -> None:
    document = tmp_path / "spend.json"
    document.write_text(json.dumps([logs.SPEND, logs.SPEND | {"call_type": "aembedding"}]))
    events = {_one(document), _one(_csv(tmp_path / "spend.csv", logs.SPEND))}
    (event,) = events
    assert (event.prompt_tokens, event.cached_tokens, event.actual_max_tokens) == (20, 5, 64)
    assert event.timestamp.isoformat() == "2026-11-20T10:00:00.123000+00:00"
    assert event.truncated is None


def test_a_failed_call_is_told_as_one(tmp_path: Path) -> None:
    failed = logs.LITELLM | {"status": "failure", "completion_tokens": 0, "response": None}
    event = _one(logs.write(tmp_path / "l.jsonl", [failed]))
    assert (event.success, event.finish, event.truncated) == (False, Finish.ERROR, None)


def test_kinds_of_tokens_are_added_up(tmp_path: Path) -> None:
    path = logs.write(tmp_path / "o.jsonl", [logs.LANGFUSE, logs.LANGFUSE | {"type": "SPAN", "id": "o2"}])
    assert detect(path) is LANGFUSE
    event = _one(path)
    assert (event.prompt_tokens, event.cached_tokens) == (812, 12)
    assert (event.actual_output_tokens, event.reasoning_tokens) == (640, 40)
    assert (event.actual_max_tokens, event.finish, event.cost_usd) == (4096, Finish.STOP, Decimal("0.01"))


def test_a_total_that_holds_the_details_already_is_right(tmp_path: Path) -> None:
    inside = {"input": 812, "input_cached_tokens": 12, "output": 640, "output_reasoning_tokens": 40, "total": 1452}
    event = _one(logs.write(tmp_path / "o.jsonl", [logs.LANGFUSE | {"usageDetails": inside}]))
    assert (event.prompt_tokens, event.actual_output_tokens) == (812, 640)


def test_observations_from_every_export(tmp_path: Path) -> None:
    renamed = {
        "traceId": "trace_id", "startTime": "start_time", "endTime": "end_time", "modelParameters": "model_parameters",
        "usageDetails": "usage_details", "costDetails": "cost_details",
    }  # fmt: skip
    snake = {renamed.get(name, name): value for name, value in logs.LANGFUSE.items()}
    snake |= {"start_time": "2026-11-20 10:00:00.000000", "end_time": "2026-11-20 10:00:03.000000"}
    api, trace, array = tmp_path / "api.json", tmp_path / "trace.json", tmp_path / "array.json"
    api.write_text(json.dumps({"data": [logs.LANGFUSE], "meta": {"page": 1}}))
    trace.write_text(json.dumps({"id": "t1", "observations": [logs.LANGFUSE]}))
    array.write_text(json.dumps([logs.LANGFUSE], indent=1))
    paths = [api, trace, array, logs.write(tmp_path / "blob.jsonl", [snake]), _csv(tmp_path / "ui.csv", snake)]
    assert len({_one(path) for path in paths}) == 1


def test_usage_of_older_servers_and_of_characters(tmp_path: Path) -> None:
    old = {name: value for name, value in logs.LANGFUSE.items() if name != "usageDetails"}
    tokens = old | {"usage": {"promptTokens": 8, "completionTokens": 9, "totalTokens": 17}}
    letters = old | {"id": "o3", "usage": {"input": 8, "output": 9, "unit": "CHARACTERS"}}
    events, bad, _ = logs.read(LANGFUSE, logs.write(tmp_path / "o.jsonl", [tokens, letters]))
    assert [(event.prompt_tokens, event.actual_output_tokens) for event in events] == [(8, 9)]
    assert len(bad) == 1


@pytest.mark.parametrize("table", ["turns", "responses"])
def test_the_database_of_llm(tmp_path: Path, table: str) -> None:
    path = logs.llm_db(tmp_path / "anything", [logs.LLM, logs.LLM | {"id": "02", "output_tokens": None}], table)
    before = path.read_bytes()
    assert detect(path) is LLM
    event = _one(path)
    assert (event.dedupe_key, event.actual_max_tokens, event.actual_output_tokens) == ("01j", 512, 512)
    assert (event.truncated, event.reasoning_tokens, event.duration_s) == (True, 12, 0.9)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_only_new_rows_are_read(tmp_path: Path) -> None:
    path = logs.llm_db(tmp_path / "logs.db", [logs.LLM | {"id": f"{number:03}"} for number in range(20)])
    places: dict[tuple[str, str], object] = {}
    store = logs.Store()
    assert import_all([path], store.write, places=places).new == 20  # type: ignore[arg-type]
    logs.llm_db(path, [logs.LLM | {"id": "new"}])
    totals = import_all([path], store.write, places=places)  # type: ignore[arg-type]
    assert (totals.read, totals.new) == (1, 1)
    assert import_all([path], store.write, places=places).unchanged_files == 1  # type: ignore[arg-type]


def test_rows_that_cannot_be_used_and_views_that_pretend(tmp_path: Path) -> None:
    rows = [
        logs.LLM | {"output_tokens": "lots"}, logs.LLM | {"id": "2", "datetime_utc": b"\xff\xfe"},
        logs.LLM | {"id": "3", "options_json": "{" * 5000, "token_details": "[]", "response_json": "nope"},
    ]  # fmt: skip
    path = logs.llm_db(tmp_path / "logs.db", rows)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            "CREATE VIEW responses AS WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n) "
            "SELECT id, 'm' AS model, 1 AS output_tokens, '2026-01-01' AS datetime_utc FROM n"
        )
    events, bad, _ = logs.read(LLM, path)
    assert ([event.dedupe_key for event in events], len(bad)) == (["3"], 2)


def test_a_damaged_database_is_one_bad_file(tmp_path: Path) -> None:
    path = logs.llm_db(tmp_path / "logs.db", [logs.LLM | {"id": str(number)} for number in range(500)])
    data = bytearray(path.read_bytes())
    data[4096:] = b"\x55" * (len(data) - 4096)
    path.write_bytes(data)
    events, bad, _ = logs.read(LLM, path)
    assert (events, len(bad)) == ([], 1)
