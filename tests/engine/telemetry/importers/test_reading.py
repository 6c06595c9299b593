"""Reading on where reading stopped: appended, half-written, rotated, truncated, rewritten and hostile files."""

from __future__ import annotations

import io
import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.telemetry import Event
from engine.telemetry.importers import Cursor
from engine.telemetry.importers.claude_code import IMPORTER
from engine.telemetry.importers.lines import blocks
from engine.telemetry.importers.objects import pieces
from engine.telemetry.importers.otlp import IMPORTER as OTLP
from tests.engine.telemetry.importers import logs

LINES = [
    logs.claude_user(), logs.claude("msg_1", 1, None, 1), logs.claude("msg_1", 50, second=2),
    logs.claude("msg_2", 60, side=True, second=3), logs.claude("msg_1", 50, second=4),
    logs.claude("msg_2", 60, side=True, second=5), logs.claude_user("é" * 300, toolUseResult={"usage": {"a": {}}}),
    logs.claude("msg_3", 70, second=6), logs.claude("msg_3", 70, second=7, uuid="u7"),
]  # fmt: skip
WHOLE = "".join(map(logs.line, LINES)).encode()


def _best(events: list[Event]) -> dict[str, Event]:
    found: dict[str, Event] = {}
    for event in events:
        known = found.get(event.dedupe_key)
        if known is None or (event.complete, event.actual_output_tokens or 0) > (
            known.complete,
            known.actual_output_tokens or 0,
        ):
            found[event.dedupe_key] = event
    return found


@settings(deadline=None, max_examples=120)
@given(st.lists(st.integers(0, len(WHOLE)), max_size=6))
def test_a_log_read_while_it_grows_gives_what_it_gives_at_once(
    tmp_path_factory: pytest.TempPathFactory, stops: list[int]
) -> None:
    path = tmp_path_factory.mktemp("log") / "a.jsonl"
    path.write_bytes(WHOLE)
    at_once, _, end = logs.read(IMPORTER, path)
    events: list[Event] = []
    cursor = Cursor()
    for stop in [*sorted(stops), len(WHOLE)]:
        path.write_bytes(WHOLE[:stop])
        new, bad, cursor = logs.read(IMPORTER, path, Cursor.from_json(json.loads(json.dumps(cursor.to_json()))))
        events += new
        assert not bad
    assert _best(events) == _best(at_once)
    assert (cursor.offset, cursor.line) == (end.offset, end.line)


def test_nothing_is_read_twice_but_the_last_answer(tmp_path: Path) -> None:
    path = logs.write(tmp_path / "a.jsonl", [logs.claude(f"msg_{number}", 5) for number in range(100)])
    _, _, cursor = logs.read(IMPORTER, path)
    logs.append(path, logs.line(logs.claude("msg_new", 6)))
    events, _, _ = logs.read(IMPORTER, path, cursor)
    assert [event.dedupe_key for event in events] == ["msg_99", "msg_new"]


def test_a_half_written_line_is_left_for_the_next_time(tmp_path: Path) -> None:
    text = logs.line(logs.claude("msg_2", 9))
    path = logs.write(tmp_path / "a.jsonl", [logs.claude("msg_1", 5)])
    logs.append(path, text[:300])
    events, bad, cursor = logs.read(IMPORTER, path)
    assert ([event.dedupe_key for event in events], bad) == (["msg_1"], [])
    logs.append(path, text[300:])
    events, bad, _ = logs.read(IMPORTER, path, cursor)
    assert ([event.dedupe_key for event in events], bad) == (["msg_1", "msg_2"], [])


def test_a_last_line_without_its_newline_is_read_and_lines_keep_their_numbers(tmp_path: Path) -> None:
    path = logs.write(tmp_path / "a.jsonl", [logs.claude("msg_1"), logs.claude("msg_2")], end="")
    events, _, cursor = logs.read(IMPORTER, path)
    assert len(events) == 2
    logs.append(path, "\nbroken\n")
    _, bad, _ = logs.read(IMPORTER, path, cursor)
    assert [one.line for one in bad] == [3]


@pytest.mark.parametrize("longer", [True, False])
def test_a_log_that_was_replaced_is_read_from_its_start(tmp_path: Path, longer: bool) -> None:
    path = logs.write(tmp_path / "a.jsonl", [logs.claude(f"msg_{number}") for number in range(9)])
    _, _, cursor = logs.read(IMPORTER, path)
    path.rename(tmp_path / "a.jsonl.1")
    logs.write(path, [logs.claude(f"msg_new_{number}") for number in range(30 if longer else 3)])
    events, _, _ = logs.read(IMPORTER, path, cursor)
    assert [event.dedupe_key for event in events] == [f"msg_new_{number}" for number in range(30 if longer else 3)]


def test_a_log_that_was_emptied_and_filled_again_is_read_from_its_start(tmp_path: Path) -> None:
    path = logs.write(tmp_path / "a.jsonl", [logs.claude_user(), *(logs.claude(f"msg_{n}") for n in range(9))])
    _, _, cursor = logs.read(IMPORTER, path)
    size = path.stat().st_size
    lines = [logs.claude_user(), *(logs.claude(f"msg_{n}", 99) for n in range(20))]
    logs.write(path, lines)
    assert path.stat().st_size > size
    events, _, _ = logs.read(IMPORTER, path, cursor)
    assert len(events) == 20


