"""What relevance for a query needs of a repository, laid out once so that each query is a few passes over arrays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.columns import Columns, Floats, Ints
from engine.rank.graph import Edges

Kinds = tuple[tuple[str, ...], npt.NDArray[np.uint8]]
"""Names of kinds of chunks, and (n,) which of them each chunk is of."""

Rows = npt.NDArray[np.int64]


class Links:
    """Edges sorted by one of their ends, for following them from a few chunks."""

    def __init__(self, limits: Rows, to: Ints, strength: Floats) -> None:
        """Take what ``between`` makes.

        Args:
            limits: (n + 1,) where the edges of each chunk begin, and the last ones end.
            to: (e,) the other end of each edge.
            strength: (e,) its damped weight.
        """
        self.limits, self.to, self.strength = limits, to, strength

    @classmethod
    def between(cls, from_: Ints, to: Ints, weight: Floats, chunks: int) -> Links:
        """Sort edges by the chunk that they begin at."""
        keys = (from_.astype(np.uint64) << np.uint64(32)) | np.arange(len(from_), dtype=np.uint64)
        keys.sort()
        order = (keys & np.uint64(0xFFFFFFFF)).astype(np.int64)
        limits = np.searchsorted(keys >> np.uint64(32), np.arange(chunks + 1, dtype=np.uint64))
        return cls(limits, to[order], np.sqrt(weight[order]))

    def flow(self, givers: Rows, given: Floats) -> tuple[Ints, Floats]:
        """Who receives how much when ``givers`` give ``given`` along each of their edges, by its damped weight."""
        starts = self.limits[givers]
        sizes = self.limits[givers + 1] - starts
        rows = np.repeat(starts - np.cumsum(sizes) + sizes, sizes) + np.arange(sizes.sum())
        return self.to[rows], np.repeat(given, sizes) * self.strength[rows]


def both_ways(links: Edges, chunks: int) -> tuple[Links, Links]:
    """Edges laid out for following them, from those who refer and from those referred to."""
    return (
        Links.between(links.source, links.target, links.weight, chunks),
        Links.between(links.target, links.source, links.weight, chunks),
    )


class Ground:
    """A repository as queries see it. Nothing in here changes from query to query."""

    def __init__(
        self, columns: Columns, links: Edges | tuple[Links, Links], query_free: Floats, kinds: Kinds | None = None
    ) -> None:
        """Lay out.

        Args:
            columns: The scanned repository.
            links: Who refers to whom; or that laid out already, from those who refer and from those referred to.
            query_free: (n,) relevance without a query.
            kinds: What sort of thing each chunk is; none is told apart when None.
        """
        self.columns = columns
        self.query_free = query_free
        self.refers, self.referred = links if isinstance(links, tuple) else both_ways(links, columns.chunks)
        self.first: npt.NDArray[Any] = np.searchsorted(columns.file, np.arange(len(columns.files) + 1))
        """(m + 1,) first chunk of each file."""
        self.by_name: dict[str, list[int]] = {}
        """Files by base name."""
        for index, row in enumerate(columns.files):
            self.by_name.setdefault(row.path.rpartition("/")[2], []).append(index)
        self._lengths: dict[float, Floats] = {}
        self._kinds = kinds
        self._nested = _nested(columns.parent)

    def length(self, power: float) -> Floats:
        """(n,) what a chunk can tell by its length: 1 for a short function."""
        if power not in self._lengths:
            self._lengths[power] = (np.clip(self.columns.tokens[:, 0], 8, 4000) / 120.0) ** power
        return self._lengths[power]

    def of_kinds(self, factors: Mapping[str, float]) -> Floats:
        """(n,) the factor of each chunk's kind, 1 where none is named."""
        if self._kinds is None:
            return np.ones(self.columns.chunks)
        names, rows = self._kinds
        return np.array([factors.get(name, 1.0) for name in names], np.float64)[rows]

    def of_files(self, value: Floats) -> Floats:
        """(n,) the highest value in the file of each chunk."""
        highest = np.zeros(len(self.columns.files))
        np.maximum.at(highest, self.columns.file, value)
        return np.asarray(highest[self.columns.file], dtype=np.float64)

    def raise_scopes(self, value: Floats) -> Floats:
        """Lift each chunk that opens a scope to the highest inside, at any depth."""
        raised = value.copy()
        for rows, starts, above in self._nested:
            raised[above] = np.maximum(raised[above], np.maximum.reduceat(raised[rows], starts))
        return raised


def _nested(parent: Ints) -> list[tuple[Rows, Rows, Rows]]:
    """Deepest first: chunks of one depth by their scope, where those of each scope begin, and the scopes."""
    depth = np.zeros(len(parent), np.int32)
    above = parent.copy()
    while (inside := above >= 0).any():
        depth[inside] += 1
        above[inside] = parent[above[inside]]
    out = []
    for level in range(int(depth.max(initial=0)), 0, -1):
        rows = np.flatnonzero(depth == level)
        rows = rows[np.argsort(parent[rows], kind="stable")]
        scopes = parent[rows].astype(np.int64)
        starts = np.flatnonzero(np.diff(scopes, prepend=-1))
        out.append((rows, starts, scopes[starts]))
    return out
