"""Hostile logs: whatever is in a file, nothing raises, what is sound is read, and what is stored is sound."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.telemetry import Event, impossible
from engine.telemetry.importers import IMPORTERS, Importer, detect, import_all, importer
from tests.engine.telemetry.importers import logs

SAMPLES: dict[str, list[logs.Json]] = {
    "claude-code": [logs.claude_user(), logs.claude(), logs.ceiling_error("u1")],
    "codex": [
        logs.codex_meta("s"), logs.CODEX_TURN, logs.codex_count(logs.counts(5, 6), logs.counts(5, 6)),
        logs.codex_record("r", logs.counts(5, 6)),
    ],
    "gemini-cli": [logs.GEMINI_HEAD, logs.gemini("m", 1, logs.GEMINI_TOKENS)],
    "gemini-telemetry": logs.gemini_records(1, 100),
    "litellm": [logs.LITELLM, logs.SPEND],
    "langfuse": [logs.LANGFUSE],
    "phoenix": [logs.PHOENIX],
    "otlp": [logs.otlp(logs.GENAI), logs.otlp(logs.GENAI, root="resourceLogs")],
}  # fmt: skip
NAMES = sorted(SAMPLES)
ODD = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20),
    st.sampled_from([
        "\x00\x1b[31m", "\ud800", "x" * 5000, 10**400, -1, 2**63, "NaN", float("nan"), float("inf"), [], {},
        [[]], [None], {"a": 1}, "0000-00-00", "9999-12-31T23:59:59-14:00", "{",
        "[" * 2000, [{}], {"value": {"arrayValue": 3}},
    ]),
)  # fmt: skip
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]


def _places(value: object) -> Iterator[tuple[object, object]]:
    """Every container in a value, and each key or index of it."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, inner in list(inside):
        yield value, name
        yield from _places(inner)


def _check(found: list[Event]) -> None:
    for event in found:
        impossible(event)
        repr(event).encode()
        assert event.timestamp.tzinfo is not None
        for text in (event.model, event.provider, event.dedupe_key, event.session_id, event.stop_reason, event.effort):
            assert text.isprintable()
            assert len(text) <= 500


@settings(deadline=None, max_examples=250, suppress_health_check=SLOW)
@given(st.data())
def test_any_value_in_any_place(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(NAMES))
    records = copy.deepcopy(SAMPLES[name])
    for _ in range(data.draw(st.integers(1, 3))):
        places = list(_places(records))
        container, at = data.draw(st.sampled_from(places)) if places else (records, 0)
        if isinstance(container, dict | list):
            container[at] = copy.deepcopy(data.draw(ODD))  # type: ignore[call-overload]
    path = tmp_path_factory.mktemp("log") / "log.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in records), encoding="utf-8")
    detect(path)
    events, _, _ = logs.read(importer(name), path)
    _check(events)
    import_all([path], logs.Store().write)


@settings(deadline=None, max_examples=150, suppress_health_check=SLOW)
@given(st.data())
def test_any_bytes_between_sound_lines(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(["claude-code", "codex", "litellm", "otlp"]))
    sound = {
        "claude-code": logs.claude(), "codex": logs.codex_record("r", logs.counts(5, 6)), "litellm": logs.LITELLM,
        "otlp": logs.otlp(logs.GENAI),
    }[name]  # fmt: skip
    junk = data.draw(
        st.lists(
            st.binary(max_size=60) | st.sampled_from([b'{"usage":', b"[" * 3000, b"\xff\xfe\x00", b"{}"]), max_size=6
        )
    )
    lines = [*(one.replace(b"\n", b"").replace(b"\r", b"") for one in junk), logs.line(sound).encode().strip()]
    path = tmp_path_factory.mktemp("log") / "log.jsonl"
    path.write_bytes(b'{"first":"line"}\n' + b"\n".join(lines) + b"\n")
    events, bad, _ = logs.read(importer(name), path)
    assert len(events) == 1
    assert all(0 < one.line <= len(lines) + 1 for one in bad)
    assert all(one.reason for one in bad)


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=400), st.sampled_from(IMPORTERS))
def test_a_file_of_anything(tmp_path_factory: pytest.TempPathFactory, junk: bytes, one: Importer) -> None:
    path = tmp_path_factory.mktemp("log") / "log.jsonl"
    path.write_bytes(junk)
    detect(path)
    _check(logs.read(one, path)[0])


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(NAMES), st.data())
def test_a_log_cut_anywhere(tmp_path_factory: pytest.TempPathFactory, name: str, data: st.DataObject) -> None:
    whole = "".join(map(logs.line, SAMPLES[name])).encode()
    path = tmp_path_factory.mktemp("log") / "log.jsonl"
    path.write_bytes(whole[data.draw(st.integers(0, len(whole))) : data.draw(st.integers(0, len(whole)))])
    _check(logs.read(importer(name), path)[0])


@pytest.mark.parametrize("name", NAMES)
def test_invalid_utf8_costs_only_the_characters(tmp_path: Path, name: str) -> None:
    text = "".join(map(logs.line, SAMPLES[name])).encode()
    path = tmp_path / "log.jsonl"
    path.write_bytes(
        text.replace(b"gpt-", b"gp\xff-").replace(b"claude-opus", b"claude\xfe").replace(b"gemini-3", b"g\xc3-3")
    )
    events, bad, _ = logs.read(importer(name), path)
    assert not bad
    assert len(events) == len(logs.read(importer(name), logs.write(tmp_path / "sound.jsonl", SAMPLES[name]))[0])
    assert all("\ufffd" in event.model for event in events if event.model)


def test_json_nested_deeper_than_any_stack_is_one_bad_line(tmp_path: Path) -> None:
    deep = '{"type":"assistant","usage":' + "[" * 200_000 + "]" * 200_000 + "}"
    path = logs.write(tmp_path / "a.jsonl", [deep, logs.claude()])
    events, bad, _ = logs.read(importer("claude-code"), path)
    assert (len(events), [one.line for one in bad]) == (1, [1])


def test_numbers_that_are_no_numbers(tmp_path: Path) -> None:
    lines = [
        logs.line(logs.claude("m1", 5)).replace('"output_tokens":5', '"output_tokens":NaN').strip(),
        logs.line(logs.claude("m2", 5)).replace('"output_tokens":5', '"output_tokens":1e999').strip(),
        logs.line(logs.claude("m3", 5)).replace('"output_tokens":5', '"output_tokens":' + "9" * 5000).strip(),
        logs.claude("m4", 5),
    ]
    events, bad, _ = logs.read(importer("claude-code"), logs.write(tmp_path / "a.jsonl", lines))
    assert [event.dedupe_key for event in events if not impossible(event)] == ["m4"]
    assert len(events) + len(bad) == 4


def test_a_type_that_is_no_word_is_nobodys(tmp_path: Path) -> None:
    odds: list[object] = [[], {}, 5]
    for odd in odds:
        assert detect(logs.write(tmp_path / "a.jsonl", [logs.claude() | {"type": odd}])) is None
