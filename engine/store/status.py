"""What a database holds and whether it is sound, without changing anything."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, func, select

from engine.store.address import address_of
from engine.store.connect import connect
from engine.store.damage import DatabaseDamaged, guarded
from engine.store.reach import Unreachable, require_reachable
from engine.store.revisions import SHIPPED
from engine.store.schema import metadata
from engine.store.state import State, state_of


@dataclass(frozen=True, slots=True)
class DatabaseStatus:
    """A look at a database."""

    database: str
    """Path of the file, or the server's URL without its password."""
    state: str
    """``missing``, ``empty``, ``current``, ``older``, ``newer``, ``foreign``, ``damaged`` or ``unreachable``."""
    version: str
    """Revision of the database, ``""`` when it has none."""
    newest: str
    """Revision that this program writes."""
    rows: dict[str, int]
    """Rows by table, when the database is current."""
    size_bytes: int | None
    """Size of the file and its write-ahead log; None for a server."""
    problem: str
    """What is wrong with a damaged or unreachable database, else ``""``."""
    backups: tuple[str, ...]
    """Backups and damaged databases that lie beside the file."""


def database_status(url: str | None) -> DatabaseStatus:
    """Look at a database; damage is part of the answer.

    Raises:
        InputError: it is in use.
        UsageError: ``url`` names no database.
    """
    address = address_of(url)
    beside = _beside(address.path)
    if not address.exists:
        return DatabaseStatus(address.shown, "missing", "", SHIPPED.head, {}, 0, "", beside)
    try:
        require_reachable(address)
    except Unreachable as trouble:
        return DatabaseStatus(address.shown, "unreachable", "", SHIPPED.head, {}, None, trouble.message, beside)
    engine = connect(address)
    version, rows, problem = "", {}, ""
    try:
        with guarded(address, move=False), engine.connect() as connection, connection.begin():
            found, version = state_of(connection, SHIPPED)
            state = str(found)
            if found is State.CURRENT:
                rows = {name: _count(connection, name) for name in sorted(metadata.tables)}
            if connection.dialect.name == "sqlite":
                verdict = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
                if verdict != "ok":
                    state, problem = "damaged", str(verdict)
    except DatabaseDamaged as damage:
        state, problem = "damaged", damage.message
    except Unreachable as trouble:
        state, problem = "unreachable", trouble.message
    finally:
        engine.dispose()
    return DatabaseStatus(address.shown, state, version, SHIPPED.head, rows, _size(address.path), problem, beside)


def _count(connection: Connection, name: str) -> int:
    return connection.scalar(select(func.count()).select_from(metadata.tables[name])) or 0


def _size(path: Path | None) -> int | None:
    if path is None:
        return None
    parts = (path, path.with_name(path.name + "-wal"))
    return sum(part.stat().st_size for part in parts if part.exists())


def _beside(path: Path | None) -> tuple[str, ...]:
    if path is None or not path.parent.is_dir():
        return ()
    marks = tuple(f"{path.name}.{word}-" for word in ("backup", "damaged"))
    return tuple(sorted(
        str(found) for found in path.parent.iterdir()
        if found.name.startswith(marks) and not found.name.endswith(("-wal", "-shm"))
    ))  # fmt: skip
