"""The assembled search index of a repository, kept beside its scan: one read in place of sorting millions of terms."""

from __future__ import annotations

import hashlib
from dataclasses import astuple

import msgpack
import numpy as np
import numpy.typing as npt

from engine.events import Emit, Warned
from engine.rank import Inverted, Links, terms_version
from engine.scan.version import summary_version
from engine.store.blobs import CacheUnusable
from engine.usecases.repository import Repository

Arrays = tuple[npt.NDArray[np.generic], ...]


def recalled(repository: Repository) -> tuple[Inverted, tuple[Links, Links]] | None:
    """The index of this very state of a repository, made by this very program, or None."""
    kept = repository.cache.snapshot(_place(repository), _digest(repository))
    if kept is None:
        return None
    arrays = _read(kept)
    words, (refers, referred) = Inverted(*arrays[:8]), (Links(*arrays[8:11]), Links(*arrays[11:14]))  # type: ignore[arg-type]
    chunks = repository.columns()[0].chunks
    if len(words.lengths) != chunks or len(refers.limits) != chunks + 1:
        return None
    return words, (refers, referred)


def keep(repository: Repository, words: Inverted, links: tuple[Links, Links], emit: Emit) -> None:
    """Keep an index; a cache that cannot take it is a warning."""
    arrays = (*_arrays(words), *(array for one in links for array in (one.limits, one.to, one.strength)))
    try:
        repository.cache.keep_snapshot(_place(repository), _digest(repository), _written(arrays))
    except CacheUnusable as error:
        emit(Warned(f"{error.message}; going on without the cache"))


def _arrays(words: Inverted) -> Arrays:
    return astuple(words)


def _place(repository: Repository) -> str:
    return f"{repository.place} index"


def _digest(repository: Repository) -> bytes:
    return hashlib.blake2b(repository.digest + terms_version() + summary_version(), digest_size=16).digest()


def _written(arrays: Arrays) -> bytes:
    """What arrays there are, then all their bytes."""
    head = msgpack.packb([(array.dtype.str, len(array)) for array in arrays])
    parts = [len(head).to_bytes(4, "little"), head, *(np.ascontiguousarray(array).tobytes() for array in arrays)]
    return b"".join(parts)


def _read(data: bytes) -> Arrays:
    at = 4 + int.from_bytes(data[:4], "little")
    out: list[npt.NDArray[np.generic]] = []
    for kind, length in msgpack.unpackb(data[4:at]):
        array = np.frombuffer(data, np.dtype(kind), length, at)
        out.append(array)
        at += array.nbytes
    return tuple(out)