def test_cursors_that_are_no_cursors_mean_from_the_start() -> None:
    odds: list[object] = [None, [], {"offset": -4}, {"offset": "3"}, {"head": 5}, {"state": 7}, {"line": True}]
    assert {Cursor.from_json(odd).offset for odd in odds} == {0}
    assert all(Cursor.from_json(odd) == Cursor() for odd in odds)


def test_an_export_that_was_read_is_known_again(tmp_path: Path) -> None:
    path = tmp_path / "o.json"
    path.write_text(json.dumps([logs.otlp(logs.GENAI)]))
    _, _, cursor = logs.read(OTLP, path)
    assert cursor.unchanged(path.stat())
    path.write_text(json.dumps([logs.otlp(logs.GENAI), logs.otlp(logs.GENAI | {"gen_ai.response.id": "2"})]))
    events, _, _ = logs.read(OTLP, path, cursor)
    assert [event.dedupe_key for event in events] == ["chatcmpl-1", "2"]


def test_files_that_cannot_be_read_are_bad_files(tmp_path: Path) -> None:
    for path in (tmp_path / "gone.jsonl", tmp_path):
        events, bad, _ = logs.read(IMPORTER, path)
        assert (events, len(bad), bad[0].line) == ([], 1, 0)


@settings(deadline=None, max_examples=80)
@given(
    st.lists(st.binary(max_size=40).map(lambda data: data.replace(b"\n", b"x")), max_size=30),
    st.booleans(),
    st.integers(1, 12),
)
def test_blocks_give_every_line_once_and_tell_of_those_too_long(parts: list[bytes], ends: bool, longest: int) -> None:
    data = b"\n".join(parts) + (b"\n" if ends and parts else b"")
    found: list[tuple[int, bytes]] = []
    for block in blocks(io.BytesIO(data), 0, 0):
        offset = block.offset
        for number, text in enumerate(block.lines, block.line):
            assert data[offset : offset + len(text)] == text
            assert data.count(b"\n", 0, offset) == number - 1
            found.append((number, text))
            offset += len(text) + 1
    expected = data.split(b"\n")
    assert [text for _, text in found] == expected[: len(expected) - (not expected[-1])]


def test_lines_too_long_are_passed_over_in_bounded_memory(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    with open(path, "wb") as log:
        log.write(logs.line(logs.claude("msg_1")).encode())
        log.write(b'{"usage":"' + b"x" * 300_000 + b'"}\n')
        log.write(logs.line(logs.claude("msg_2")).encode())
    with open(path, "rb") as stream:
        found = list(blocks(stream, 0, 0, longest=100_000))
    assert [(block.line, len(block.lines), block.overlong) for block in found] == [
        (1, 1, False), (2, 0, True), (3, 1, False),
    ]  # fmt: skip
    assert b"".join(found[-1].lines) == path.read_bytes().splitlines()[-1]


_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=8)
    | st.sampled_from(['"', "\\", '\\"', "{", "}", "]"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@settings(deadline=None, max_examples=80)
@given(
    st.lists(st.dictionaries(st.text(max_size=4), _JSON, max_size=4), max_size=6),
    st.sampled_from([None, 2]),
    st.sampled_from(["{}", "[{}]", '{{"data": [{}], "next": null}}']),
    st.booleans(),
)
def test_objects_are_cut_out_whole(values: list[logs.Json], indent: int | None, around: str, ascii_only: bool) -> None:
    texts = [json.dumps(value, indent=indent, ensure_ascii=ascii_only) for value in values]
    if around == "{}":
        data, offset = "\n".join(texts), 0
    else:
        data, offset = around.format(",\n".join(texts)), around.index("[") - around.startswith("{{")
    found = list(pieces(io.BytesIO(data.encode("utf-8", "surrogatepass")), offset, 0))
    assert [json.loads(piece.data or b"") for piece in found] == values


def test_an_object_that_was_broken_off_does_not_hide_the_next(tmp_path: Path) -> None:
    objects = [json.dumps(logs.otlp(logs.GENAI | {"gen_ai.response.id": str(number)}), indent=2) for number in range(3)]
    path = tmp_path / "t.json"
    path.write_text("\n".join([objects[0], objects[1][:400], objects[2]]) + "\n" + objects[1][:90])
    events, bad, _ = logs.read(OTLP, path)
    assert [event.dedupe_key for event in events] == ["0", "2"]
    assert len(bad) == 1


def test_objects_too_long_are_told_and_passed_over() -> None:
    data = b'{"a":1}' + b'{"b":"' + b"x" * 600_000 + b'"}' + b'{"c":3}'
    found = list(pieces(io.BytesIO(data), 0, 0, longest=300_000))
    assert [piece.data for piece in found] == [b'{"a":1}', None, b'{"c":3}']
    assert found[-1].end == len(data)


def test_pipes_and_devices_are_not_opened(tmp_path: Path) -> None:
    from engine.telemetry.importers import detect

    os.mkfifo(tmp_path / "pipe.jsonl")
    assert detect(tmp_path / "pipe.jsonl") is None
    assert detect(tmp_path) is None
    assert detect(tmp_path / "gone") is None
