"""A consistent copy of a SQLite database, whole or not there, that never replaces a file."""

from __future__ import annotations

import contextlib
import itertools
import os
import sqlite3
from pathlib import Path

from engine.errors import InputError
from engine.store.connect import BUSY_TIMEOUT_S


def copy_database(path: Path, target: Path) -> Path:
    """Copy the database at ``path`` to ``target`` while others may use it.

    Raises:
        InputError: ``target`` exists or cannot be written.
        sqlite3.DatabaseError: the database is damaged.
    """
    draft = target.with_name(f".{target.name}.{os.getpid()}.draft")
    try:
        if os.path.lexists(target):
            raise InputError(f"{target} exists; a backup never replaces a file", "name a file that does not exist")
        draft.unlink(missing_ok=True)
        _vacuum(path, draft)
        _to_disk(draft)
        try:
            # Unlike a rename, a link fails when somebody else made the target meanwhile.
            os.link(draft, target)
        except FileExistsError:
            raise
        except OSError:
            os.rename(draft, target)
    except OSError as error:
        raise InputError(f"backup {target} cannot be written: {error.strerror or error}") from error
    except sqlite3.OperationalError as error:
        raise InputError(f"backup {target} cannot be written: {error}") from error
    finally:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)
    return target


def free_name(path: Path, word: str) -> Path:
    """Return a path beside ``path`` that does not exist: ``name.word``, ``name.word-2``, …"""
    for number in itertools.count(1):
        candidate = path.with_name(f"{path.name}.{word}" + (f"-{number}" if number > 1 else ""))
        if not os.path.lexists(candidate):
            return candidate
    raise AssertionError("unreachable")


def _vacuum(path: Path, draft: Path) -> None:
    uri = f"{path.absolute().as_uri()}?mode=rw"
    with contextlib.closing(sqlite3.connect(uri, uri=True, timeout=BUSY_TIMEOUT_S, isolation_level=None)) as db:
        db.execute("VACUUM INTO ?", (os.fspath(draft),))


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
