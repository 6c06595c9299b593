from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.engine.telemetry.importers import logs


def _logs(folder: Path) -> Path:
    logs.write(
        folder / "a.jsonl", [logs.claude_user(), logs.claude("msg_1", 1, None), logs.claude("msg_1", 860), "broken"]
    )
    logs.write(
        folder / "b.jsonl", [logs.otlp(logs.GENAI), logs.otlp(logs.GENAI | {"gen_ai.usage.output_tokens": 5000})]
    )
    return folder


def test_calls_of_other_programs_are_taken_over_once(run: Run, tmp_path: Path) -> None:
    folder = _logs(tmp_path / "logs")
    done = run("telemetry", "import", str(folder), "--json")
    assert done.code == 0, done.err
    assert (done.json["added"], done.json["bad_lines"], done.json["by_source"]) == (2, 1, {"claude-code": 1, "otlp": 2})
    assert done.json["refused"] == {"output-above-ceiling": 1}
    assert done.json["bad"] == [{"path": str(folder / "a.jsonl"), "line": 4, "reason": "not a whole JSON object"}]
    listed = run("telemetry", "list", "--json").json
    assert {(event["source"], event["actual_output_tokens"], event["ceiling_source"]) for event in listed} == {
        ("claude-code", 860, "unknown"), ("otlp", 4096, "imported"),
    }  # fmt: skip
    again = run("telemetry", "import", str(folder), "--json").json
    assert (again["unchanged_files"], again["events"], again["added"]) == (2, 0, 0)
    forced = run("telemetry", "import", str(folder), "--again", "--json").json
    assert (forced["events"], forced["added"], forced["updated"]) == (3, 0, 0)
    logs.append(folder / "a.jsonl", logs.line(logs.claude("msg_2", 5)))
    assert run("telemetry", "import", str(folder), "--json").json["added"] == 1


def test_where_a_log_was_read_to_belongs_to_its_database(run: Run, tmp_path: Path) -> None:
    folder = _logs(tmp_path / "logs")
    run("telemetry", "import", str(folder))
    other = run("telemetry", "import", str(folder), "--db", f"sqlite:///{tmp_path / 'other.db'}", "--json")
    assert other.json["added"] == 2


def test_what_was_imported_is_exported_as_spans_and_imported_again(run: Run, tmp_path: Path) -> None:
    run("telemetry", "import", str(_logs(tmp_path / "logs")))
    spans, other = tmp_path / "spans.jsonl", f"sqlite:///{tmp_path / 'other.db'}"
    assert run("telemetry", "export", "--format", "otlp", "-o", str(spans)).code == 0
    assert run("telemetry", "import", str(spans), "--db", other, "--json").json["added"] == 2
    kept = (
        "actual_output_tokens",
        "actual_max_tokens",
        "prompt_tokens",
        "reasoning_tokens",
        "truncated",
        "model",
        "timestamp",
    )
    first, second = (run("telemetry", "list", "--json", *words).json for words in ((), ("--db", other)))
    assert [[event[name] for name in kept] for event in second] == [[event[name] for name in kept] for event in first]


def test_the_text_names_bad_lines_and_is_harmless(run: Run, tmp_path: Path) -> None:
    path = logs.write(tmp_path / "evil\x1b[2J.jsonl", [logs.claude("msg_1", -4), *(["broken"] * 30)])
    done = run("telemetry", "import", str(path))
    assert done.code == 0, done.err
    assert "\x1b" not in done.out
    assert "1 refused: negative-count 1" in done.out
    assert "30 bad lines" in done.out
    assert len(done.out.splitlines()) < 20


def test_without_logs_it_says_where_none_are(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("CLAUDE_CONFIG_DIR", "CODEX_HOME", "GEMINI_CLI_HOME", "LLM_USER_PATH", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    done = run("telemetry", "import")
    assert (done.code, "name a log" in done.err) == (2, True)
    logs.write(
        tmp_path / ".codex" / "sessions" / "2026" / "r.jsonl",
        [logs.codex_meta("s"), logs.codex_record("r", logs.counts(5, 6))],
    )
    assert run("telemetry", "import", "--json").json["by_source"] == {"codex": 1}
    assert run("telemetry", "import", "--source", "nobody").code == 2


def test_a_file_of_nobodys_is_named(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text(json.dumps({"my": "notes"}))
    done = run("telemetry", "import", str(path))
    assert (done.code, "no importer knows this file" in done.out) == (0, True)
