"""Versions of the estimator: each kept whole, and which one is current, with every change of that."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from engine.errors import InputError
from engine.store.database import Database
from engine.store.rows import now
from engine.store.telemetry_tables import moves, versions

SHIPPED = ""
"""Name of the tables that ship, where a version is meant."""


@dataclass(frozen=True, slots=True)
class SavedVersion:
    """A version as it is kept."""

    name: str
    made_at: datetime.datetime
    body: str
    """Its content, as ``engine.telemetry.versions`` writes it."""


@dataclass(frozen=True, slots=True)
class Move:
    """A change of the current version."""

    number: int
    version: str
    """The version that became current; ``""`` is the tables that ship."""
    action: str
    """``apply``, ``rollback`` or ``trial``."""
    note: str
    moved_at: datetime.datetime


def apply_version(database: Database, body: str, action: str, note: str, expected: str) -> SavedVersion:
    """Keep a new version and make it the current one.

    Args:
        database: Where to.
        body: Its content.
        action: ``apply`` or ``trial``.
        note: What a person reads in the history.
        expected: Name of the version that it was made from, which must still be current.

    Raises:
        InputError: another version became current meanwhile, or the database cannot be written.
    """
    with database.write() as connection:
        current = _current_name(connection)
        if current != expected:
            raise InputError(
                f"the estimator is at {current or 'the shipped tables'} by now, not {expected or 'the shipped tables'}",
                "look at the proposals again",
            )
        number = (connection.scalar(select(func.max(versions.c.number))) or 0) + 1
        saved = SavedVersion(f"learned-{number}", now(), body)
        connection.execute(
            versions.insert().values(number=number, name=saved.name, made_at=saved.made_at, body=saved.body)
        )
        _move(connection, saved.name, action, note)
    return saved


def roll_back(database: Database, note: str = "") -> Move:
    """Make the version current that was so before the current one; returns the change.

    Going back goes on: the second time undoes the application before.

    Raises:
        InputError: there is nothing to undo, or the database cannot be written.
    """
    with database.write() as connection:
        line = _line(connection)
        if not line:
            raise InputError("there is nothing to roll back", "the estimator is at the tables that ship")
        before = line[-2] if len(line) > 1 else SHIPPED
        _move(connection, before, "rollback", note or f"from {line[-1]}")
        found = _moves(connection)
    return found[-1]


def current_version(database: Database) -> SavedVersion | None:
    """Return the current version, None while it is the tables that ship.

    Raises:
        InputError: the database cannot be read.
    """
    with database.read() as connection:
        name = _current_name(connection)
        row = connection.execute(select(versions).where(versions.c.name == name)).one_or_none()
    return None if row is None else SavedVersion(row.name, row.made_at, row.body)


def version_history(database: Database) -> tuple[Move, ...]:
    """All changes of the current version, oldest first.

    Raises:
        InputError: the database cannot be read.
    """
    with database.read() as connection:
        return _moves(connection)


def _move(connection: Connection, version: str, action: str, note: str) -> None:
    number = (connection.scalar(select(func.max(moves.c.number))) or 0) + 1
    connection.execute(moves.insert().values(number=number, version=version, action=action, note=note, moved_at=now()))


def _moves(connection: Connection) -> tuple[Move, ...]:
    rows = connection.execute(select(moves).order_by(moves.c.number))
    return tuple(Move(row.number, row.version, row.action, row.note, row.moved_at) for row in rows)


def _line(connection: Connection) -> list[str]:
    """Versions that led to the current one, what was rolled back left out."""
    line: list[str] = []
    for move in _moves(connection):
        if move.action == "rollback":
            line.pop()
        else:
            line.append(move.version)
    return line


def _current_name(connection: Connection) -> str:
    return connection.scalar(select(moves.c.version).order_by(moves.c.number.desc()).limit(1)) or SHIPPED
