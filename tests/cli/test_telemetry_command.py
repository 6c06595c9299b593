from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from engine.cli.app import COMMANDS
from tests.cli.conftest import Run

CALL = {
    "timestamp": "2026-11-20T12:00:00+00:00", "source": "test", "dedupe_key": "1", "provider": "openai",
    "model": "gpt-5.5", "category": "docs", "complexity": "low", "selected_budget": 4096, "actual_max_tokens": 4096,
    "ceiling_source": "sent", "actual_output_tokens": 1024, "predicted_output_tokens": 2048, "truncated": False,
    "finish": "stop", "deliverables": ["=cmd()", "a\x1b[31m.md"], "deliverable_count": 2,
    "trace": [{"rule": "base", "before": None, "after": 4096, "why": "docs/low"}],
}  # fmt: skip


def lines(*events: dict[str, Any]) -> bytes:
    return "\n".join(map(json.dumps, events)).encode()


def test_calls_are_recorded_listed_shown_and_reported(run: Run) -> None:
    done = run("telemetry", "record", "-", "--json", stdin=lines(CALL, {**CALL, "dedupe_key": "2"}, CALL))
    assert (done.code, done.json) == (0, {"added": 2, "updated": 0, "unchanged": 1, "refused": {}})
    listed = run("telemetry", "list", "--json").json
    assert [event["dedupe_key"] for event in listed] == ["2", "1"]
    for key, value in CALL.items():
        assert listed[1][key] == value or key == "timestamp"
    assert (listed[0]["ceiling_waste"], listed[0]["prediction_ratio"]) == (4.0, 2.0)
    shown = run("telemetry", "show", listed[1]["event_id"], "--json").json
    assert shown == listed[1]
    group = run("telemetry", "report", "--json").json["groups"][0]
    assert group["ceiling_waste"]["p50"] == pytest.approx(4.0, rel=0.011)
    keys = {
        "category",
        "complexity",
        "provider",
        "model",
        "n",
        "truncation",
        "ceiling_waste",
        "prediction_ratio",
        "smape",
    }
    assert {*keys, "coverage"} <= set(group)
    assert (group["n"], group["truncation"], group["coverage"]) == (2, 0.0, 1.0)


def test_texts_are_for_people_and_harmless(run: Run) -> None:
    run("telemetry", "record", "-", stdin=lines({**CALL, "model": "m\x1b[2J" + "x" * 90}))
    for words in (("list",), ("show", "1"), ("report",), ("report", "--daily"), ("packs",)):
        ran = run("telemetry", *words)
        assert ran.code == 0, ran.err
        assert "\x1b" not in ran.out
    assert max(map(len, run("telemetry", "list").out.splitlines())) <= 100
    assert "not billed" in run("telemetry", "report").out


def test_rows_that_cannot_be_true_are_refused_and_counted(run: Run) -> None:
    ran = run(
        "telemetry",
        "record",
        "-",
        "--json",
        stdin=lines(CALL, {**CALL, "dedupe_key": "2", "actual_output_tokens": 9999}),
    )
    assert (ran.code, ran.json["added"], ran.json["refused"]) == (1, 1, {"output-above-ceiling": 1})
    assert run("telemetry", "report", "--json").json["refused"] == [
        {"source": "test", "reason": "output-above-ceiling", "rows": 1}
    ]


def test_one_call_can_be_written_down_by_hand(run: Run) -> None:
    words = ("--provider", "openai", "-m", "gpt-5.5", "--ceiling", "100", "--output", "100", "--finish", "length")
    assert run("telemetry", "record", *words).code == 0
    event = run("telemetry", "list", "--json").json[0]
    assert (event["outcome"], event["ceiling_source"], event["source"]) == ("truncated", "sent", "packsight")


def test_filters(run: Run) -> None:
    others = [
        {**CALL, "dedupe_key": "2", "category": "tests", "timestamp": "2026-11-18T00:00:00+00:00"},
        {**CALL, "dedupe_key": "3", "provider": "gemini", "model": "g", "truncated": True, "finish": "length"},
    ]
    run("telemetry", "record", "-", stdin=lines(CALL, *others))

    def keys(*words: str) -> set[str]:
        return {event["dedupe_key"] for event in run("telemetry", "list", "--json", *words).json}

    assert keys("--category", "docs") == {"1", "3"}
    assert keys("--category", "docs", "--category", "tests") == {"1", "2", "3"}
    assert keys("--since", "2026-11-19") == {"1", "3"}
    assert keys("--until", "2026-11-20T12:00") == {"2"}
    assert keys("--outcome", "truncated") == {"3"}
    assert keys("--provider", "openai", "--model", "gpt-5.5", "--complexity", "low") == {"1", "2"}
    assert keys("--limit", "1", "--offset", "1") <= {"1", "3"}
    assert run("telemetry", "list", "--since", "soon").code == 2
    assert run("telemetry", "report", "--json", "--daily", "--category", "docs").json["days"][0]["n"] == 2


