"""Output tokens that keys used today, in a small file that all workers of a gateway on this machine share.

A call reserves its ceiling before it is made and settles what it used after it, so that calls at the same moment do
not spend the same tokens. What is never settled lapses.
"""

from __future__ import annotations

import contextlib
import datetime
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from engine.errors import PacksightError

_TABLES = """
CREATE TABLE IF NOT EXISTS spent (day TEXT, key TEXT, tokens INTEGER NOT NULL, PRIMARY KEY (day, key)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS reserved (
    call TEXT PRIMARY KEY, day TEXT NOT NULL, key TEXT NOT NULL, tokens INTEGER NOT NULL, until_s REAL NOT NULL
) WITHOUT ROWID;
"""
_LAPSE_S = 900.0
"""How long a reservation holds without an outcome: longer than calls take."""
_KEPT_DAYS = 7
_PATIENCE_S = 0.5


class Exhausted(PacksightError):
    """A key has used its output tokens of the day, or its money."""


class Allowance:
    """The ledger. Used from one thread."""

    def __init__(self, path: Path, clock: Callable[[], float] = time.time) -> None:
        """Prepare; the file is made when it is needed.

        Args:
            path: The file.
            clock: Seconds since 1970.
        """
        self._path, self._clock = path, clock
        self._connection: sqlite3.Connection | None = None

    def reserve(self, call: str, key: str, wanted: int, per_day: int, smallest: int) -> int:
        """Reserve output tokens for a call, as many as are left; reserving again replaces what the call had.

        Returns:
            What was reserved: ``wanted``, or less.

        Raises:
            Exhausted: fewer than ``smallest`` are left (fewer than ``wanted``, if that is less); nothing is reserved.
            OSError: the file cannot be used.
            sqlite3.Error: likewise.
        """
        now = self._clock()
        day = _day(now)
        with self._transaction() as db:
            db.execute("DELETE FROM reserved WHERE until_s < ? OR call = ?", (now, call))
            spent = db.execute("SELECT tokens FROM spent WHERE day = ? AND key = ?", (day, key)).fetchone()
            held = db.execute("SELECT sum(tokens) FROM reserved WHERE day = ? AND key = ?", (day, key)).fetchone()
            used = (spent[0] if spent else 0) + (held[0] or 0)
            granted = min(wanted, per_day - used)
            if granted < min(wanted, smallest):
                raise Exhausted(
                    f"this key has used {used:,} of its {per_day:,} output tokens of {day} (UTC), calls under way "
                    "included",
                    "try again tomorrow, or ask for a larger budget",
                )
            db.execute("INSERT INTO reserved VALUES (?, ?, ?, ?, ?)", (call, day, key, granted, now + _LAPSE_S))
        return granted

    def settle(self, call: str, key: str, used: int) -> None:
        """Book what a call used in the place of what it reserved.

        Raises:
            OSError: the file cannot be used.
            sqlite3.Error: likewise.
        """
        now = self._clock()
        with self._transaction() as db:
            found = db.execute("DELETE FROM reserved WHERE call = ? RETURNING day", (call,)).fetchone()
            day = found[0] if found else _day(now)
            if used > 0:
                db.execute(
                    "INSERT INTO spent VALUES (?, ?, ?) "
                    "ON CONFLICT (day, key) DO UPDATE SET tokens = tokens + excluded.tokens",
                    (day, key, used),
                )
            db.execute("DELETE FROM spent WHERE day < ?", (_day(now - _KEPT_DAYS * 86_400),))

    def spent(self, key: str) -> int:
        """Output tokens that a key used today.

        Raises:
            OSError: the file cannot be used.
            sqlite3.Error: likewise.
        """
        with self._transaction() as db:
            query = "SELECT tokens FROM spent WHERE day = ? AND key = ?"
            found = db.execute(query, (_day(self._clock()), key)).fetchone()
        return int(found[0]) if found else 0

    def close(self) -> None:
        """Close the file; the next use opens it again."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        if self._connection is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            # One thread works with it; another one may close it.
            opened = sqlite3.connect(self._path, timeout=_PATIENCE_S, isolation_level=None, check_same_thread=False)
            try:
                opened.execute("PRAGMA journal_mode = WAL")
                opened.executescript(_TABLES)
            except BaseException:
                opened.close()
                raise
            self._connection = opened
        db = self._connection
        db.execute("BEGIN IMMEDIATE")
        try:
            yield db
        except BaseException:
            db.execute("ROLLBACK")
            raise
        db.execute("COMMIT")


def _day(moment_s: float) -> str:
    return datetime.datetime.fromtimestamp(moment_s, datetime.UTC).date().isoformat()
