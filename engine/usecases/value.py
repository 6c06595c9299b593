"""What chunks are worth before anybody asks: reference graph and history of the repository, remembered with it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np

from engine.columns import Columns, Floats
from engine.usecases.repository import Repository

if TYPE_CHECKING:
    from engine.rank import Graph


def relevance(repository: Repository, graph: Graph | None = None) -> Floats:
    """(n,) relevance of every chunk without a query; see ``engine.rank.query_free_value``.

    The same state of a repository gives the same numbers, so they are kept beside its snapshot.

    Args:
        repository: The scanned repository.
        graph: Its reference graph, where somebody has it at hand.
    """
    columns, _ = repository.columns()
    place = f"{repository.place} relevance"
    digest = hashlib.blake2b(repository.digest + repository.listing.revision.encode(), digest_size=16).digest()
    kept = repository.cache.snapshot(place, digest)
    if kept is not None and len(kept) == 8 * columns.chunks:
        return np.frombuffer(kept, np.float64)
    from engine.rank import query_free_value
    from engine.walk import change_history

    changes = {
        path: (change.last_change_s, change.commits) for path, change in change_history(repository.listing).items()
    }
    graph = reference_graph(repository, columns) if graph is None else graph
    value = query_free_value(columns, graph, changes)
    repository.cache.keep_snapshot(place, digest, value.tobytes())
    return value


def reference_graph(repository: Repository, columns: Columns) -> Graph:
    """Join what each blob defines and refers to into one graph over the repository's chunks."""
    from engine.rank import Graph

    keys = repository.keys
    stored = repository.cache.graphs(keys)
    first = np.searchsorted(columns.file, np.arange(len(columns.files)))
    parts: tuple[list[bytes], ...] = ([], [], [], [])
    sizes = np.zeros((2, len(keys)), np.int64)
    for file, key in enumerate(keys):
        data = stored.get(key, b"")
        if not data:
            continue
        defined, referred = int.from_bytes(data[:4], "little"), int.from_bytes(data[4:8], "little")
        sizes[:, file] = defined, referred
        at = 8
        for part, number in zip(parts, (defined, defined, referred, referred), strict=True):
            part.append(data[at : at + 4 * number])
            at += 4 * number
    define_chunk, define_hash, refer_chunk, refer_hash = (np.frombuffer(b"".join(part), "<u4") for part in parts)
    return Graph(
        (define_chunk + np.repeat(first, sizes[0])).astype(np.int32),
        define_hash,
        (refer_chunk + np.repeat(first, sizes[1])).astype(np.int32),
        refer_hash,
    )
