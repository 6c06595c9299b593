"""The ``llm`` tool's ``logs.db``: table ``turns``, and ``responses`` of older versions.

Opened read-only and immutable: nothing is locked and nothing is written beside it. Prompts and answers stay in it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from engine.telemetry.event import Event
from engine.telemetry.importers.bad_line import Unusable
from engine.telemetry.importers.importer import Importer
from engine.telemetry.importers.log import Found, Log
from engine.telemetry.importers.replies import ceiling_of, ending_of
from engine.telemetry.importers.usage import settle
from engine.telemetry.importers.values import count, first_count, first_word, key, mapping, moment, number
from engine.telemetry.importers.words import finish_of, provider_of, truncated_by
from engine.telemetry.words import CeilingSource

SOURCE = "llm"
TABLES = ("turns", "responses")
"""Tables of calls, the one that is written today first."""
_COLUMNS = (
    "id", "thread_id", "conversation_id", "model", "resolved_model", "options_json", "input_tokens", "output_tokens",
    "token_details", "duration_ms", "datetime_utc", "response_json",
)  # fmt: skip
_LONG = frozenset({"options_json", "token_details", "response_json"})
_UNREADABLE = (sqlite3.Error, UnicodeDecodeError)
"""Also words of a damaged schema, which the driver reads as UTF-8 whatever it was told."""
_LONGEST_JSON = 1 << 20
_LONGEST_VALUE = 16 << 20


def is_llm(path: Path) -> bool:
    """Whether a SQLite file has one of the tables."""
    try:
        with closing(_open(path)) as connection:
            return bool(_tables(connection))
    except _UNREADABLE:
        return False


def read(log: Log) -> Iterator[Found]:
    """Yield an event for each call that counted its tokens; rows before ``log.since`` are passed over."""
    found = log.path.stat()
    last = mapping(log.since.state.get("rows")) if log.since.inode == found.st_ino else {}
    rows: dict[str, object] = dict(last)
    number_read = 0
    try:
        with closing(_open(log.path)) as connection:
            for table in _tables(connection):
                after = count(last.get(table)) or 0
                if after > _highest(connection, table):
                    after = 0
                for row in _rows(connection, table, after):
                    rows[table] = row["rowid"]
                    number_read += 1
                    try:
                        event = _event(row)
                    except Unusable as problem:
                        yield log.bad(count(row["rowid"]) or 0, f"{table}: {problem}")
                        continue
                    if event is not None:
                        yield event
    except _UNREADABLE as error:
        yield log.bad(0, f"not readable as a database: {type(error).__name__}")
    log.state["rows"] = rows
    with open(log.path, "rb") as stream:
        log.resume = found.st_size, 0
        log.finish(stream)


def locations(environment: Mapping[str, str], home: Path) -> tuple[Path, ...]:
    """Return where ``llm`` keeps its database: ``LLM_USER_PATH``, or the user's folder for applications."""
    named = environment.get("LLM_USER_PATH")
    if named:
        return (Path(named).expanduser() / "logs.db",)
    config = Path(environment.get("XDG_CONFIG_HOME") or home / ".config")
    folders = (
        config,
        home / "Library" / "Application Support",
        Path(environment.get("APPDATA") or home / "AppData" / "Roaming"),
    )
    return tuple(folder / "io.datasette.llm" / "logs.db" for folder in folders)


def claims(record: Mapping[str, object]) -> bool:
    """No JSON record is this tool's."""
    return False


IMPORTER = Importer(SOURCE, "llm", claims, locations, read)


def _open(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(f"file:{quote(str(path.absolute()))}?mode=ro&immutable=1", uri=True)
    connection.text_factory = lambda data: data.decode("utf-8", "replace")
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_VALUE)
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA cell_size_check = ON")
    return connection


def _tables(connection: sqlite3.Connection) -> list[str]:
    """Plain tables with the columns that are needed; a view could be made to run for ever."""
    rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'")
    named = {name for (name,) in rows}
    needed = {"id", "model", "output_tokens", "datetime_utc"}
    return [table for table in TABLES if table in named and needed <= _columns(connection, table)]


def _columns(connection: sqlite3.Connection, table: str) -> set[str]:
    return {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}


def _highest(connection: sqlite3.Connection, table: str) -> int:
    return count(connection.execute(f"SELECT max(rowid) FROM {table}").fetchone()[0]) or 0  # noqa: S608


def _rows(connection: sqlite3.Connection, table: str, after: int) -> Iterator[dict[str, object]]:
    names = [name for name in _COLUMNS if name in _columns(connection, table)]
    short = f"CASE WHEN length({{0}}) <= {_LONGEST_JSON} THEN {{0}} END AS {{0}}"
    wanted = ", ".join(short.format(name) if name in _LONG else name for name in names)
    statement = f"SELECT rowid, {wanted} FROM {table} WHERE rowid > ? ORDER BY rowid"  # noqa: S608
    for row in connection.execute(statement, (after,)):
        yield dict(zip(("rowid", *names), row, strict=True))


def _event(row: Mapping[str, object]) -> Event | None:
    if row.get("output_tokens") is None:
        return None
    happened = moment(row.get("datetime_utc"))
    output = count(row.get("output_tokens"))
    if happened is None:
        raise Unusable("no usable datetime_utc")
    if output is None:
        raise Unusable("output_tokens is no count")
    details = mapping(row.get("token_details"))
    inputs, outputs = (
        mapping(details.get(one) or details.get(other))
        for one, other in (
            ("prompt_tokens_details", "input_tokens_details"),
            ("completion_tokens_details", "output_tokens_details"),
        )
    )
    model = first_word(row, "resolved_model", "model")
    provider = provider_of("", model)
    usage = settle(
        prompt=count(row.get("input_tokens")),
        output=output,
        cached=first_count(
            {**details, **inputs}, "cache_read_input_tokens", "cached_tokens", "cachedContentTokenCount"
        ),
        cache_write=first_count(details, "cache_creation_input_tokens"),
        reasoning=first_count({**details, **outputs}, "reasoning_tokens", "thinking_tokens", "thoughtsTokenCount"),
        cache_inside=provider != "anthropic",
        reasoning_inside=provider != "gemini",
    )
    raw = ending_of(mapping(row.get("response_json")))
    finish, ceiling = finish_of(raw), ceiling_of(mapping(row.get("options_json")))
    lasted = number(row.get("duration_ms"))
    return Event(
        timestamp=happened,
        source=SOURCE,
        dedupe_key=key(row.get("id")),
        provider=provider,
        model=model,
        actual_max_tokens=ceiling,
        ceiling_source=CeilingSource.UNKNOWN if ceiling is None else CeilingSource.IMPORTED,
        actual_output_tokens=usage.output,
        reasoning_tokens=usage.reasoning,
        prompt_tokens=usage.prompt,
        cached_tokens=usage.cached,
        cache_write_tokens=usage.cache_write,
        truncated=truncated_by(finish),
        finish=finish,
        stop_reason=raw,
        session_id=first_word(row, "thread_id", "conversation_id"),
        duration_s=lasted / 1000 if lasted is not None and lasted >= 0 else None,
    )
