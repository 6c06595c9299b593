"""Small things that all readers and writers of tables share."""

from __future__ import annotations

import datetime
from typing import Any

from sqlalchemy import Connection, Table, select
from sqlalchemy.dialects import postgresql, sqlite

from engine.store.keys import storable
from engine.store.tables import repositories


def now() -> datetime.datetime:
    """The moment that goes into a row, in UTC."""
    return datetime.datetime.now(datetime.UTC)


def insert(connection: Connection, table: Table) -> Any:
    """An insert that knows ``ON CONFLICT``, which both databases have and the standard does not."""
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)


def find_repository(connection: Connection, identity: str) -> int | None:
    """Id of a repository's row."""
    return connection.scalar(select(repositories.c.id).where(repositories.c.identity == storable(identity)))


def keep_repository(connection: Connection, identity: str) -> int:
    """Id of a repository's row, made when there is none."""
    connection.execute(insert(connection, repositories).values(identity=storable(identity)).on_conflict_do_nothing())
    found = find_repository(connection, identity)
    assert found is not None
    return found
