"""Letting go of analyses that nobody will ask for: those of another version of the program, and those long unused."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass

from engine.scan.version import analyzer_version, summary_version
from engine.store.blob_tables import BLOB_TABLES
from engine.store.blobs import BlobCache

_DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class Pruned:
    """What went."""

    blobs: int
    repositories: int
    """States of repositories."""
    freed_bytes: int
    size_bytes: int
    """Size of the file now."""


def prune_as_json(cache: BlobCache, days: int) -> dict[str, int]:
    """``prune`` for those who print."""
    return asdict(prune(cache, days))


def prune(cache: BlobCache, days: int) -> Pruned:
    """Forget what other versions of the program made, and what was not used for so many days.

    Raises:
        CacheUnusable: the cache cannot be written.
    """
    before = cache.status()
    oldest_s = time.time() - days * _DAY_S
    with cache.writing() as db:
        found = db.execute("SELECT key FROM made WHERE version <> ? OR used_s < ?", (analyzer_version(), oldest_s))
        keys = found.fetchall()
        for table in BLOB_TABLES:
            db.executemany(f"DELETE FROM {table} WHERE key = ?", keys)  # noqa: S608  fixed names
        db.execute("DELETE FROM snapshot WHERE version <> ? OR used_s < ?", (summary_version(), oldest_s))
    cache.shrink()
    after = cache.status()
    return Pruned(
        blobs=before["blobs"] - after["blobs"],
        repositories=before["repositories"] - after["repositories"],
        freed_bytes=max(0, before["size_bytes"] - after["size_bytes"]),
        size_bytes=after["size_bytes"],
    )
