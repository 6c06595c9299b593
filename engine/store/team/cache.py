"""A blob cache with a team's server behind it: asked for what is missing here, fed with what was analysed here.

The server never makes a scan fail, and keeps it waiting for seconds at most. What it could not take waits in the
outbox of the local cache.
"""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from engine.errors import InputError
from engine.scan.record import BlobRecord, Damaged
from engine.scan.shared import Rows
from engine.store.address import Address
from engine.store.blobs import BlobCache, CacheUnusable
from engine.store.team import tables
from engine.store.team.believe import check_analysis, check_counts
from engine.store.team.link import Link
from engine.store.team.outbox import Outbox, make_outbox, waiting
from engine.store.team.sending import Parcel, parcels
from engine.store.team.versions import row_versions
from engine.store.team.wire import record_of

_ASKED_AT_ONCE = 500
"""Keys of one question; the answer is some megabytes."""
_LEASE_S = 30
"""How long a claim counts: a batch takes a second or two, and a machine may be gone."""
_LAST_S = 3.0
"""How long the end of a command may take to send what waits."""
_SENT_AT_ONCE = 400
_SLOW_S = 5.0
"""A question that takes longer is the last one: analysing so many files here is as quick."""


@dataclass(slots=True)
class Shared:
    """What was shared so far."""

    taken: int = 0
    """Analyses and counts that came from the server."""
    refused: int = 0
    """Rows of the server that were not believed."""
    sent: int = 0
    """Analyses and counts that the server took, or had."""


