"""The last known copy of a team's profiles, budgets and estimator: what is read while its server is down.

A file of the database's own tables, made anew as a whole, so that everything that reads a person's own file reads this
one too. It is never written to by anything else: what is saved goes to the server or nowhere.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.store.address import Address
from engine.store.paths import data_dir

if TYPE_CHECKING:
    from pathlib import Path

    from engine.store.database import Database

FOLDER = "team"
_REFRESH_S = 60.0
"""Age at which a copy is made again by whoever reads the server."""
_MOST_ROWS = 20_000
"""Of a table; a team with more of them has the newest here."""


@dataclass(frozen=True, slots=True)
class LastKnown:
    """A copy that is there."""

    address: Address
    """Where it is, to be read like any other file."""
    age_s: float


def last_known(address: Address) -> LastKnown | None:
    """The copy of what a server held, or None where there is none; files have none."""
    if address.path is not None:
        return None
    path = _path(address)
    try:
        age_s = max(0.0, time.time() - path.stat().st_mtime)
    except OSError:
        return None
    return LastKnown(Address(str(path), path), age_s)


def keep_copy(database: Database, *, at_once: bool = False) -> None:
    """Copy what a server holds, unless that was done a moment ago; a disk that takes no copy is no trouble.

    Args:
        database: An open database; that of a file is left alone.
        at_once: However young the copy is: something was just saved.

    Raises:
        InputError: the server cannot be read.
    """
    known = last_known(database.address)
    if database.address.path is not None or (known and known.age_s < _REFRESH_S and not at_once):
        return
    path = _path(database.address)
    draft = path.with_name(f".{path.name}.{os.getpid()}-{uuid.uuid4().hex[:8]}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600))
        _write(database, draft)
        os.replace(draft, path)
    except OSError:
        pass
    finally:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)


def _write(database: Database, draft: Path) -> None:
    from sqlalchemy import text

    from engine.store.connect import WRITES, connect
    from engine.store.damage import guarded
    from engine.store.revisions import SHIPPED, VERSION_TABLE
    from engine.store.schema import metadata
    from engine.store.tables import budgets, profile_versions, profiles, repositories
    from engine.store.telemetry_tables import moves, versions

    here = Address(str(draft), draft)
    with guarded(here, move=False):
        engine = connect(here)
        try:
            with engine.execution_options(**{WRITES: True}).begin() as target, database.read() as source:
                metadata.create_all(target)
                target.execute(text(f"CREATE TABLE {VERSION_TABLE} (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
                target.execute(text(f"INSERT INTO {VERSION_TABLE} VALUES (:head)"), {"head": SHIPPED.head})  # noqa: S608
                for table in (repositories, budgets, profiles, profile_versions, versions, moves):
                    newest = table.select().order_by(*(column.desc() for column in table.primary_key)).limit(_MOST_ROWS)
                    rows = [dict(row) for row in source.execute(newest).mappings()]
                    if rows:
                        target.execute(table.insert().prefix_with("OR IGNORE"), rows)
        finally:
            engine.dispose()


def _path(address: Address) -> Path:
    name = hashlib.blake2b(address.shown.encode("utf-8", "replace"), digest_size=8).hexdigest()
    return data_dir() / FOLDER / f"{name}.db"
