"""Opening the database of what a person would miss, and reading and writing it in transactions."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine

from engine.errors import InputError
from engine.store.address import Address, address_of
from engine.store.backup import copy_database, free_name
from engine.store.connect import BUSY_TIMEOUT_S, WRITES, connect
from engine.store.damage import guarded
from engine.store.migrate import Migrated, upgrade
from engine.store.reach import require_reachable
from engine.store.revisions import SHIPPED, Revisions
from engine.store.state import quick_version


class NoDatabase(InputError):
    """There is no database yet, and the caller did not want one made."""


@dataclass(frozen=True, slots=True)
class Database:
    """An open database at the newest revision. Use as a context manager, or ``close`` it."""

    address: Address
    engine: Engine
    migrated: Migrated | None
    """What opening had to do, None when nothing."""

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that sees one state and changes nothing.

        Raises:
            DatabaseDamaged: the file is damaged; it was set aside.
            InputError: the database cannot be read.
        """
        with guarded(self.address), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that waits for other writers and is kept whole, or not at all when the block raises.

        Raises:
            DatabaseDamaged: the file is damaged; it was set aside.
            InputError: another process writes for longer than 15 s, or the database cannot be written.
        """
        writer = self.engine.execution_options(**{WRITES: True})
        with guarded(self.address), writer.begin() as connection:
            yield connection

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()

    def __enter__(self) -> Database:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()


def open_database(
    url: str | None, *, create: bool, revisions: Revisions = SHIPPED, patience_s: float = BUSY_TIMEOUT_S
) -> Database:
    """Open a database and bring it to the newest revision.

    Args:
        url: ``sqlite:///FILE``, ``postgresql+psycopg://…``, or nothing for the user's own file.
        create: Make the file when there is none.
        revisions: The schema to bring it to.
        patience_s: How long to wait for other writers.

    Raises:
        NoDatabase: there is none and ``create`` is False.
        DatabaseDamaged: the file is damaged; it was set aside.
        Unreachable: the server cannot be reached, or could not a moment ago.
        InputError: the database is newer than the program, another program's, or cannot be used.
        UsageError: ``url`` names no database.
    """
    address = address_of(url)
    require_reachable(address)
    if not address.exists and not create:
        raise NoDatabase(
            f"there is no database {address.shown} yet", "the first save makes it, or packsight db upgrade"
        )
    engine = connect(address, patience_s)
    try:
        if address.path is not None and create:
            _touch(address.path)
        with guarded(address):
            current = quick_version(engine) == revisions.head
            migrated = None if current else upgrade(engine, address, revisions)
    except BaseException:
        engine.dispose()
        raise
    return Database(address, engine, migrated)


def back_up(url: str | None, target: Path | None) -> Path:
    """Copy a SQLite database, whatever its revision, to ``target`` or to a name beside it.

    Raises:
        NoDatabase: there is none.
        InputError: a server, a target that exists or cannot be written, or a damaged database.
    """
    import sqlite3

    address = address_of(url)
    if address.path is None:
        raise InputError(f"database {address.shown} is a server's", "back it up with pg_dump")
    if not address.exists:
        raise NoDatabase(f"there is no database {address.shown} to back up")
    stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    try:
        return copy_database(address.path, target or free_name(address.path, f"backup-{stamp}"))
    except sqlite3.DatabaseError as error:
        raise InputError(f"database {address.shown} is damaged, so there is no copy: {error}") from error


def _touch(path: Path) -> None:
    """Make an empty file, which SQLite takes for an empty database; what exists stays as it is."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
    except OSError as error:
        raise InputError(f"database {path} cannot be made: {error.strerror or error}") from error
