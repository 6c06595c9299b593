"""Gemini CLI: chats, where the last account of a message counts, and its telemetry file of paired records."""

from __future__ import annotations

import json
from pathlib import Path

from engine.telemetry import Finish, impossible
from engine.telemetry.importers import detect, import_all
from engine.telemetry.importers.gemini_sessions import IMPORTER as CHATS
from engine.telemetry.importers.gemini_telemetry import IMPORTER as TELEMETRY
from tests.engine.telemetry.importers import logs


def test_a_chat_counts_thoughts_as_output_and_the_cache_as_input(tmp_path: Path) -> None:
    lines = [
        logs.GEMINI_HEAD, logs.gemini("m2", 9, None), logs.gemini("m2", 12, logs.GEMINI_TOKENS),
        {"$set": {"lastUpdated": "x"}}, {"$rewindTo": "m1"},
    ]  # fmt: skip
    path = logs.write(tmp_path / "session-1.jsonl", lines)
    events, bad, _ = logs.read(CHATS, path)
    assert not bad
    (event,) = events
    assert (event.actual_output_tokens, event.reasoning_tokens) == (23 + 919, 919)
    assert (event.prompt_tokens, event.cached_tokens) == (15327 + 7, 11526)
    assert (event.session_id, event.model, event.provider) == ("s-1", "gemini-3.8-flash", "gemini")
    assert impossible(event) is None
    assert detect(path) is CHATS


def test_a_total_that_counts_the_cache_beside_the_input_says_so(tmp_path: Path) -> None:
    tokens: logs.Json = {"input": 100, "output": 20, "cached": 60, "thoughts": 5, "tool": 0, "total": 185}
    (event,) = logs.read(CHATS, logs.write(tmp_path / "s.jsonl", [logs.GEMINI_HEAD, logs.gemini("m", 1, tokens)]))[0]
    assert (event.prompt_tokens, event.actual_output_tokens) == (160, 25)


def test_older_chats_are_one_document(tmp_path: Path) -> None:
    path = tmp_path / "session-1.json"
    messages = [
        logs.gemini("m1", 1, logs.GEMINI_TOKENS),
        "odd",
        logs.gemini("m2", 2, logs.GEMINI_TOKENS | {"output": "?"}),
    ]
    path.write_text(json.dumps(logs.GEMINI_HEAD | {"messages": messages}, indent=2))
    assert detect(path) is CHATS
    events, bad, _ = logs.read(CHATS, path)
    assert [event.dedupe_key for event in events] == ["s-1:m1"]
    assert len(bad) == 1


def test_the_session_is_known_when_reading_goes_on(tmp_path: Path) -> None:
    path = logs.write(tmp_path / "s.jsonl", [logs.GEMINI_HEAD, logs.gemini("m1", 1, logs.GEMINI_TOKENS)])
    _, _, cursor = logs.read(CHATS, path)
    logs.append(path, logs.line(logs.gemini("m2", 2, logs.GEMINI_TOKENS)))
    (event,) = logs.read(CHATS, path, cursor)[0]
    assert event.dedupe_key == "s-1:m2"


def test_two_records_of_a_reply_are_one_event_with_what_both_know(tmp_path: Path) -> None:
    metrics = {"resource": {"attributes": {"service.name": "gemini-cli"}}, "scopeMetrics": []}
    path = logs.pretty(tmp_path / "t.log", [metrics, *logs.gemini_records(1, 4096), *logs.gemini_records(2)])
    assert detect(path) is TELEMETRY
    events, bad, _ = logs.read(TELEMETRY, path)
    assert not bad
    assert [event.actual_output_tokens for event in events] == [42, 42]
    assert [event.actual_max_tokens for event in events] == [4096, None]
    assert {event.finish for event in events} == {Finish.STOP}
    assert (events[0].duration_s, events[0].response_id) == (1.5, "r1")
    assert not any(map(impossible, events))


def test_a_reply_whose_second_record_comes_later_is_still_one_call(tmp_path: Path) -> None:
    records = [*logs.gemini_records(1), *logs.gemini_records(2)]
    path, store, places = tmp_path / "t.log", logs.Store(), dict[tuple[str, str], object]()
    for count in range(1, len(records) + 1):
        logs.pretty(path, records[:count])
        import_all([path], store.write, places=places)  # type: ignore[arg-type]
    assert (len(store.events), store.output) == (2, 84)
