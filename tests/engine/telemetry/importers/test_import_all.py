"""Importing everything: whose a file is, batches, progress, stopping, doing it again."""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from engine.errors import Cancelled, UsageError
from engine.telemetry import Event
from engine.telemetry.importers import (
    IMPORTERS,
    BadLine,
    Cursor,
    ImportEvent,
    ImportProgress,
    default_locations,
    detect,
    import_all,
    importer,
)
from tests.engine.telemetry.importers import logs


def _everything(folder: Path) -> dict[str, Path]:
    """One log of each kind, under names that say nothing."""
    made = {
        "claude-code": logs.write(folder / "1.jsonl", [logs.claude_user(), logs.claude()]),
        "codex": logs.write(folder / "2.jsonl", [logs.codex_meta("s"), logs.codex_record("r", logs.counts(5, 6))]),
        "gemini-cli": logs.write(folder / "3.jsonl", [logs.GEMINI_HEAD, logs.gemini("m", 1, logs.GEMINI_TOKENS)]),
        "gemini-telemetry": logs.pretty(folder / "4.json", logs.gemini_records(1)),
        "litellm": logs.write(folder / "5.jsonl", [logs.LITELLM]),
        "langfuse": folder / "6.json",
        "phoenix": logs.write(folder / "7.jsonl", [logs.PHOENIX]),
        "otlp": logs.write(folder / "8.jsonl", [logs.otlp(logs.GENAI)]),
        "llm": logs.llm_db(folder / "9.db", [logs.LLM]),
        "packsight": logs.write(folder / "10.jsonl", [logs.OWN]),
    }
    made["langfuse"].write_text(json.dumps([logs.LANGFUSE]))
    return made


def test_a_log_is_known_by_its_content(tmp_path: Path) -> None:
    made = _everything(tmp_path)
    assert {name: detect(path) for name, path in made.items()} == {one.name: one for one in IMPORTERS}


def test_a_folder_with_everything_is_imported_and_again_changes_nothing(tmp_path: Path) -> None:
    _everything(tmp_path)
    (tmp_path / "notes.json").write_text('{"my": "notes"}')
    (tmp_path / "image.png").write_bytes(b"\x89PNG")
    store, places = logs.Store(), dict[tuple[str, str], Cursor]()
    totals = import_all([tmp_path], store.write, places=places)
    assert (totals.files, totals.new, totals.read, totals.unknown_files) == (10, 10, 10, 1)
    assert totals.by_source == {one.name: 1 for one in IMPORTERS}
    assert (totals.bad_lines, totals.refused) == (0, {})
    again = import_all([tmp_path], store.write, places=places)
    assert (again.unchanged_files, again.read, again.new) == (10, 0, 0)
    forgotten = import_all([tmp_path], store.write)
    assert (forgotten.new, forgotten.updated, forgotten.unchanged) == (0, 0, 10)


def test_no_word_of_a_prompt_or_an_answer_is_kept(tmp_path: Path) -> None:
    logs.write(tmp_path / "c.jsonl", [logs.claude(text="SECRET"), logs.claude_user("SECRET")])
    _everything(tmp_path / "all")
    store, places = logs.Store(), dict[tuple[str, str], Cursor]()
    import_all([tmp_path], store.write, places=places)
    assert "SECRET" not in repr(store.events)
    assert "SECRET" not in repr(places)


def test_batches_are_small_and_hold_each_call_once(tmp_path: Path) -> None:
    lines = [logs.claude(f"msg_{number % 40}", number) for number in range(95)]
    store = logs.Store()
    totals = import_all([logs.write(tmp_path / "a.jsonl", [*lines, *lines])], store.write, batch=7)
    assert max(store.batches) <= 7
    assert totals.new == 40
    assert totals.read == totals.new + totals.updated + totals.unchanged


def test_impossible_events_are_counted_by_reason(tmp_path: Path) -> None:
    lines = [
        logs.claude("m1", -5), logs.claude("m2", 10**13), logs.claude("m3", 5, timestamp="1970-01-01T00:00:00Z"),
        logs.claude("m4", 5),
    ]  # fmt: skip
    totals = import_all([logs.write(tmp_path / "a.jsonl", lines)], logs.Store().write)
    assert totals.refused == {"negative-count": 1, "count-too-large": 1, "time-out-of-range": 1}
    assert totals.new == 1


