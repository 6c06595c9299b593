"""The compact form of one analysed blob: what workers send home and the cache keeps.

Everything is a few byte strings so that reading 90,000 of them back is one join and one ``numpy.frombuffer``. Four
parts, because a warm scan needs only the first, a count only the second, the graph the third, a rendering the fourth.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass, field
from typing import Any

import msgpack

from engine.errors import PacksightError

CHUNK_ROW = struct.Struct("<BBiIII6H")
"""Class, kind, parent (index in the file or -1), first line, last line, offset of its text, retention × 65535."""

COUNT_COLUMNS = 6
"""Tokens at levels 0-4 (level 3 without its capsule line) and tokens of the capsule line without its path."""

KINDS = (
    "block", "function", "method", "class", "interface", "struct", "enum", "trait", "impl", "module", "namespace",
    "type", "const", "import", "comment", "docstring", "licence", "statement", "test", "demo", "section", "fence",
    "table", "rule", "element",
)  # fmt: skip
"""Chunk kinds by number; the numbers are stored, so new kinds go to the end."""

KIND_NUMBER = {kind: number for number, kind in enumerate(KINDS)}


class Damaged(PacksightError):
    """A cache row whose bytes are not what was written; the blob is analysed again."""


@dataclass(slots=True)
class BlobRecord:
    """One analysed blob, or the reason why it holds no chunks."""

    blob_id: str
    """Git object id of the bytes that were read."""
    skip_reason: str
    """Why the file is skipped, or ``""``."""
    language: str
    note: str
    """Why line chunks were used, or ``""``."""
    lines: int
    size_bytes: int
    names: list[str]
    """Most important names, for the one-line form."""
    rows: bytes
    """``CHUNK_ROW`` per chunk."""
    counts: bytes
    """``COUNT_COLUMNS`` little-endian uint32 per chunk."""
    graph: bytes
    """Little-endian uint32: numbers d and r, then d chunks and d hashes of definitions, r chunks and r hashes of
    references."""
    detail: bytes
    """Compressed symbols, outlines and edits: see ``Detail``."""
    seconds: tuple[float, float, float] = (0.0, 0.0, 0.0)
    """Time spent reading, parsing (with classes and levels) and counting; not cached."""
    packed_head: bytes = field(default=b"", compare=False, repr=False)
    """What ``head`` gives, where it came that way."""

    def head(self) -> bytes:
        """The part that a warm scan reads, without the chunk rows."""
        return self.packed_head or _pack(
            [self.blob_id, self.skip_reason, self.language, self.note, self.lines, self.size_bytes, self.names]
        )


@dataclass(slots=True)
class Detail:
    """What rendering needs of a file beside its bytes."""

    symbols: list[str]
    outlines: list[str]
    edits: bytes
    """As ``engine.levels.pack_edits`` wrote them."""
    rules: list[str]
    """Classification rule id per chunk."""

    def pack(self) -> bytes:
        """Compress for the cache."""
        return zlib.compress(_pack([self.symbols, self.outlines, self.edits, self.rules]), 1)

    @classmethod
    def unpack(cls, data: bytes) -> Detail:
        """Read what ``pack`` wrote.

        Raises:
            Damaged: the bytes are something else.
        """
        try:
            symbols, outlines, edits, rules = msgpack.unpackb(zlib.decompress(data))
        except (ValueError, zlib.error, msgpack.exceptions.UnpackException) as error:
            raise Damaged(f"damaged cache row: {error}") from error
        return cls(symbols, outlines, edits, rules)


def _pack(value: list[Any]) -> bytes:
    packed: bytes = msgpack.packb(value)
    return packed


def seal(data: bytes) -> bytes:
    """Put a checksum in front, so that a flipped bit on disk is found and not believed."""
    return zlib.crc32(data).to_bytes(4, "little") + data


def unseal(data: bytes) -> bytes:
    """Check and remove the checksum.

    Raises:
        Damaged: the checksum does not fit.
    """
    body = data[4:]
    if zlib.crc32(body).to_bytes(4, "little") != data[:4]:
        raise Damaged("damaged cache row: checksum")
    return body


def to_wire(record: BlobRecord) -> bytes:
    """Serialise for the pipe between worker and parent."""
    return _pack([record.head(), record.rows, record.counts, record.graph, record.detail, record.seconds])


def from_wire(data: bytes) -> BlobRecord:
    """Read what ``to_wire`` wrote."""
    head, rows, counts, graph, detail, seconds = msgpack.unpackb(data)
    blob_id, skip_reason, language, note, lines, size_bytes, names = msgpack.unpackb(head)
    return BlobRecord(
        blob_id, skip_reason, language, note, lines, size_bytes, names, rows, counts, graph, detail, tuple(seconds),
        head,
    )  # fmt: skip


def join(answers: list[bytes]) -> bytes:
    """Put several answers into one message."""
    packed: bytes = msgpack.packb(answers)
    return packed


def split(message: bytes) -> list[bytes]:
    """Take a message of ``join`` apart."""
    answers: list[bytes] = msgpack.unpackb(message)
    return answers
