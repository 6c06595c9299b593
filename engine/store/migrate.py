"""Bring a database to the newest revision: under a lock, after a backup, in one transaction.

Killed at any moment, it leaves the old revision or the new one, and the next start goes on from there. Alembic is
imported here and nowhere else.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, func, inspect, select, table

from engine.store.address import Address
from engine.store.backup import copy_database, free_name
from engine.store.connect import WRITES
from engine.store.revisions import VERSION_TABLE, Revisions
from engine.store.state import State, require_ours, state_of

if TYPE_CHECKING:
    from alembic.config import Config

_ALEMBIC = threading.Lock()
"""Alembic keeps the migration under way in module variables, so threads take turns."""


@dataclass(frozen=True, slots=True)
class Migrated:
    """What an upgrade did."""

    before: str
    """Revision it found, ``""`` for an empty database."""
    after: str
    backup: Path | None
    """Copy of the database as it was, when it held anything."""


def upgrade(engine: Engine, address: Address, revisions: Revisions) -> Migrated:
    """Migrate to the newest revision; does nothing when another process was faster.

    Raises:
        InputError: the database is newer than the program, another program's, or cannot be backed up.
    """
    with engine.begin() as connection:
        # Before anything is changed: even the journal mode is a change of somebody else's file.
        require_ours(*state_of(connection, revisions), address)
    with _ALEMBIC, engine.connect().execution_options(**{WRITES: True}) as connection:
        _prepare(connection)
        with connection.begin():
            # Only what is seen under the lock counts.
            state, before = state_of(connection, revisions)
            require_ours(state, before, address)
            if state is State.CURRENT:
                return Migrated(before, before, None)
            backup = _back_up(connection, address.path, before or state.value)
            from alembic import command

            command.upgrade(alembic_config(connection, revisions), revisions.head)
            if state is State.LEGACY:
                from engine.store.legacy import take_over

                take_over(connection)
            _check(connection)
    return Migrated(before, revisions.head, backup)


def alembic_config(connection: Connection, revisions: Revisions) -> Config:
    """Settings that make Alembic's commands work over ``connection``, without a file of settings."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", revisions.location.replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _prepare(connection: Connection) -> None:
    driver = connection.connection.driver_connection
    if not isinstance(driver, sqlite3.Connection):
        return
    # Another process may hold the file at this moment; it then does the same, and the mode stays with the file.
    with contextlib.suppress(sqlite3.OperationalError):
        driver.execute("PRAGMA journal_mode=WAL")
    # Rebuilding a table drops the old one, which would delete the rows that refer to it. Cannot be set later on.
    driver.execute("PRAGMA foreign_keys=OFF")


def _back_up(connection: Connection, path: Path | None, version: str) -> Path | None:
    """Copy what the lock keeps others from changing; a server's backups are its administrator's."""
    if path is None or version == State.EMPTY:
        return None
    names = [name for name in inspect(connection).get_table_names() if name != VERSION_TABLE]
    if not any(connection.scalar(select(func.count()).select_from(table(name))) for name in names):
        return None
    return copy_database(path, free_name(path, f"backup-{version}"))


def _check(connection: Connection) -> None:
    if connection.dialect.name == "sqlite" and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise AssertionError("a migration left rows that refer to nothing")
