"""Logs of other programs, by every importer."""

from __future__ import annotations

import csv
import io
import json
import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from functools import cache
from typing import Any

from engine.telemetry import Event, impossible
from engine.telemetry.importers import IMPORTERS, BadLine, Cursor, detect, importer
from engine.telemetry.json_form import event_json
from tests.engine.telemetry.importers import logs
from tests.fuzz.case import Target
from tests.fuzz.mutate import json_bytes, spoiled, spoiled_tree
from tests.fuzz.targets_files import file_of

SAMPLES: dict[str, list[Any]] = {
    "claude-code": [logs.claude_user(), logs.claude(), logs.claude("m2", 900, "end_turn", 2), logs.ceiling_error("u1")],
    "codex": [
        logs.codex_meta("s"),
        logs.CODEX_TURN,
        logs.codex_count(logs.counts(5, 6), logs.counts(5, 6)),
        logs.codex_record("r", logs.counts(5, 6)),
    ],
    "gemini-cli": [logs.GEMINI_HEAD, logs.gemini("m", 1, logs.GEMINI_TOKENS)],
    "gemini-telemetry": logs.gemini_records(1, 100),
    "litellm": [logs.LITELLM, logs.SPEND],
    "langfuse": [logs.LANGFUSE],
    "phoenix": [logs.PHOENIX],
    "otlp": [logs.otlp(logs.GENAI), logs.otlp(logs.GENAI, root="resourceLogs")],
    "packsight": [logs.OWN],
}
_TOKENS = (
    b"\n",
    b",",
    b"{}",
    b"[]",
    b'"',
    b"null",
    b'{"',
    b'":',
    b"\r\n",
    b"NaN",
    b"1e999",
    b'"\\ud800"',
    b"[{",
    b"}]",
    b"-1,",
)


@cache
def _whole(name: str) -> tuple[bytes, ...]:
    """The samples as lines, as one list, as single objects with breaks, and as CSV."""
    rows = SAMPLES[name]
    head = list(dict.fromkeys(key for row in rows for key in row))
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(head)
    for row in rows:
        values = (row[key] for key in head if key in row)
        writer.writerow([json.dumps(value) if isinstance(value, dict | list) else value for value in values])
    return (
        b"".join(json_bytes(row) + b"\n" for row in rows),
        json_bytes(rows),
        b"".join(json.dumps(row, indent=1).encode() + b"\n" for row in rows),
        table.getvalue().encode(),
    )


def _maker(name: str) -> Callable[[random.Random], bytes]:
    def make(dice: random.Random) -> bytes:
        if dice.random() < 0.65:
            made = [spoiled_tree(row, dice) if dice.random() < 0.7 else row for row in SAMPLES[name]]
            lines = [json_bytes(row, dice) for row in made]
            if dice.random() < 0.1:
                return b"[" + b",".join(lines) + b"]"
            data = b"\n".join(lines) + b"\n" * dice.randrange(2)
            return data if dice.random() < 0.8 else spoiled(data, dice, _whole(name), _TOKENS, most=2)
        return spoiled(dice.choice(_whole(name)), dice, _whole(name), _TOKENS, most=6)

    return make


def _checker(name: str) -> Callable[[bytes], None]:
    one = importer(name)

    def check(case: bytes) -> None:
        with file_of("log.jsonl", case) as path:
            found = detect(path)
            assert found is None or found in IMPORTERS
            reading = one.read(path)
            _check_reading(list(reading), name)
            cursor = Cursor.from_json(json.loads(json.dumps(reading.cursor.to_json())))
            assert cursor == reading.cursor
            # What was read is known: going on from there finds no more calls than the last, unfinished line may give.
            list(one.read(path, cursor))

    return check


def _check_reading(found: list[Event | BadLine], name: str) -> None:
    for thing in found:
        if isinstance(thing, BadLine):
            assert thing.reason
            assert thing.reason.isprintable()
            assert len(thing.reason) <= 300
            continue
        assert thing.timestamp.tzinfo is not None
        for text in (thing.model, thing.provider, thing.dedupe_key, thing.session_id, thing.stop_reason, thing.effort):
            # What the program itself exported comes back as it was; it is made visible where it is shown.
            assert name == "packsight" or (text.isprintable() and len(text) <= 500)
        if impossible(thing) is None:
            json.dumps(event_json(thing), allow_nan=False).encode()
            repr(thing).encode()
            assert thing.source == name or name == "packsight"


def make_llm(dice: random.Random) -> bytes:
    """Make a database of ``llm``'s with odd values, or spoil one's bytes."""
    if dice.random() < 0.3:
        whole = _llm_bytes((logs.LLM,))
        at = dice.randrange(len(whole))
        made = bytearray(whole)
        for _ in range(dice.randint(1, 6)):
            made[at % len(made)] = dice.randrange(256)
            at = dice.choice((at + 1, dice.randrange(len(made)), dice.randrange(100)))
        return bytes(made[: dice.choice((len(made), len(made), dice.randrange(len(made))))])
    row = spoiled_tree(logs.LLM, dice)
    flat = {key: _cell(value) for key, value in row.items()} if isinstance(row, dict) else {}
    return _llm_bytes((flat,))


def _cell(value: object) -> object:
    if isinstance(value, dict | list):
        return json.dumps(value)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 2**63:
        return str(value)
    return value.encode("utf-8", "surrogatepass") if isinstance(value, str) and not _is_text(value) else value


def _is_text(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _llm_bytes(rows: tuple[Any, ...]) -> bytes:
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute("PRAGMA page_size=512")
        names = list(logs.LLM)
        db.execute(f"CREATE TABLE turns ({', '.join(names)}, PRIMARY KEY (id))")
        marks = ", ".join("?" * len(names))
        for row in rows:
            db.execute(f"INSERT INTO turns VALUES ({marks})", [row.get(name) for name in names])
        db.commit()
        return db.serialize()


def check_llm(case: bytes) -> None:
    """A damaged or odd database gives events or bad lines."""
    one = importer("llm")
    with file_of("logs.db", case) as path:
        detect(path)
        reading = one.read(path)
        _check_reading(list(reading), "llm")
        list(one.read(path, reading.cursor))


TARGETS = (
    *(
        Target(f"import-{name}", f"{name} logs give sound events or bad lines", _maker(name), _checker(name), 12)
        for name in SAMPLES
    ),
    Target("import-llm", "llm databases give sound events or bad lines", make_llm, check_llm, 12),
)
