"""How a database stands to this program: empty, current, older, newer, or somebody else's."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import OperationalError, ProgrammingError

from engine.errors import InputError
from engine.store.address import Address
from engine.store.revisions import LEGACY_TABLE, VERSION_TABLE, Revisions


class State(StrEnum):
    """What must happen before a database can be used."""

    EMPTY = "empty"
    CURRENT = "current"
    OLDER = "older"
    NEWER = "newer"
    FOREIGN = "foreign"
    LEGACY = "legacy"
    """Another program's recorded calls, which can be taken over beside its own tables."""


def quick_version(engine: Engine) -> str | None:
    """Read the revision with one select; None when that is not enough to know it."""
    try:
        with engine.connect() as connection:
            rows = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalars().all()  # noqa: S608
    except (OperationalError, ProgrammingError) as error:
        if isinstance(error, OperationalError) and engine.dialect.name != "sqlite":
            # There the table that is not there yet is another error; nobody waits for a server twice.
            raise
        # No such table, or a trouble that asking again will name.
        return None
    return str(rows[0]) if len(rows) == 1 else None


def state_of(connection: Connection, revisions: Revisions) -> tuple[State, str]:
    """Return the state of a database and its revision, ``""`` when it has none."""
    inspector = inspect(connection)
    names = set(inspector.get_table_names())
    if VERSION_TABLE in names:
        rows = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalars().all()  # noqa: S608
        version = str(rows[0]) if rows else ""
        return compare(version, revisions), version
    from engine.store.schema import metadata

    clash = names & set(metadata.tables)
    if LEGACY_TABLE in names and not clash:
        return State.LEGACY, ""
    # A server's schema may be shared; only tables that are called like ours stand in the way.
    return (State.FOREIGN if clash or (names and connection.dialect.name == "sqlite") else State.EMPTY), ""


def compare(version: str, revisions: Revisions) -> State:
    """Say how a revision stands to those that are known."""
    if version == revisions.head:
        return State.CURRENT
    if not version:
        return State.EMPTY
    return State.OLDER if version in revisions.ids else State.NEWER


def require_ours(state: State, version: str, address: Address) -> None:
    """Refuse a database that this program must not touch.

    Raises:
        InputError: it is newer than the program, or another program's.
    """
    if state is State.NEWER:
        raise InputError(
            f"database {address.shown} was written by a newer packsight (its revision is {version})",
            "update packsight, or name another database with --db",
        )
    if state is State.FOREIGN:
        raise InputError(
            f"database {address.shown} belongs to another program; nothing in it was changed",
            "name another database with --db",
        )
