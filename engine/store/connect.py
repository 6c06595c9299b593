"""Connections that behave the same on SQLite and PostgreSQL: one writer at a time, readers never wait for it."""

from __future__ import annotations

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
_CONNECT_TIMEOUT_S = 10


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
        db = sqlite3.connect(uri, uri=True, timeout=patience_s, isolation_level=None, check_same_thread=False)
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


def _postgresql(address: Address, patience_s: float) -> Engine:
    from sqlalchemy.exc import ArgumentError

    # The driver takes whole seconds, and 1 as 2.
    wait_s = max(2, min(_CONNECT_TIMEOUT_S, round(patience_s)))
    options: dict[str, Any] = {"pool_pre_ping": True, "connect_args": {"connect_timeout": wait_s}}
    try:
        engine = create_engine(address.url, **options)
    except ModuleNotFoundError as error:
        raise InputError(
            f"database {address.shown} needs the PostgreSQL driver, which is not installed",
            "pip install 'psycopg[binary]'",
        ) from error
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
