"""Claude Code's logs: one event for each answer, however often and in whichever state it is written."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import permutations
from pathlib import Path

import pytest

from engine.telemetry import CeilingSource, Event, Finish, impossible
from engine.telemetry.importers import import_all
from engine.telemetry.importers.claude_code import IMPORTER, locations
from tests.engine.telemetry.importers import logs


def _events(path: Path) -> list[Event]:
    return logs.read(IMPORTER, path)[0]


def test_an_answer_of_several_lines_is_one_event(tmp_path: Path) -> None:
    path = logs.write(
        tmp_path / "a.jsonl",
        [
            logs.claude_user(),
            logs.claude(output=1, stop=None, second=1),
            logs.claude(output=860, second=2, uuid="u2"),
            logs.claude(output=860, second=3, uuid="u3"),
        ],
    )
    (event,) = _events(path)
    assert event == Event(
        timestamp=datetime(2026, 11, 20, 10, 0, 1, tzinfo=UTC),
        source="claude-code",
        dedupe_key="msg_01",
        provider="anthropic",
        model="claude-opus-5-5",
        effort="high",
        actual_output_tokens=860,
        reasoning_tokens=1,
        prompt_tokens=12903,
        cached_tokens=12000,
        cache_write_tokens=900,
        truncated=False,
        finish=Finish.TOOL_USE,
        stop_reason="tool_use",
        session_id="11111111-2222-4333-8444-555555555555",
        request_id="req_01",
        response_id="msg_01",
    )
    assert impossible(event) is None


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_the_best_line_counts_wherever_it_stands(tmp_path: Path, order: tuple[int, ...]) -> None:
    lines = [
        logs.claude(output=2, stop=None),
        logs.claude(output=700),
        logs.claude(output=900, side=True, request="req_other"),
        logs.claude(output=700, uuid="u9"),
    ]
    (event,) = _events(logs.write(tmp_path / "a.jsonl", [lines[place] for place in order]))
    assert (event.actual_output_tokens, event.complete, event.request_id) == (700, True, "req_01")


def test_an_answer_without_a_stop_reason_is_incomplete(tmp_path: Path) -> None:
    (event,) = _events(logs.write(tmp_path / "a.jsonl", [logs.claude(output=3, stop=None)]))
    assert (event.complete, event.truncated, event.finish) == (False, None, Finish.UNKNOWN)


def test_a_ceiling_that_was_hit_is_read_from_the_clients_message(tmp_path: Path) -> None:
    path = logs.write(
        tmp_path / "a.jsonl",
        [logs.claude(output=7, stop=None, uuid="u1"), logs.claude_user(), logs.ceiling_error("u1")],
    )
    (event,) = _events(path)
    assert (event.actual_max_tokens, event.ceiling_source) == (32000, CeilingSource.IMPORTED)
    assert (event.truncated, event.finish, event.actual_output_tokens) == (True, Finish.LENGTH, 32000)
    assert event.complete
    assert impossible(event) is None


def test_a_ceiling_without_its_answer_is_an_event_of_its_own(tmp_path: Path) -> None:
    (event,) = _events(logs.write(tmp_path / "a.jsonl", [logs.ceiling_error("nobody", 64000)]))
    assert (event.actual_max_tokens, event.actual_output_tokens, event.truncated) == (64000, 64000, True)
    assert impossible(event) is None


def test_a_person_who_writes_the_words_of_the_error_sets_no_ceiling(tmp_path: Path) -> None:
    words = "API Error: Claude's response exceeded the 32000 output token maximum"
    lines = [logs.claude(text=words), logs.claude_user(words, usage={"output_tokens": 5})]
    (event,) = _events(logs.write(tmp_path / "a.jsonl", lines))
    assert event.actual_max_tokens is None


def test_what_the_client_made_up_is_no_answer(tmp_path: Path) -> None:
    made_up = logs.claude()
    made_up["message"] = {"model": "<synthetic>", "id": "x", "usage": {"input_tokens": 0, "output_tokens": 0}}
    agents = logs.claude_user(toolUseResult={"usage": {"output_tokens": 5}, "totalTokens": 9})
    assert not _events(logs.write(tmp_path / "a.jsonl", [made_up, agents]))


def test_a_sub_agents_answer_in_a_progress_line_counts(tmp_path: Path) -> None:
    progress = {"type": "progress", "sessionId": "s", "uuid": "p", "data": {"message": logs.claude(output=44)}}
    assert [event.actual_output_tokens for event in _events(logs.write(tmp_path / "a.jsonl", [progress]))] == [44]


def test_an_answer_without_an_id_goes_by_its_request(tmp_path: Path) -> None:
    lines = [logs.claude("", 10), logs.claude("", 20), logs.claude("", 5, request="req_02")]
    events = _events(logs.write(tmp_path / "a.jsonl", lines))
    assert [event.actual_output_tokens for event in events] == [20, 5]
    assert len({event.dedupe_key for event in events}) == 2


def test_interleaved_answers_are_kept_apart(tmp_path: Path) -> None:
    lines = [logs.claude(f"msg_{turn % 7}", turn, second=turn) for turn in range(50)]
    events = _events(logs.write(tmp_path / "a.jsonl", lines))
    assert sorted((event.dedupe_key, event.actual_output_tokens) for event in events) == [
        (f"msg_{last % 7}", last) for last in sorted(range(43, 50), key=lambda last: last % 7)
    ]


def test_sessions_that_copy_history_and_side_chains_count_once(tmp_path: Path) -> None:
    own = [logs.claude(f"msg_{number}", 100 + number, session="a") for number in range(5)]
    copied = [line | {"sessionId": "b", "uuid": "other"} for line in own]
    replayed = [logs.claude("msg_2", 102, request="req_side", side=True), logs.claude("msg_agent", 50, side=True)]
    logs.write(tmp_path / "a.jsonl", own)
    logs.write(tmp_path / "b.jsonl", [*copied, logs.claude("msg_new", 7, session="b")])
    logs.write(tmp_path / "a" / "subagents" / "agent-1.jsonl", replayed)
    store = logs.Store()
    totals = import_all([tmp_path], store.write)
    assert store.output == sum(range(100, 105)) + 7 + 50
    assert (totals.new, totals.read) == (7, 13)
    assert store.events["claude-code", "msg_2"].request_id == "req_01"


def test_the_windows_edge_does_not_split_an_answer_for_the_store(tmp_path: Path) -> None:
    many = [logs.claude(f"msg_{number}", 10) for number in range(600)]
    lines = [logs.claude("msg_x", 1, None), *many, logs.claude("msg_x", 5000)]
    store = logs.Store()
    import_all([logs.write(tmp_path / "a.jsonl", lines)], store.write)
    assert store.events["claude-code", "msg_x"].actual_output_tokens == 5000
    assert len(store.events) == 601


def test_broken_lines_are_named_and_the_rest_is_read(tmp_path: Path) -> None:
    lines = [
        logs.claude("msg_1", 1), "no json at all", '{"type":"assistant","message":{"usage":',
        logs.claude("msg_2", "many"), logs.claude("msg_3", 3, timestamp="yesterday"), "", "   ",
        logs.claude("msg_4", 4),
    ]  # fmt: skip
    events, bad, _ = logs.read(IMPORTER, logs.write(tmp_path / "a.jsonl", lines))
    assert [event.dedupe_key for event in events] == ["msg_1", "msg_4"]
    assert sorted(one.line for one in bad) == [2, 3, 4, 5]
    assert str(bad[0]) == f"{tmp_path / 'a.jsonl'}:2: not a whole JSON object"


def test_places_that_variables_name(tmp_path: Path) -> None:
    assert locations({"CLAUDE_CONFIG_DIR": "/x, /y"}, tmp_path) == (Path("/x/projects"), Path("/y/projects"))
    assert locations({"XDG_CONFIG_HOME": "/c"}, Path("/h")) == (
        Path("/h/.claude/projects"),
        Path("/c/claude/projects"),
    )


def test_blocks_that_look_like_the_message_change_nothing(tmp_path: Path) -> None:
    quoted = '"role":"assistant","content":[],"stop_reason":"max_tokens","usage":{"output_tokens":9}'
    inner = {"role": "assistant", "content": [], "stop_reason": "max_tokens", "usage": {"output_tokens": 9}}
    tool = {"type": "tool_use", "id": "t", "name": "Edit", "input": inner}
    lines = []
    for number, block in enumerate([{"type": "text", "text": quoted}, tool, {"type": "text", "text": "x" * 3000}]):
        line = logs.claude(f"msg_{number}", 100 + number)
        message = line["message"]
        assert isinstance(message, dict)
        message["content"] = [block]
        lines += [line, line | {"uuid": "again"}]
    events = _events(logs.write(tmp_path / "a.jsonl", lines))
    assert [(event.actual_output_tokens, event.stop_reason) for event in events] == [
        (100, "tool_use"), (101, "tool_use"), (102, "tool_use"),
    ]  # fmt: skip
