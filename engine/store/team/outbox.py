"""Which analyses of the local cache a team's server does not have yet. Names only: what they name is in the cache.

Kept in the cache's own file and written with the analyses, so neither an outage nor the end of a process loses it. A
name whose analysis is gone is dropped when its turn comes.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Sequence

from engine.store.address import Address

MOST = 200_000
"""Names that wait; beyond them the oldest go: those analyses are made again by whoever needs them."""
_TABLE = """
CREATE TABLE IF NOT EXISTS team_outbox (number INTEGER PRIMARY KEY, team BLOB NOT NULL, version BLOB NOT NULL,
    encoding TEXT NOT NULL, key BLOB NOT NULL, UNIQUE (team, version, encoding, key))
"""


class Outbox:
    """What waits for one server. Methods take the open cache file and begin no transactions."""

    def __init__(self, address: Address, version: bytes) -> None:
        # The URL without its password, which may change while something waits.
        self.team = hashlib.blake2b(address.shown.encode("utf-8", "replace"), digest_size=8).digest()
        self._version = version

    def add(self, db: sqlite3.Connection, encoding: str, keys: Iterable[bytes]) -> None:
        """Note analyses that were just written."""
        db.executemany(
            "INSERT OR IGNORE INTO team_outbox (team, version, encoding, key) VALUES (?, ?, ?, ?)",
            ((self.team, self._version, encoding, key) for key in keys),
        )
        db.execute(
            "DELETE FROM team_outbox WHERE number <= (SELECT max(number) FROM team_outbox) - ?", (MOST,)
        )  # numbers only grow while rows are there

    def first(self, db: sqlite3.Connection, most: int) -> tuple[str, list[bytes]]:
        """Some that wait, all of one vocabulary; ``("", [])`` when there are none."""
        row = db.execute(
            "SELECT encoding FROM team_outbox WHERE team = ? AND version = ? ORDER BY number LIMIT 1",
            (self.team, self._version),
        ).fetchone()
        if row is None:
            return "", []
        rows = db.execute(
            "SELECT key FROM team_outbox WHERE team = ? AND version = ? AND encoding = ? ORDER BY number LIMIT ?",
            (self.team, self._version, row[0], most),
        )
        return str(row[0]), [key for (key,) in rows]

    def drop(self, db: sqlite3.Connection, encoding: str, keys: Sequence[bytes]) -> None:
        """Forget what was sent, or is there no more."""
        db.executemany(
            "DELETE FROM team_outbox WHERE team = ? AND version = ? AND encoding = ? AND key = ?",
            ((self.team, self._version, encoding, key) for key in keys),
        )


def make_outbox(db: sqlite3.Connection) -> None:
    """Make the table where there is none."""
    db.execute(_TABLE)


def waiting(db: sqlite3.Connection, address: Address) -> int:
    """How many analyses wait for a server."""
    team = Outbox(address, b"").team
    try:
        return int(db.execute("SELECT count(*) FROM team_outbox WHERE team = ?", (team,)).fetchone()[0])
    except sqlite3.OperationalError:
        return 0