def test_progress_says_how_far_how_fast_and_how_long(tmp_path: Path) -> None:
    for name in "abc":
        logs.write(tmp_path / f"{name}.jsonl", [logs.claude(f"msg_{name}{number}") for number in range(3000)])
    ticks = itertools.count()
    said: list[ImportEvent] = []
    totals = import_all([tmp_path], logs.Store().write, said.append, clock=lambda: float(next(ticks)))
    steps = [one for one in said if isinstance(one, ImportProgress)]
    assert [one.done_bytes for one in steps] == sorted(one.done_bytes for one in steps)
    assert all(one.done_bytes <= one.total_bytes for one in steps)
    assert len({one.path for one in steps}) == 4
    assert any(one.left_s for one in steps)
    last = steps[-1]
    assert (last.done_bytes, last.files, last.events, last.left_s) == (last.total_bytes, 3, 9000, 0.0)
    assert totals.read_bytes == last.total_bytes


def test_bad_lines_are_told_as_they_come(tmp_path: Path) -> None:
    path = logs.write(tmp_path / "a.jsonl", [logs.claude(), *(["broken"] * 500)])
    said: list[ImportEvent] = []
    totals = import_all([path, tmp_path / "gone.jsonl"], logs.Store().write, said.append)
    bad = [one for one in said if isinstance(one, BadLine)]
    assert totals.bad_lines == len(bad) == 501
    assert len(totals.bad) < 501
    assert any(one.line == 2 and one.path == str(path) for one in bad)


def test_a_file_of_nobodys_is_told_when_it_was_named(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("hello")
    totals = import_all([path], logs.Store().write)
    assert (totals.unknown_files, totals.bad_lines) == (1, 1)
    totals = import_all([path], logs.Store().write, using=importer("otlp"))
    assert (totals.files, totals.bad_lines) == (1, 1)


def test_stopping_keeps_what_was_written_and_goes_on_from_there(tmp_path: Path) -> None:
    for name in "abc":
        logs.write(tmp_path / f"{name}.jsonl", [logs.claude(f"msg_{name}{number}") for number in range(1000)])
    store, places = logs.Store(), dict[tuple[str, str], Cursor]()
    with pytest.raises(Cancelled):
        import_all([tmp_path], store.write, cancelled=lambda: len(store.events) > 1200, places=places, batch=100)
    assert 1200 < len(store.events) < 3000
    totals = import_all([tmp_path], store.write, places=places)
    assert len(store.events) == 3000
    assert totals.unchanged_files == 1


def test_a_store_that_fails_leaves_no_place_behind(tmp_path: Path) -> None:
    path = logs.write(tmp_path / "a.jsonl", [logs.claude()])
    places: dict[tuple[str, str], Cursor] = {}

    def fail(events: Sequence[Event]) -> logs.Outcome:
        raise UsageError("no room")

    with pytest.raises(UsageError):
        import_all([path], fail, places=places)
    assert not places


def test_places_by_default_are_those_that_exist(tmp_path: Path) -> None:
    for folder in (".claude/projects", ".codex/sessions", ".gemini/tmp", ".config/io.datasette.llm"):
        (tmp_path / folder).mkdir(parents=True)
    logs.llm_db(tmp_path / ".config/io.datasette.llm/logs.db", [logs.LLM])
    found = default_locations({}, tmp_path)
    assert found == {
        "claude-code": (tmp_path / ".claude/projects",), "codex": (tmp_path / ".codex/sessions",),
        "gemini-cli": (tmp_path / ".gemini/tmp",), "llm": (tmp_path / ".config/io.datasette.llm/logs.db",),
    }  # fmt: skip
    assert default_locations({"CODEX_HOME": str(tmp_path / "elsewhere")}, tmp_path).get("codex") is None


def test_an_importer_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(UsageError) as raised:
        importer("cursor")
    assert "claude-code" in raised.value.hint