def test_exports_say_the_same(run: Run, tmp_path: Path) -> None:
    run("telemetry", "record", "-", stdin=lines(CALL, {**CALL, "dedupe_key": "2"}))
    listed = run("telemetry", "list", "--json").json
    exported = [json.loads(line) for line in run("telemetry", "export").out.splitlines()]
    assert exported == listed[::-1]
    rows = list(csv.DictReader(io.StringIO(run("telemetry", "export", "--format", "csv").out)))
    assert [row["dedupe_key"] for row in rows] == ["1", "2"]
    assert json.loads(rows[0]["deliverables"]) == CALL["deliverables"]
    file = tmp_path / "spans.jsonl"
    assert run("telemetry", "export", "--format", "otlp", "-o", file).code == 0
    spans = json.loads(file.read_text())["resourceSpans"][0]["scopeSpans"][0]["spans"]
    values = {one["key"]: one["value"] for one in spans[0]["attributes"]}
    assert values["gen_ai.request.max_tokens"] == {"intValue": "4096"}
    assert values["gen_ai.usage.output_tokens"] == {"intValue": "1024"}
    assert len({span["spanId"] for span in spans}) == 2
    # What was exported as lines is taken again, and known again.
    again = run("telemetry", "record", "-", "--json", stdin=run("telemetry", "export").out.encode())
    assert again.json == {"added": 0, "updated": 0, "unchanged": 2, "refused": {}}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"{", "line 1"),
        (b"[]", "no object"),
        (b'{"source": "x"}', "timestamp"),
        (b'{"timestamp": "2026-11-20", "source": "x", "dedupe_key": "1", "modell": "m"}', "model"),
        (b'{"timestamp": "x", "source": "x", "dedupe_key": "1"}', "timestamp"),
        (b'{"timestamp": "2026-11-20", "source": "x", "dedupe_key": "1", "attempt": true}', "attempt"),
        (b'{"timestamp": "2026-11-20", "source": "x", "dedupe_key": "1", "finish": "soon"}', "finish"),
    ],
)
def test_lines_that_are_no_events_are_told(run: Run, line: bytes, said: str) -> None:
    ran = run("telemetry", "record", "-", stdin=line)
    assert (ran.code, ran.out) == (3, "")
    assert said in ran.err
    assert len(ran.err.splitlines()) <= 2


def test_nothing_recorded_is_no_error_and_makes_no_database(run: Run, own_directories: Path) -> None:
    for words in (("telemetry", "list"), ("telemetry", "report"), ("telemetry", "export"), ("calibrate",)):
        assert run(*words).code == 0
    assert run("telemetry", "list", "--json").json == []
    assert run("telemetry", "show", "1").code == 3
    assert not (own_directories / "data").exists()
    assert {"telemetry", "calibrate", "estimate"} <= set(COMMANDS)


def test_figures_come_by_day_week_and_month(run: Run) -> None:
    moments = ("2026-11-20T12:00:00+00:00", "2026-11-22T23:59:00+00:00", "2026-11-23T00:00:00+00:00",
               "2026-12-01T00:00:00+00:00")  # fmt: skip
    calls = [{**CALL, "timestamp": moment, "dedupe_key": moment} for moment in moments]
    run("telemetry", "record", "-", stdin=lines(*calls))

    def told(*words: str) -> list[tuple[str, int]]:
        found = run("telemetry", "report", *words, "--json").json
        assert "groups" not in found
        period = words[-1].removeprefix("--").replace("daily", "day")
        return [(one[period], one["n"]) for one in found[f"{period}s"]]

    by_day = [("2026-11-20", 1), ("2026-11-22", 1), ("2026-11-23", 1), ("2026-12-01", 1)]
    assert told("--by", "day") == told("--daily") == by_day
    assert told("--by", "week") == [("2026-11-16", 2), ("2026-11-23", 1), ("2026-11-30", 1)]
    assert told("--by", "month") == [("2026-11-01", 3), ("2026-12-01", 1)]
    assert "2026-11-30" in run("telemetry", "report", "--by", "week").out


def test_the_report_says_how_many_ended_how_and_what_they_reserved(run: Run) -> None:
    made = [
        {**CALL, "actual_output_tokens": output, "truncated": output == 4096, "finish": finish, "success": good}
        for output, finish, good in (
            (4096, "length", True), (4096, "length", True), (2048, "stop", True), (1000, "stop", True),
            (50, "stop", True), (9, "error", False),
        )
    ]  # fmt: skip
    run("telemetry", "record", "-", stdin=lines(*({**one, "dedupe_key": str(at)} for at, one in enumerate(made))))
    total = run("telemetry", "report", "--json").json["total"]
    assert total["outcomes"] == {"complete": 3, "truncated": 2, "failed": 1, "unknown": 0}
    steps = {(step["from"], step["below"]): step["calls"] for step in total["ceiling_waste_steps"]}
    assert {edges: calls for edges, calls in steps.items() if calls} == {
        (1.0, 1.25): 2, (2.0, 3.0): 1, (3.0, 5.0): 1, (50.0, None): 1,
    }  # fmt: skip
    assert next(iter(steps))[0] == 0.0
    assert [below for _, below in steps][:-1] == [start for start, _ in steps][1:]


def test_calls_can_be_spread_over_their_time(run: Run) -> None:
    calls = [
        {**CALL, "dedupe_key": str(at), "category": ("docs", "tests")[at % 2],
         "timestamp": f"2026-11-{1 + at // 24:02}T{at % 24:02}:00:00+00:00"}
        for at in range(240)
    ]  # fmt: skip
    run("telemetry", "record", "-", stdin=lines(*calls))
    some = run("telemetry", "list", "--spread", "--limit", "10", "--json").json
    assert [int(one["dedupe_key"]) for one in some] == sorted(range(0, 240, 24), reverse=True)
    some = run("telemetry", "list", "--spread", "--limit", "12", "--category", "tests", "--json").json
    assert len(some) == 12
    assert {one["category"] for one in some} == {"tests"}
    assert len(run("telemetry", "list", "--spread", "--limit", "500", "--json").json) == 240
    assert "of 240" in run("telemetry", "list", "--spread", "--limit", "10").out
    assert run("telemetry", "list", "--spread", "--model", "none", "--json").json == []
