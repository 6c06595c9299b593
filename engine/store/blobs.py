"""The blob cache: analyses by blob id, counts by blob id and vocabulary, and the last state of each repository.

A row is written whole or not at all, carries a checksum, and can be lost at any time: the blob is then analysed again.
Several processes may share the file (write-ahead log, immediate write transactions, 15 s patience).
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter
from pathlib import Path

from engine.errors import PacksightError
from engine.scan.record import BlobRecord, Damaged, seal, unseal
from engine.scan.version import analyzer_version, summary_version
from engine.store.blob_tables import BLOB_TABLES, TABLES, prepare
from engine.tokens.plugged import counted_as

_BUSY_TIMEOUT_S = 15.0
_SNAPSHOTS_KEPT = 200
_USED_STEP_S = 86_400
"""How exactly it is known when an analysis was used: noting it each time would make every scan write."""


class CacheUnusable(PacksightError):
    """The cache cannot be opened or written: a read-only directory, a full disk, another process that holds it."""


class BlobCache:
    """An open blob cache. Use as a context manager, or ``close`` it."""

    def __init__(self, path: Path | None) -> None:
        """Open or create the cache at ``path``; a file that is no usable cache is set aside and made anew.

        Args:
            path: The file, or None for a cache in memory that ends with the process.

        Raises:
            CacheUnusable: the directory or the file cannot be created or written.
        """
        self.path = path
        self.set_aside: Path | None = None
        """Where a damaged cache was moved, for the warning."""
        try:
            if path is not None:
                path.parent.mkdir(parents=True, exist_ok=True)
            self._db = self._open()
        except (OSError, sqlite3.OperationalError) as error:
            raise CacheUnusable(f"cache {path} cannot be used: {error}") from error
        except sqlite3.DatabaseError as error:
            self._rebuild(error)

    def _open(self) -> sqlite3.Connection:
        where = self.path or ":memory:"
        db = sqlite3.connect(where, timeout=_BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False)
        try:
            prepare(db)
            db.execute("CREATE TEMP TABLE wanted (key BLOB PRIMARY KEY) WITHOUT ROWID")
        except BaseException:
            db.close()
            raise
        return db

    def _rebuild(self, error: sqlite3.DatabaseError) -> None:
        # Subclasses are mistakes of the caller (a closed database, a constraint), not damage.
        if type(error) is not sqlite3.DatabaseError or self.path is None:
            raise error
        with contextlib.suppress(AttributeError, sqlite3.Error):
            self._db.close()
        self.set_aside = self.path.with_name(f"{self.path.name}.damaged-{os.getpid()}-{time.time_ns():x}")
        for suffix in ("", "-wal", "-shm"):
            with contextlib.suppress(FileNotFoundError):
                os.replace(f"{self.path}{suffix}", f"{self.set_aside}{suffix}")
        self._db = self._open()

    def __enter__(self) -> BlobCache:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    # -- reading -------------------------------------------------------------------------------------------------

    def records(self, keys: Sequence[bytes], encoding: str) -> dict[bytes, tuple[bytes, bytes, bytes | None]]:
        """Look up analyses.

        Returns:
            key → (head, chunk rows, counts or None when this vocabulary was not counted yet); damaged rows are absent.
        """
        found: dict[bytes, tuple[bytes, bytes, bytes | None]] = {}
        query = (
            "SELECT head.key, head.data, head.rows, counts.data FROM wanted JOIN head USING (key) "
            "LEFT JOIN counts ON counts.key = head.key AND counts.encoding = ?"
        )
        for key, head, rows, counts in self._select(query, keys, (counted_as(encoding),)):
            with contextlib.suppress(Damaged):
                found[key] = (unseal(head), unseal(rows), None if counts is None else unseal(counts))
        return found

    def details(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        """Look up what rendering needs; damaged rows are absent."""
        return self._column("detail", keys)

    def graphs(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        """Look up definitions and references; damaged rows are absent."""
        return self._column("graph", keys)

    def terms(self, keys: Sequence[bytes], version: bytes) -> dict[bytes, bytes]:
        """Look up the search terms that ``version`` of the code took out of blobs; damaged rows are absent."""
        found: dict[bytes, bytes] = {}
        query = "SELECT terms.key, terms.data FROM wanted JOIN terms USING (key) WHERE terms.version = ?"
        for key, data in self._select(query, keys, (version,)):
            with contextlib.suppress(Damaged):
                found[key] = unseal(data)
        return found

    def _column(self, table: str, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        found: dict[bytes, bytes] = {}
        query = f"SELECT {table}.key, {table}.data FROM wanted JOIN {table} USING (key)"  # noqa: S608  a fixed name
        for key, data in self._select(query, keys, ()):
            with contextlib.suppress(Damaged):
                found[key] = unseal(data)
        return found

    def _select(
        self, query: str, keys: Sequence[bytes], parameters: Sequence[str | bytes]
    ) -> Iterator[tuple[bytes, ...]]:
        try:
            self._db.execute("DELETE FROM wanted")
            self._db.execute("BEGIN")
            self._db.executemany("INSERT OR IGNORE INTO wanted VALUES (?)", ((key,) for key in keys))
            yield from self._db.execute(query, parameters)
        except sqlite3.OperationalError as error:
            raise CacheUnusable(f"cache {self.path} cannot be read: {error}") from error
        except sqlite3.DatabaseError as error:
            self._rebuild(error)
        finally:
            self._undo()

    # -- writing -------------------------------------------------------------------------------------------------

    def save(self, encoding: str, records: Iterable[tuple[bytes, BlobRecord]]) -> None:
        """Write analyses with their counts, in one transaction.

        A record without chunk rows but with counts is a recount: only its counts are written.
        """
        # In the order of the index, neighbours are written to the same page.
        rows = sorted(records, key=itemgetter(0))
        whole = [(key, record) for key, record in rows if record.rows or not record.counts]
        counted = counted_as(encoding)
        with self.writing() as db:
            db.executemany(
                "INSERT OR REPLACE INTO head VALUES (?, ?, ?)",
                ((key, seal(record.head()), seal(record.rows)) for key, record in whole),
            )
            db.executemany(
                "INSERT OR REPLACE INTO graph VALUES (?, ?)", ((key, seal(record.graph)) for key, record in whole)
            )
            db.executemany(
                "INSERT OR REPLACE INTO detail VALUES (?, ?)", ((key, seal(record.detail)) for key, record in whole)
            )
            db.executemany(
                "INSERT OR REPLACE INTO counts VALUES (?, ?, ?)",
                ((key, counted, seal(record.counts)) for key, record in rows),
            )
            db.executemany(
                "INSERT OR REPLACE INTO made VALUES (?, ?, ?)",
                ((key, analyzer_version(), int(time.time())) for key, _ in whole),
            )

    def touch(self, keys: Sequence[bytes], place: str = "") -> None:
        """Note that analyses are still used; does nothing when the state of ``place`` was used today already."""
        now_s = int(time.time())
        with contextlib.suppress(CacheUnusable):
            known = self._db.execute("SELECT used_s FROM snapshot WHERE place = ?", (place,)).fetchone()
            if known is not None and known[0] > now_s - _USED_STEP_S:
                return
            with self.writing() as db:
                db.execute("UPDATE snapshot SET used_s = ? WHERE place = ?", (now_s, place))
                db.executemany(
                    "UPDATE made SET used_s = ? WHERE key = ? AND used_s < ?",
                    ((now_s, key, now_s - _USED_STEP_S) for key in keys),
                )

    def save_terms(self, version: bytes, rows: Iterable[tuple[bytes, bytes]]) -> None:
        """Write search terms by key, in one transaction; those of another version are replaced."""
        with self.writing() as db:
            db.executemany(
                "INSERT OR REPLACE INTO terms VALUES (?, ?, ?)", ((key, version, seal(data)) for key, data in rows)
            )

    def snapshot(self, place: str, digest: bytes) -> bytes | None:
        """Fetch what was kept for a repository, if its state is still the one that ``digest`` names."""
        try:
            query = "SELECT data FROM snapshot WHERE place = ? AND digest = ?"
            row = self._db.execute(query, (place, digest)).fetchone()
            return unseal(row[0]) if row else None
        except Damaged:
            return None
        except sqlite3.OperationalError as error:
            raise CacheUnusable(f"cache {self.path} cannot be read: {error}") from error
        except sqlite3.DatabaseError as error:
            self._rebuild(error)
            return None

    def last_snapshot(self, place: str) -> tuple[bytes, bytes] | None:
        """Fetch what was last kept for a repository, with the digest of that state; None where it cannot be read."""
        with contextlib.suppress(sqlite3.DatabaseError, Damaged):
            for digest, data in self._db.execute("SELECT digest, data FROM snapshot WHERE place = ?", (place,)):
                return digest, unseal(data)
        return None

    def keep_snapshot(self, place: str, digest: bytes, data: bytes) -> None:
        """Remember the assembled state of a repository; the oldest of too many go."""
        with self.writing() as db:
            db.execute(
                "INSERT OR REPLACE INTO snapshot VALUES (?, ?, ?, ?, ?)",
                (place, digest, seal(data), int(time.time()), summary_version()),
            )
            db.execute(
                "DELETE FROM snapshot WHERE place IN "
                "(SELECT place FROM snapshot ORDER BY used_s DESC LIMIT -1 OFFSET ?)",
                (_SNAPSHOTS_KEPT,),
            )

    def forget(self, keys: Sequence[bytes], place: str) -> None:
        """Drop analyses and everything that was kept for a repository: they are made again when asked for."""
        with self.writing() as db:
            for table in BLOB_TABLES:
                db.executemany(f"DELETE FROM {table} WHERE key = ?", ((key,) for key in keys))  # noqa: S608  fixed names
            db.execute("DELETE FROM snapshot WHERE substr(place, 1, ?) = ?", (len(place), place))

    def clear(self) -> int:
        """Forget everything; gives the number of blobs forgotten."""
        number = int(self._db.execute("SELECT count(*) FROM head").fetchone()[0])
        with self.writing() as db:
            for table in TABLES:
                db.execute(f"DELETE FROM {table}")  # noqa: S608  fixed names
        self.shrink()
        return number

    def shrink(self) -> None:
        """Give room that is free in the file back to the disk; left out while another process uses the cache."""
        with contextlib.suppress(sqlite3.OperationalError):
            self._db.execute("VACUUM")
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def status(self) -> dict[str, int]:
        """Count blobs, counts and repositories, and the size of the file in bytes."""
        blobs, counts, repositories = self._db.execute(
            "SELECT (SELECT count(*) FROM head), (SELECT count(*) FROM counts), (SELECT count(*) FROM snapshot)"
        ).fetchone()
        return {
            "blobs": blobs,
            "counts": counts,
            "repositories": repositories,
            "size_bytes": self.path.stat().st_size if self.path else 0,
        }

    @contextlib.contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction that ends whole or not at all."""
        try:
            self._db.execute("BEGIN IMMEDIATE")
            yield self._db
            self._db.execute("COMMIT")
        except sqlite3.OperationalError as error:
            self._undo()
            raise CacheUnusable(f"cache {self.path} cannot be written: {error}") from error
        except sqlite3.DatabaseError as error:
            # Pages that contradict each other: what was about to be written is worth less than a sound cache.
            self._rebuild(error)
        except BaseException:
            self._undo()
            raise

    def _undo(self) -> None:
        with contextlib.suppress(sqlite3.Error):
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
