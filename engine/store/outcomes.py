"""Packs with what they showed, and what became of it; bounded by number."""

from __future__ import annotations

import datetime
import json
import zlib
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Row, delete, func, select, update

from engine.errors import InputError
from engine.model import ChunkClass
from engine.profiles.learning_outcomes import Mark, ShownPack, places_from_json, places_json
from engine.store.database import Database
from engine.store.keys import storable
from engine.store.outcome_tables import marks, packs
from engine.store.rows import insert
from engine.telemetry.moments import from_us, to_us

MOST_PACKS = 2_000
"""Packs that are kept; beyond them the oldest go, with their marks."""
_LONGEST_PATH = 600
"""Characters; an entry of an index has a limit on servers."""
_TEXTS = ("repository", "root", "revision", "model", "profile")
_NUMBERS = ("budget_tokens", "actual_tokens", "asks", "sent_tokens", "output_tokens")


def keep_outcomes(database: Database, made: Iterable[ShownPack], most: int = MOST_PACKS) -> int:
    """Add packs; one that is there stays as it is. Returns how many were new.

    Raises:
        InputError: the database cannot be written.
    """
    added = 0
    with database.write() as connection:
        for pack in made:
            values: dict[str, Any] = {name: storable(getattr(pack, name)) for name in _TEXTS}
            values |= {name: getattr(pack, name) for name in _NUMBERS}
            values |= {
                "pack_id": pack.pack_id,
                "at_us": to_us(pack.at),
                "expected": json.dumps({name.value: share for name, share in pack.expected.items()}),
                "places": zlib.compress(json.dumps(places_json(pack.places), separators=(",", ":")).encode("ascii")),
            }
            statement = insert(connection, packs).values(**values).on_conflict_do_nothing().returning(packs.c.id)
            added += connection.scalar(statement) is not None
        newest = select(packs.c.id).order_by(packs.c.at_us.desc(), packs.c.id.desc()).limit(most).subquery()
        going = select(packs.c.id).where(packs.c.id.not_in(select(newest.c.id)))
        # Not every connection enforces foreign keys.
        connection.execute(delete(marks).where(marks.c.pack_row.in_(going)))
        connection.execute(delete(packs).where(packs.c.id.in_(going)))
    return added


def keep_marks(database: Database, pack_id: str, found: Iterable[Mark]) -> None:
    """Add what became of places of a pack.

    Raises:
        InputError: there is no such pack, or the database cannot be written.
    """
    with database.write() as connection:
        row = connection.scalar(select(packs.c.id).where(packs.c.pack_id == pack_id))
        if row is None:
            raise InputError(f"pack {pack_id} is not recorded")
        for mark in found:
            values = {
                "pack_row": row,
                "what": mark.what,
                "path": storable(mark.path)[:_LONGEST_PATH],
                "start_line": mark.start_line,
                "end_line": mark.end_line,
                "at_us": to_us(mark.at),
                "class": mark.name.value,
                "level": mark.level,
            }
            connection.execute(insert(connection, marks).values(**values).on_conflict_do_nothing())


def keep_tokens(database: Database, pack_id: str, sent_tokens: int | None, output_tokens: int | None) -> None:
    """Note what a call with a pack took; None leaves a number as it is.

    Raises:
        InputError: the database cannot be written.
    """
    given = {"sent_tokens": sent_tokens, "output_tokens": output_tokens}
    values = {name: value for name, value in given.items() if value is not None}
    if values:
        with database.write() as connection:
            connection.execute(update(packs).where(packs.c.pack_id == pack_id).values(**values))


def list_outcomes(
    database: Database, repositories: Sequence[str], model: str = "", limit: int = MOST_PACKS
) -> tuple[tuple[ShownPack, tuple[Mark, ...]], ...]:
    """Packs of a repository with their marks, the newest first.

    Args:
        database: An open database.
        repositories: Names that the repository is known by.
        model: Only packs for this model; ``""`` for any.
        limit: Packs at most.

    Raises:
        InputError: the database cannot be read.
    """
    wanted = select(packs).where(packs.c.repository.in_([storable(name) for name in repositories]))
    if model:
        wanted = wanted.where(packs.c.model == storable(model))
    with database.read() as connection:
        rows = connection.execute(wanted.order_by(packs.c.at_us.desc(), packs.c.id.desc()).limit(limit)).all()
        told: dict[int, list[Mark]] = {}
        of = select(marks).where(marks.c.pack_row.in_([row.id for row in rows])).order_by(marks.c.at_us, marks.c.path)
        for one in connection.execute(of).mappings():
            mark = Mark(
                one["what"], one["path"], one["start_line"], one["end_line"], from_us(one["at_us"]),
                ChunkClass(one["class"]), one["level"],
            )  # fmt: skip
            told.setdefault(one["pack_row"], []).append(mark)
    return tuple((_pack(row), tuple(told.get(row.id, ()))) for row in rows)


def packs_since(
    database: Database, since: datetime.datetime, until: datetime.datetime, limit: int = 50
) -> tuple[ShownPack, ...]:
    """Packs of any repository that were made within a time, the newest first.

    Raises:
        InputError: the database cannot be read.
    """
    wanted = select(packs).where(packs.c.at_us >= to_us(since), packs.c.at_us <= to_us(until))
    with database.read() as connection:
        rows = connection.execute(wanted.order_by(packs.c.at_us.desc(), packs.c.id.desc()).limit(limit)).all()
    return tuple(map(_pack, rows))


def count_outcomes(database: Database) -> int:
    """How many packs are kept, of all repositories.

    Raises:
        InputError: the database cannot be read.
    """
    with database.read() as connection:
        return connection.scalar(select(func.count()).select_from(packs)) or 0


def _pack(row: Row[Any]) -> ShownPack:
    values = row._mapping
    return ShownPack(
        pack_id=row.pack_id,
        at=from_us(row.at_us),
        **{name: values[name] for name in (*_TEXTS, *_NUMBERS)},
        expected={ChunkClass(name): share for name, share in json.loads(row.expected).items()},
        places=places_from_json(json.loads(zlib.decompress(row.places))),
    )
