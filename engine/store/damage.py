"""What a database that cannot be read turns into: one clear error, and a file moved aside with everything it held."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from engine.errors import InputError
from engine.store.address import Address
from engine.store.reach import ServerTrouble, found_down, found_up, without_secrets

_DATABASE_SUFFIXES = frozenset({".db", ".sqlite", ".sqlite3"})


class DatabaseDamaged(InputError):
    """The file holds no readable database."""

    def __init__(self, message: str, hint: str, set_aside: Path | None) -> None:
        super().__init__(message, hint)
        self.set_aside = set_aside
        """Where the file is now; None when it was left where it is."""


@contextmanager
def guarded(address: Address, *, move: bool = True) -> Iterator[None]:
    """Turn what a driver raises into errors for people.

    Args:
        address: The database that is used inside.
        move: Set a damaged file aside; False leaves it in its place.

    Raises:
        DatabaseDamaged: the file is damaged, or is no database.
        ServerTrouble: it is a server's, and the same.
        InputError: the database is in use, cannot be reached or cannot be written; or a value is no text.
    """
    seen = _file_id(address.path)
    try:
        yield
        if address.path is None:
            found_up(address)
    except UnicodeEncodeError as error:
        raise InputError(f"'{error.object}' cannot be in a database: it has bytes that are no text") from error
    except (DBAPIError, sqlite3.DatabaseError) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        if address.path is None:
            trouble = _server_trouble(address, error, cause)
            if trouble is None:
                raise
            raise trouble from error
        # Subclasses of the driver's DatabaseError are locks, full disks and mistakes of ours; only it itself is damage.
        if type(cause) is sqlite3.DatabaseError and address.path is not None:
            raise _damaged(address, address.path, seen, str(cause), move) from error
        if isinstance(error, OperationalError | sqlite3.OperationalError):
            raise _unusable(address, str(cause)) from error
        raise


_OUTSIDE = ("08", "28", "3D", "57", "58")
"""Classes of states in which no statement gets through: connection, authorization, no database, a stop, the system."""
_UNWILLING = ("25006", "42501", "53", "55", "40", "0A")
"""States and classes in which a statement is refused: read-only, no permission, full, locked, a deadlock, a standby."""


def _server_trouble(address: Address, error: Exception, cause: BaseException | None) -> InputError | None:
    """What the administrator of a server has to look at; None for mistakes of ours."""
    state = str(getattr(cause, "sqlstate", None) or "")
    reason = str(cause)
    if "lock timeout" in reason:
        return _unusable(address, reason)
    if state.startswith(_UNWILLING):
        return ServerTrouble(f"database {address.shown} cannot be used: {without_secrets(reason, address)}")
    if state.startswith(_OUTSIDE) or (not state and isinstance(error, OperationalError | InterfaceError)):
        return found_down(address, reason)
    return None


def _unusable(address: Address, reason: str) -> InputError:
    lines = reason.strip().splitlines() or ["no reason given"]
    if "locked" in lines[0] or "lock timeout" in lines[0]:
        trouble = ServerTrouble if address.path is None else InputError
        return trouble(f"database {address.shown} is in use by another process", "try again when it is done")
    if "no such table" in lines[0] or "no such column" in lines[0] or "has no column" in lines[0]:
        # It was at this program's revision when it was opened.
        return InputError(
            f"database {address.shown} was changed by another version of packsight meanwhile ({lines[0]})",
            "start again; where this one is the older, update it",
        )
    if "readonly" in lines[0] or "unable to open" in lines[0]:
        return InputError(
            f"database {address.shown} cannot be written: {lines[0]}", "is its folder there, and may it be written?"
        )
    if "full" in lines[0]:
        words = f"database {address.shown} cannot be written: {lines[0]}"
        return InputError(words, "make room; what was saved is kept")
    return InputError(f"database {address.shown} cannot be used: {lines[0]}")


def _damaged(address: Address, path: Path, seen: tuple[int, int] | None, reason: str, move: bool) -> DatabaseDamaged:
    if not address.is_default and path.suffix.lower() not in _DATABASE_SUFFIXES:
        # More likely a mistyped name than our file: moving it away would be a worse surprise.
        return DatabaseDamaged(f"{address.shown} is not a database: {reason}", "name another file with --db", None)
    if not move or seen is None or _file_id(path) != seen:
        return DatabaseDamaged(f"database {address.shown} is damaged: {reason}", "restore a backup of it", None)
    aside = path.with_name(f"{path.name}.damaged-{time.strftime('%Y%m%dT%H%M%S', time.gmtime())}-{os.getpid()}")
    try:
        # The file itself goes last: a new database beside an old write-ahead log would be damaged by it.
        for suffix in ("-wal", "-shm", ""):
            part = path.with_name(path.name + suffix)
            if part.exists():
                os.rename(part, aside.with_name(aside.name + suffix))
    except OSError as error:
        return DatabaseDamaged(
            f"database {address.shown} is damaged and cannot be moved aside: {error.strerror or error}",
            "move it away, or restore a backup of it",
            None,
        )
    return DatabaseDamaged(
        f"database {address.shown} is damaged ({reason}); it was set aside as {aside.name}",
        "restore a backup, or go on: the next save begins a new database",
        aside,
    )


def _file_id(path: Path | None) -> tuple[int, int] | None:
    """Know a file again, so that the new database of another process is not taken for the damaged one."""
    try:
        status = os.stat(path) if path is not None else None
    except OSError:
        return None
    return (status.st_dev, status.st_ino) if status else None