class TeamCache(BlobCache):
    """A ``BlobCache`` that shares. ``engine.scan`` finds by its methods that it is a ``SharedCache``."""

    def __init__(self, path: Path | None, address: Address, notice: Callable[[InputError], None]) -> None:
        """Open the local cache; the server is asked when something is missing.

        Args:
            path: As for ``BlobCache``.
            address: The server.
            notice: Hears of every trouble with the server.

        Raises:
            CacheUnusable: as for ``BlobCache``.
        """
        super().__init__(path)
        self.shared = Shared()
        self._link, self._notice = Link(address), notice
        self._versions = row_versions()
        self._outbox = Outbox(address, self._versions["version"])
        self._doubted: set[bytes] = set()

    def __enter__(self) -> TeamCache:
        return self

    def _open(self) -> sqlite3.Connection:
        db = super()._open()
        make_outbox(db)
        return db

    # -- taking --------------------------------------------------------------------------------------------------

    def records(self, keys: Sequence[bytes], encoding: str) -> Rows:
        """Look up analyses here, then at the server; what it knows is kept here."""
        found = super().records(keys, encoding)
        if is_shared(encoding):
            wanted = [key for key in dict.fromkeys(keys) if key and key not in found]
            found.update(self._taken(wanted, encoding))
            uncounted = [key for key, row in found.items() if row[1] and row[2] is None]
            self._take_counts(uncounted, found, encoding)
        return found

    def finished(self, keys: Sequence[bytes], encoding: str) -> Rows:
        """What others finished; see ``engine.scan.shared``."""
        return self._taken(keys, encoding) if is_shared(encoding) else {}

    def divide(self, keys: Sequence[bytes], encoding: str) -> tuple[Rows, set[bytes]]:
        """Claim work; see ``engine.scan.shared``."""
        if not self._link.is_open or not self._link.can_write or not is_shared(encoding):
            return {}, set()
        values = {"keys": sorted(keys), "owner": self._link.owner, "lease_s": _LEASE_S, "encoding": encoding}
        try:
            rows = self._link.ask(tables.CLAIM, {**values, **self._versions})
        except InputError as error:
            self._notice(error)
            return {}, set()
        mine = {key for key, _ in rows}
        made = self._taken([key for key, is_made in rows if is_made], encoding)
        return made, {key for key in keys if key not in mine}

    def _taken(self, keys: Sequence[bytes], encoding: str) -> Rows:
        found: Rows = {}
        wanted = [key for key in keys if key not in self._doubted]
        for part in _parts(wanted):
            started_s = time.monotonic()
            believed = list(self._believed(part, encoding))
            try:
                super().save(encoding, believed)
            except CacheUnusable:
                # Without its details an analysis is of no use.
                break
            found.update((key, (record.packed_head, record.rows, record.counts)) for key, record in believed)
            if time.monotonic() - started_s > _SLOW_S:
                break
        self.shared.taken += len(found)
        return found

    def _believed(self, keys: Sequence[bytes], encoding: str) -> Iterator[tuple[bytes, BlobRecord]]:
        old = []
        for key, seal, body, detail, counts_seal, counts, is_old in self._ask(tables.ASK, keys, encoding):
            try:
                parcel = Parcel(key, body, detail, counts)
                parcel.check(seal, counts_seal, self._versions, encoding)
                record = parcel.record()
                check_analysis(key, record.packed_head, record.rows, record.graph, detail)
                check_counts(record.counts, record.packed_head, record.rows)
            except Damaged:
                self._doubt(key)
                continue
            if is_old:
                old.append(key)
            yield key, record
        if old and self._link.can_write:
            self._tell((tables.NOTE_USED, old), (tables.NOTE_USED_COUNTS, old), encoding=encoding)

    def _take_counts(self, keys: Sequence[bytes], found: Rows, encoding: str) -> None:
        """Fill in counts of analyses that are known here for another vocabulary."""
        for part in _parts([key for key in keys if key not in self._doubted]):
            believed = []
            for key, seal, counts in self._ask(tables.ASK_COUNTS, part, encoding):
                parcel = Parcel(key, b"", b"", counts)
                head, rows, _ = found[key]
                try:
                    parcel.check(b"", seal, self._versions, encoding)
                    numbers = parcel.counts_record().counts
                    check_counts(numbers, head, rows)
                except Damaged:
                    self._doubt(key)
                    continue
                found[key] = (head, rows, numbers)
                believed.append((key, parcel.counts_record()))
            try:
                super().save(encoding, believed)
            except CacheUnusable:
                break
            self.shared.taken += len(believed)

    def _doubt(self, key: bytes) -> None:
        """What was not believed is made here, and put in its place."""
        self._doubted.add(key)
        self.shared.refused += 1

    def _ask(self, question: str, keys: Sequence[bytes], encoding: str) -> list[tuple]:  # type: ignore[type-arg]
        try:
            return self._link.ask(question, {"keys": list(keys), "encoding": encoding, **self._versions})
        except InputError as error:
            self._notice(error)
            return []

    # -- giving --------------------------------------------------------------------------------------------------

    def save(self, encoding: str, records: Iterable[tuple[bytes, BlobRecord]]) -> None:
        """Write analyses here, then send them; what cannot be sent waits."""
        made = list(records)
        super().save(encoding, made)
        if not is_shared(encoding) or not made:
            return
        keys = [key for key, _ in made]
        with self.writing() as db:
            self._outbox.add(db, encoding, keys)
        self._send(encoding, made)

    def waiting(self) -> int:
        """How many analyses the server does not have yet."""
        return waiting(self._db, self._link.address)

    def close(self) -> None:
        """Send what waits, for a few seconds at most, and close the file."""
        try:
            self.deliver()
        finally:
            self._link.close()
            super().close()

    def deliver(self, limit_s: float = _LAST_S) -> None:
        """Send what waits, until everything is sent, the server is in trouble, or the time is over."""
        with contextlib.suppress(CacheUnusable, sqlite3.Error):
            self._deliver(time.monotonic() + limit_s)

    def _deliver(self, until_s: float) -> None:
        while time.monotonic() < until_s:
            encoding, keys = self._outbox.first(self._db, _SENT_AT_ONCE)
            if not keys:
                return
            rows, graphs, details = super().records(keys, encoding), self.graphs(keys), self.details(keys)
            whole = [
                (key, record_of(row[0], row[1], graphs[key], details[key], row[2]))
                for key, row in rows.items()
                if row[2] is not None and key in graphs and key in details
            ]
            sendable = {key for key, _ in whole}
            with self.writing() as db:
                self._outbox.drop(db, encoding, [key for key in keys if key not in sendable])
            if whole and not self._send(encoding, whole):
                return

    def _send(self, encoding: str, made: Sequence[tuple[bytes, BlobRecord]]) -> bool:
        """Send analyses, and take their names off the outbox; False when the server did not take all."""
        if not self._link.can_write:
            return False
        for group in parcels(made, self._versions, encoding):
            keys = group.names
            doubted = [key for key in keys if key in self._doubted]
            before = ((tables.DROP, doubted), (tables.DROP_COUNTS, doubted)) if doubted else ()
            values = {"encoding": encoding, **self._versions}
            statements = [(statement, {"keys": some, **values}) for statement, some in before]
            statements += [(tables.PUT, {**group.blobs, **values}), (tables.PUT_COUNTS, {**group.counts, **values})]
            statements += [(statement, {}) for statement in tables.AGE]
            try:
                self._link.tell(*statements)
            except InputError as error:
                self._notice(error)
                return False
            self.shared.sent += len(keys)
            with self.writing() as db:
                self._outbox.drop(db, encoding, keys)
        return True

    def _tell(self, *statements: tuple[str, Sequence[bytes]], encoding: str) -> None:
        values = {"encoding": encoding, **self._versions}
        try:
            self._link.tell(*((statement, {"keys": list(keys), **values}) for statement, keys in statements))
        except InputError as error:
            self._notice(error)


def _parts(keys: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    return (keys[at : at + _ASKED_AT_ONCE] for at in range(0, len(keys), _ASKED_AT_ONCE))


def is_shared(encoding: str) -> bool:
    """Whether an encoding means the same on every machine: not where a file or a plugin of this one defines it."""
    from engine.tokens.plugged import counted_as
    from engine.tokens.registry import registered

    return registered(encoding) is None and counted_as(encoding) == encoding


def shared_counts(cache: BlobCache) -> dict[str, int]:
    """Send what waits; then what a cache shared so far, and what still waits. Empty for one that shares nothing."""
    if not isinstance(cache, TeamCache):
        return {}
    cache.deliver()
    return {**asdict(cache.shared), "waiting": cache.waiting()}
