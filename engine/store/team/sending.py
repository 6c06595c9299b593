"""From analyses to rows of the server, and from rows back to what can be checked."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.scan.record import BlobRecord, Damaged
from engine.store.team.wire import body_of, checksum, compress, decompress, parts_of, record_of, shared_detail

_GROUP_BYTES = 4_000_000
"""Of one statement."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """One analysis as it travels."""

    key: bytes
    body: bytes
    """Compressed head, chunk rows and graph; ``b""`` when only counts travel."""
    detail: bytes
    counts: bytes
    """Compressed."""

    def seal(self, versions: Mapping[str, bytes]) -> bytes:
        """Checksum of the row of the analysis."""
        return checksum(versions["version"], self.key, self.body, self.detail)

    def counts_seal(self, versions: Mapping[str, bytes], encoding: str) -> bytes:
        """Checksum of the row of the counts."""
        return checksum(versions["counter"], self.key, encoding.encode(), self.counts)

    def check(self, seal: bytes, counts_seal: bytes, versions: Mapping[str, bytes], encoding: str) -> None:
        """Compare with the checksums that came along; without a body only that of the counts.

        Raises:
            Damaged: they do not fit.
        """
        if self.body and seal != self.seal(versions):
            raise Damaged("shared analysis: checksum")
        if counts_seal != self.counts_seal(versions, encoding):
            raise Damaged("shared counts: checksum")

    def record(self) -> BlobRecord:
        """Take it apart; nothing in it is believed yet.

        Raises:
            Damaged: it cannot be unpacked.
        """
        head, rows, graph = parts_of(self.body)
        return record_of(head, rows, graph, self.detail, decompress(self.counts))

    def counts_record(self) -> BlobRecord:
        """The counts alone, as a cache takes them.

        Raises:
            Damaged: they cannot be unpacked.
        """
        return record_of(b"", b"", b"", b"", decompress(self.counts))


@dataclass(slots=True)
class Group:
    """What one transaction writes."""

    names: list[bytes] = field(default_factory=list)
    """Keys of what is in it, and of what cannot travel."""
    blobs: dict[str, list[bytes]] = field(default_factory=lambda: {"keys": [], "sums": [], "bodies": [], "details": []})
    counts: dict[str, list[bytes]] = field(default_factory=lambda: {"keys": [], "sums": [], "bodies": []})
    size_bytes: int = 0

    def add(self, parcel: Parcel, versions: Mapping[str, bytes], encoding: str) -> None:
        """Add one."""
        if parcel.body:
            _append(self.blobs, parcel.key, parcel.seal(versions), parcel.body, parcel.detail)
        _append(self.counts, parcel.key, parcel.counts_seal(versions, encoding), parcel.counts)
        self.size_bytes += len(parcel.body) + len(parcel.detail) + len(parcel.counts)


def parcels(made: Sequence[tuple[bytes, BlobRecord]], versions: Mapping[str, bytes], encoding: str) -> Iterator[Group]:
    """Wrap analyses, a few megabytes to a group, in the order of their keys: writers who meet then never lock each
    other out."""
    group = Group()
    for key, record in sorted(made, key=_first):
        group.names.append(key)
        with contextlib.suppress(Damaged):
            group.add(_wrapped(key, record), versions, encoding)
        if group.size_bytes > _GROUP_BYTES:
            yield group
            group = Group()
    if group.names:
        yield group


def _wrapped(key: bytes, record: BlobRecord) -> Parcel:
    counts = compress(record.counts)
    if not record.rows and record.counts:
        return Parcel(key, b"", b"", counts)
    return Parcel(key, body_of(record.head(), record.rows, record.graph), shared_detail(record.detail), counts)


def _append(columns: dict[str, list[bytes]], *values: bytes) -> None:
    for column, value in zip(columns.values(), values, strict=True):
        column.append(value)


def _first(pair: tuple[bytes, Any]) -> bytes:
    return pair[0]
