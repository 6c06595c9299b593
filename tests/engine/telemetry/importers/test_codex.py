"""Codex's rollouts: the advance of running totals, or the records that newer versions write."""

from __future__ import annotations

from pathlib import Path

from engine.telemetry import Event, impossible
from engine.telemetry.importers import import_all
from engine.telemetry.importers.codex import IMPORTER, locations
from tests.engine.telemetry.importers import logs

FIRST, SECOND = logs.counts(36522, 606, 2432, 516), logs.counts(40000, 794, 36000, 100)
BOTH = logs.counts(76522, 1400, 38432, 616)


def _outputs(path: Path) -> list[int | None]:
    return [event.actual_output_tokens for event in logs.read(IMPORTER, path)[0]]


def test_repeated_totals_count_once(tmp_path: Path) -> None:
    path = logs.write(
        tmp_path / "r.jsonl",
        [
            logs.codex_meta("s1"), logs.CODEX_TURN, logs.codex_count(None, None), logs.codex_count(FIRST, FIRST),
            logs.codex_count(FIRST, FIRST, 10), logs.codex_count(BOTH, SECOND, 20), logs.codex_count(BOTH, SECOND, 21),
        ],
    )  # fmt: skip
    events, bad, _ = logs.read(IMPORTER, path)
    assert not bad
    assert [event.actual_output_tokens for event in events] == [606, 794]
    first = events[0]
    assert (first.model, first.effort, first.provider, first.session_id) == ("gpt-6.1-sol", "high", "openai", "s1")
    assert (first.prompt_tokens, first.cached_tokens, first.reasoning_tokens) == (36522, 2432, 516)
    assert first.truncated is None
    assert not any(map(impossible, events))


def test_records_replace_counts_from_the_first_on(tmp_path: Path) -> None:
    old, new = logs.counts(10, 5), logs.counts(15, 12)
    path = logs.write(
        tmp_path / "r.jsonl",
        [
            logs.codex_meta("s1"), logs.CODEX_TURN, logs.codex_count(old, old, 5),
            logs.codex_count(new, logs.counts(5, 7), 8), logs.codex_record("resp_1", logs.counts(5, 7), 8.1),
            logs.codex_count(logs.counts(40, 30), None, 12),
            logs.codex_record("resp_2", logs.counts(25, 18), 12.1),
            logs.codex_record("resp_2", logs.counts(25, 18), 12.2),
        ],
    )  # fmt: skip
    events = logs.read(IMPORTER, path)[0]
    assert [(event.response_id, event.actual_output_tokens) for event in events] == [
        ("", 5), ("resp_1", 7), ("resp_2", 18), ("resp_2", 18),
    ]  # fmt: skip
    store = logs.Store()
    import_all([path], store.write)
    assert store.output == 30


def test_totals_that_go_back_fall_back_to_the_last(tmp_path: Path) -> None:
    lines = [
        logs.codex_meta("s1"),
        logs.codex_count(BOTH, BOTH),
        logs.codex_count(logs.counts(50, 9), logs.counts(50, 9), 30),
    ]
    assert _outputs(logs.write(tmp_path / "r.jsonl", lines)) == [1400, 9]


def test_a_fork_does_not_count_its_parents_history_again(tmp_path: Path) -> None:
    own = logs.counts(90000, 2000, 40000, 700)
    parent = [logs.codex_meta("p"), logs.CODEX_TURN, logs.codex_count(FIRST, FIRST), logs.codex_count(BOTH, SECOND, 20)]
    child = [
        logs.codex_meta("c", 100, forked_from_id="p"), logs.codex_meta("p", 100), logs.codex_count(FIRST, FIRST, 100.1),
        logs.codex_count(BOTH, SECOND, 100.2), logs.codex_count(own, logs.counts(13478, 600, 1568, 84), 130),
    ]  # fmt: skip
    agent = [
        logs.codex_meta("g", 200, source={"subagent": {"thread_spawn": {"parent_thread_id": "p"}}}),
        logs.codex_count(BOTH, None, 200.4),
        logs.codex_count(logs.counts(76600, 1411, 38432, 616), logs.counts(78, 11), 222),
    ]
    logs.write(tmp_path / "rollout-1.jsonl", parent)
    logs.write(tmp_path / "rollout-2.jsonl", child)
    logs.write(tmp_path / "rollout-3.jsonl", agent)
    store = logs.Store()
    import_all([tmp_path], store.write)
    assert store.output == 606 + 794 + 600 + 11


def test_texts_that_quote_records_are_passed_over(tmp_path: Path) -> None:
    quoted = logs.codex_record("r", FIRST)
    lines = [
        logs.codex_meta("s1"), logs.codex("compacted", {"replacement_history": [quoted]}),
        logs.codex("response_item", {"type": "message", "content": [{"text": logs.line(quoted)}]}),
        logs.codex_count(FIRST, FIRST),
    ]  # fmt: skip
    assert _outputs(logs.write(tmp_path / "r.jsonl", lines)) == [606]


def test_broken_and_shapeless_lines_are_named(tmp_path: Path) -> None:
    lines = [
        logs.codex_meta("s1"), "{", logs.codex_record("r1", None), logs.codex_record("r2", {"output_tokens": "x"}),
        {"type": "token_usage_record", "payload": []},
        {"type": "event_msg", "payload": {"type": "token_count", "info": 3, "token_usage": 1}},
        logs.codex_record("r3", FIRST),
    ]  # fmt: skip
    events, bad, _ = logs.read(IMPORTER, logs.write(tmp_path / "r.jsonl", lines))
    assert [event.response_id for event in events] == ["r3"]
    assert [one.line for one in bad] == [2, 3, 4, 5, 6]


def test_reading_on_keeps_model_totals_and_what_is_waited_for(tmp_path: Path) -> None:
    lines = [
        logs.codex_meta("s1", cli_version="0.153.0"), logs.CODEX_TURN, logs.codex_count(FIRST, FIRST, 9),
        logs.codex_record("resp_1", FIRST), logs.codex_count(BOTH, SECOND, 20),
        logs.codex_record("resp_2", SECOND, 20.1),
    ]  # fmt: skip
    whole = logs.read(IMPORTER, logs.write(tmp_path / "whole.jsonl", lines))[0]
    assert [event.response_id for event in whole] == ["resp_1", "resp_2"]
    path, events, cursor = tmp_path / "r.jsonl", list[Event](), None
    path.touch()
    for one in lines:
        logs.append(path, logs.line(one))
        new, bad, cursor = logs.read(IMPORTER, path, cursor)
        events += new
        assert not bad
    assert events == whole


def test_places_that_variables_name() -> None:
    assert locations({"CODEX_HOME": "/x"}, Path("/h")) == (Path("/x/sessions"), Path("/x/archived_sessions"))
    assert locations({}, Path("/h"))[0] == Path("/h/.codex/sessions")


def test_sessions_without_a_name_are_told_apart(tmp_path: Path) -> None:
    for second in (5, 6):
        logs.write(tmp_path / f"{second}.jsonl", [logs.codex_count(FIRST, FIRST, second)])
    store = logs.Store()
    import_all([tmp_path], store.write)
    assert store.output == 2 * 606
