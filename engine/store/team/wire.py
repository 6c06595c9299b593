"""One analysed blob as it travels to a team's server and back.

What leaves this machine holds no text of a file: where a level says what bulk text begins with, only the length of
that line travels, and whoever shows the chunk makes the line again from its own copy of the file.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from typing import Any

import msgpack

from engine.levels.recipe import recipe
from engine.scan.record import BlobRecord, Damaged

SUM_BYTES = 16
_MOST_BYTES = 64_000_000
"""Of a part, unpacked. Files over a few megabytes are not analysed."""
_PERSON = b"packsight blobs"
PLAIN = re.compile(r"[ \t]*(?:… [\d,]+ lines?(?:, [\d,]+ K?B)?\n|…)?")
"""Replacements that say nothing about the text: how much was folded."""


def body_of(head: bytes, rows: bytes, graph: bytes) -> bytes:
    """What a scan needs of an analysis, compressed."""
    packed: bytes = msgpack.packb([head, rows, graph])
    return zlib.compress(packed, 1)


def parts_of(body: bytes) -> tuple[bytes, bytes, bytes]:
    """Read what ``body_of`` wrote: head, chunk rows, graph.

    Raises:
        Damaged: it is something else.
    """
    found = _unpacked(body)
    if not isinstance(found, list) or [*map(type, found)] != [bytes] * 3:
        raise Damaged("shared analysis: parts")
    return found[0], found[1], found[2]


def shared_detail(detail: bytes) -> bytes:
    """The detail of an analysis without what it quotes of the file.

    Raises:
        Damaged: it is no detail.
    """
    if not detail:
        return b""
    try:
        symbols, outlines, edits, rules = msgpack.unpackb(zlib.decompress(detail))
        version, chunks, strings, numbers = msgpack.unpackb(edits, unicode_errors="surrogatepass")
    except Exception as error:
        raise Damaged(f"detail: {error}") from error
    kept = [text if PLAIN.fullmatch(text) else recipe(text) for text in strings]
    if kept == strings:
        return detail
    packed = msgpack.packb([symbols, outlines, msgpack.packb([version, chunks, kept, numbers]), rules])
    return zlib.compress(packed, 1)


def unpacked_detail(detail: bytes) -> Any:
    """What ``shared_detail`` gave, before anything about its shape is believed.

    Raises:
        Damaged: it cannot be unpacked.
    """
    return _unpacked(detail)


def compress(data: bytes) -> bytes:
    """Compress counts."""
    return zlib.compress(data, 1)


def decompress(data: bytes) -> bytes:
    """Read what ``compress`` wrote.

    Raises:
        Damaged: it is something else, or too much.
    """
    unpacker = zlib.decompressobj()
    try:
        found = unpacker.decompress(data, _MOST_BYTES)
    except zlib.error as error:
        raise Damaged(f"shared analysis: {error}") from error
    if not unpacker.eof or unpacker.unused_data:
        raise Damaged("shared analysis: too long, or cut off")
    return found


def checksum(*parts: bytes) -> bytes:
    """Name a row by everything it says and by what it says it about, so that no part can be exchanged unnoticed."""
    digest = hashlib.blake2b(digest_size=SUM_BYTES, person=_PERSON)
    for part in parts:
        digest.update(len(part).to_bytes(8, "little"))
        digest.update(part)
    return digest.digest()


def record_of(head: bytes, rows: bytes, graph: bytes, detail: bytes, counts: bytes) -> BlobRecord:
    """An analysis as the local cache takes it; ``head`` stays as it is."""
    return BlobRecord("", "", "", "", 0, 0, [], rows, counts, graph, detail, packed_head=head)


def _unpacked(data: bytes) -> Any:
    try:
        return msgpack.unpackb(decompress(data))
    except Damaged:
        raise
    except Exception as error:  # msgpack has many ways to fail on hostile bytes; callers know one
        raise Damaged(f"shared analysis: {type(error).__name__}") from error
