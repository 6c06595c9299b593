"""The search terms of a repository's blobs: from the cache where they are known, read and cut where not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from engine.chunk import Unreadable, text_of
from engine.columns import CLASSES
from engine.errors import Cancelled
from engine.events import Emit, IsCancelled, Progress, Warned
from engine.model import ChunkClass
from engine.rank import Extractor, FileText, Postings, join, terms_version
from engine.rank.postings import MAX_CHUNK_BYTES
from engine.scan.record import Damaged, Detail
from engine.scan.settings import MAX_FILE_BYTES
from engine.store.blobs import CacheUnusable
from engine.usecases.repository import Repository
from engine.walk import ReadFailed, blob_id

_BATCH_BYTES = 1_000_000
"""Text that is cut at once: arrays of a few tens of megabytes, and a few looks a second at who wants to stop."""
_READ_BYTES = {
    ChunkClass.GENERATED: 0, ChunkClass.VENDORED: 0, ChunkClass.LOCKFILE: 0, ChunkClass.DATA: 1_024,
}  # fmt: skip
"""How much counts of classes whose text is nobody's words: their names do, and what data begins with."""
_BY_CLASS = [_READ_BYTES.get(name, MAX_CHUNK_BYTES) for name in CLASSES]


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of a repository."""

    postings: Postings
    complete: bool
    """Whether the terms of every file are known."""


def repository_terms(repository: Repository, emit: Emit, cancelled: IsCancelled) -> Terms:
    """Terms of every chunk.

    Files that cannot be read any more, or that changed since the scan, have none, and are read again next time.

    Args:
        repository: The scanned repository.
        emit: Receives progress of phase ``index``.
        cancelled: Asked several times a second.

    Raises:
        Cancelled: ``cancelled`` said so; what was read so far is kept.
    """
    columns, _ = repository.columns()
    version = terms_version()
    known = repository.cache.terms(repository.keys, version)
    missing: dict[bytes, int] = {}
    for file, key in enumerate(repository.keys):
        if key not in known:
            missing.setdefault(key, file)
    writes = True
    for made, done, done_bytes in _made(repository, missing, cancelled):
        known.update(made)
        emit(Progress("index", done, len(missing), done_bytes))
        if writes:
            try:
                repository.cache.save_terms(version, made)
            except CacheUnusable as error:
                emit(Warned(f"{error.message}; going on without the cache"))
                writes = False
        if cancelled():
            raise Cancelled("interrupted", "what was indexed so far is kept")
    sizes = np.bincount(columns.file, minlength=len(columns.files)).tolist()
    complete = all(key in known for key in repository.keys)
    return Terms(join([known.get(key, b"") for key in repository.keys], sizes), complete)


def _made(
    repository: Repository, missing: dict[bytes, int], cancelled: IsCancelled
) -> Iterator[tuple[list[tuple[bytes, bytes]], int, int]]:
    """Batches of keys with their terms, each with the number of files and bytes finished so far."""
    extractor = Extractor()
    details = {**repository.details, **repository.cache.details(list(missing))}
    columns, _ = repository.columns()
    first = np.searchsorted(columns.file, np.arange(len(columns.files) + 1)).tolist()
    keys: list[bytes] = []
    batch: list[FileText] = []
    batch_bytes = done_bytes = done = 0
    for key, file in missing.items():
        text = _file_text(repository, file, slice(first[file], first[file + 1]), details.get(key, b""))
        done += 1
        if text is not None:
            keys.append(key)
            batch.append(text)
            batch_bytes += len(text.data)
        if batch_bytes >= _BATCH_BYTES or cancelled():
            done_bytes += batch_bytes
            yield list(zip(keys, extractor.extract(batch), strict=True)), done, done_bytes
            keys, batch, batch_bytes = [], [], 0
    if batch:
        yield list(zip(keys, extractor.extract(batch), strict=True)), done, done_bytes + batch_bytes


def _file_text(repository: Repository, file: int, rows: slice, detail: bytes) -> FileText | None:
    columns, layout = repository.columns()
    source = repository.identified[file][0]
    read_bytes = [_BY_CLASS[number] for number in columns.chunk_class[rows].tolist()]
    try:
        symbols = Detail.unpack(detail).symbols
        if len(symbols) != len(read_bytes):
            return None
        if not any(read_bytes):
            return FileText(b"", read_bytes, symbols, read_bytes)
        raw = repository.listing.content.read(source, MAX_FILE_BYTES)
        same = blob_id(raw, repository.listing.object_format) == columns.files[file].blob_id
        if not same and "converted" not in source.attributes:
            return None
        data, _ = text_of(raw)
    except (ReadFailed, Damaged, Unreadable):
        return None
    return FileText(data, layout.text_start[rows].tolist(), symbols, read_bytes)
