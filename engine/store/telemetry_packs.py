"""Packs that were made, kept to compare what was expected with what was counted and what was sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, replace

from sqlalchemy import Connection, func, select

from engine.store.database import Database
from engine.store.rows import insert
from engine.store.telemetry_refusals import count_refusals
from engine.store.telemetry_rows import written
from engine.store.telemetry_tables import events, packs
from engine.telemetry.moments import from_us, to_us
from engine.telemetry.pack_event import PackEvent, impossible_pack

SOURCE = "pack"
"""Who refused packs are counted for."""


def write_packs(database: Database, made: Iterable[PackEvent]) -> int:
    """Keep packs; the same key again replaces the pack. Returns how many were kept.

    Raises:
        InputError: the database cannot be written.
    """
    with database.write() as connection:
        return put_packs(connection, made)


def put_packs(connection: Connection, made: Iterable[PackEvent]) -> int:
    """The same inside a transaction."""
    refused: Counter[tuple[str, str]] = Counter()
    kept = 0
    for pack in made:
        reason = impossible_pack(pack)
        if reason:
            refused[SOURCE, reason] += 1
            continue
        columns = {name: value for name, value in asdict(pack).items() if name not in ("timestamp", "event_id")}
        values = {name: written(value) if isinstance(value, str) else value for name, value in columns.items()}
        values["at_us"] = to_us(pack.timestamp)
        statement = insert(connection, packs).values(**values)
        connection.execute(statement.on_conflict_do_update(index_elements=["dedupe_key"], set_=values))
        kept += 1
    count_refusals(connection, refused)
    return kept


def list_packs(database: Database, limit: int = 100, offset: int = 0) -> tuple[int, tuple[PackEvent, ...]]:
    """Return how many packs there are, and a page of them, newest first.

    ``sent_tokens`` is what the calls say that name the pack, where the pack itself does not say.

    Raises:
        InputError: the database cannot be read.
    """
    with database.read() as connection:
        total = connection.scalar(select(func.count()).select_from(packs)) or 0
        rows = connection.execute(
            select(packs).order_by(packs.c.at_us.desc(), packs.c.id.desc()).limit(limit).offset(offset)
        )
        found = [_pack(row._mapping) for row in rows]
        return total, tuple(_with_sent(connection, pack) for pack in found)


def _pack(row: object) -> PackEvent:
    values = dict(row)  # type: ignore[call-overload]
    values["timestamp"], values["event_id"] = from_us(values.pop("at_us")), str(values.pop("id"))
    return PackEvent(**values)


def _with_sent(connection: Connection, pack: PackEvent) -> PackEvent:
    if pack.sent_tokens is not None:
        return pack
    # The first attempt: the prompt of a continuation also holds the answer so far.
    sent = connection.scalar(
        select(func.min(events.c.prompt_tokens)).where(events.c.pack_key == pack.dedupe_key, events.c.prompt_tokens > 0)
    )
    return replace(pack, sent_tokens=sent)
