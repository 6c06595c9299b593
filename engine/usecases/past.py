"""The recent commits of a repository, laid out for queries and remembered by the commit that they led to."""

from __future__ import annotations

import hashlib

import msgpack
import numpy as np

from engine.rank import Past, past_of, terms_version
from engine.store.blobs import CacheUnusable
from engine.usecases.repository import Repository
from engine.walk import recent_commits

_ARRAYS = ("sizes", "terms", "counts", "commit", "path", "line")


def recent_past(repository: Repository) -> Past:
    """What the commits before the one that is packed said and changed; nothing for a folder.

    Work that is not committed is not history: lines are those of the commit, a few off where it moved them.
    """
    revision = repository.listing.revision
    if not revision:
        return past_of(())
    place = f"{repository.place} past"
    prefix = repository.listing.place.prefix.encode("utf-8", "surrogateescape")
    digest = hashlib.blake2b(terms_version() + revision.encode() + b"\0" + prefix, digest_size=16).digest()
    kept = repository.cache.snapshot(place, digest)
    if kept is not None:
        return _read(kept)
    past = past_of((commit.message, commit.files) for commit in recent_commits(repository.listing))
    try:
        repository.cache.keep_snapshot(place, digest, _written(past))
    except CacheUnusable:
        return past  # asked for again next time
    return past


def _written(past: Past) -> bytes:
    paths = [path.encode("utf-8", "surrogateescape") for path in past.paths]
    arrays = [np.asarray(getattr(past, name)).astype("<u4").tobytes() for name in _ARRAYS]
    return bytes(msgpack.packb([paths, *arrays]))


def _read(kept: bytes) -> Past:
    paths, *arrays = msgpack.unpackb(kept)
    sizes, terms, counts, commit, path, line = (np.frombuffer(data, "<u4") for data in arrays)
    names = tuple(name.decode("utf-8", "surrogateescape") for name in paths)
    whole = (part.astype(np.int32) for part in (counts, commit, path, line))
    counts, commit, path, line = whole
    return Past(sizes.astype(np.int32), terms.astype(np.uint32), counts, names, commit, path, line)
