"""Connections that behave the same on SQLite and PostgreSQL: one writer at a time, readers never wait for it."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, NullPool, create_engine, event

from engine.errors import InputError, UsageError
from engine.store.address import Address

BUSY_TIMEOUT_S = 15
"""How long a writer waits for another one."""
WRITES = "packsight_writes"
"""Execution option of a connection whose transactions write."""
_LOCK_KEY = 0x7061636B
"""Key of the advisory lock that makes writers and migrations of a server take turns."""
_SILENCE_S = 30.0
"""Longer than any lock is waited for."""


def connect(address: Address, patience_s: float = BUSY_TIMEOUT_S) -> Engine:
    """Prepare connections; none is opened yet, and a missing file is not created.

    Args:
        address: Where the database is.
        patience_s: How long a writer waits for another one, and for a server to answer, where that is shorter.

    Raises:
        InputError: PostgreSQL without its driver.
        UsageError: the URL cannot be read.
    """
    return _sqlite(address.path, patience_s) if address.path is not None else _postgresql(address, patience_s)


def _sqlite(path: Path, patience_s: float) -> Engine:
    uri = f"{path.absolute().as_uri()}?mode=rw"

    def opened() -> sqlite3.Connection:
        # The driver would begin transactions by itself, and always as readers.
        db = sqlite3.connect(
            _readable(path, uri), uri=True, timeout=patience_s, isolation_level=None, check_same_thread=False
        )
        try:
            db.execute("PRAGMA foreign_keys=ON")
            # A commit survives a power failure too; saves are rare enough to pay for it.
            db.execute("PRAGMA synchronous=FULL")
        except BaseException:
            db.close()
            raise
        return db

    # Without a pool no handle outlives its use: a damaged file can be moved, and threads never share a connection.
    engine = create_engine("sqlite://", creator=opened, poolclass=NullPool)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A reader cannot become a writer once another process wrote, and no patience helps; so writers say so at once.
        writes = connection.get_execution_options().get(WRITES)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _readable(path: Path, uri: str) -> str:
    """Where nobody can write, reading needs no lock either; a log that was not folded in has to be, by a writer."""
    beside = path.with_name(f"{path.name}-wal")
    if os.access(path.parent, os.W_OK) or not os.access(path, os.R_OK) or (beside.exists() and beside.stat().st_size):
        return uri
    return uri.replace("?mode=rw", "?mode=ro&immutable=1")


def _postgresql(address: Address, patience_s: float) -> Engine:
    from sqlalchemy.exc import ArgumentError

    try:
        from engine.store.patient import CONNECT_TIMEOUT_S, connect_patiently
    except ImportError as error:
        raise InputError(
            f"database {address.shown} needs the PostgreSQL driver, which is not installed",
            "pip install 'psycopg[binary]'",
        ) from error
    wait_s = min(CONNECT_TIMEOUT_S, patience_s)

    def opened() -> Any:
        # A few ask, and seldom: threads of the app never wait for each other's connection.
        return connect_patiently(address.conninfo, wait_s, _SILENCE_S)

    try:
        engine = create_engine(address.url, creator=opened, pool_pre_ping=True)
    except (ArgumentError, ValueError) as error:
        raise UsageError(
            f"database '{address.shown}' cannot be read", "write postgresql+psycopg://USER@HOST/NAME"
        ) from error

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if connection.get_execution_options().get(WRITES):
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = {max(1, round(patience_s * 1000))}")
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK_KEY})")

    return engine
