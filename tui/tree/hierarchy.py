"""Folders, files and chunks of a scanned repository as one numbered tree; built once per chart.

Nodes are numbers: folders first (0 is the root), then files, then chunks, each kind in the order of a walk through the
tree. So everything below a node is a run of files and a run of chunks, and any sum over it is one subtraction.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from engine.columns import Columns
from tui.tree.folders import Folders, build_folders
from tui.tree.nesting import nest

Nodes = npt.NDArray[np.int64]


class Kind(IntEnum):
    """What a node is."""

    FOLDER = 0
    FILE = 1
    CHUNK = 2


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """``F`` folders, ``m`` files and ``n`` chunks; N = F + m + n nodes. Arrays are read-only by convention."""

    columns: Columns
    """What it was built from."""
    folders: Folders
    """Names and extents of the folders."""
    file_at: Nodes
    """(m,) index into ``columns.files`` by position."""
    file_position: Nodes
    """(m,) position by index into ``columns.files``."""
    chunk_at: Nodes
    """(n,) row of ``columns`` by position."""
    chunk_position: Nodes
    """(n,) position by row of ``columns``."""
    up: Nodes
    """(N,) node above; -1 for the root."""
    low: Nodes
    """(N,) first position of the chunks at or below a node."""
    high: Nodes
    """(N,) position behind the last of them."""
    child_start: Nodes
    """(N + 1,) where a node's children begin in ``child``."""
    child: Nodes
    """(N - 1,) children of all nodes, in the order of the repository."""
    full: Nodes
    """(n,) tokens at level 0, by position."""
    chunk_class: npt.NDArray[np.int8]
    """(n,) class, by position."""

    @property
    def first_file(self) -> int:
        """Number of the first file node: how many folders there are."""
        return len(self.folders.paths)

    @property
    def first_chunk(self) -> int:
        """Number of the first chunk node."""
        return self.first_file + len(self.file_at)

    @property
    def nodes(self) -> int:
        """Number of nodes N."""
        return len(self.up)

    def kind(self, node: int) -> Kind:
        """What a node is."""
        if node < self.first_file:
            return Kind.FOLDER
        return Kind.FILE if node < self.first_chunk else Kind.CHUNK

    def file_of(self, node: int) -> int:
        """Index into ``columns.files`` of a file, or of the file that a chunk is in."""
        if node < self.first_chunk:
            return int(self.file_at[node - self.first_file])
        return int(self.columns.file[self.row_of(node)])

    def row_of(self, node: int) -> int:
        """Row of ``columns`` of a chunk node."""
        return int(self.chunk_at[node - self.first_chunk])

    def file_node(self, file: int) -> int:
        """Node of an index into ``columns.files``."""
        return self.first_file + int(self.file_position[file])

    def chunk_node(self, row: int) -> int:
        """Node of a row of ``columns``."""
        return self.first_chunk + int(self.chunk_position[row])

    def children(self, node: int) -> Nodes:
        """Nodes right below a node, in the order of the repository."""
        return self.child[self.child_start[node] : self.child_start[node + 1]]

    def runs_below(self, node: int) -> list[slice]:
        """Nodes at or below a folder, a file or a chunk, as runs of numbers."""
        first_file, first_chunk = self.first_file, self.first_chunk
        chunks = slice(first_chunk + int(self.low[node]), first_chunk + int(self.high[node]))
        if node >= first_chunk:
            return [chunks]
        if node >= first_file:
            return [slice(node, node + 1), chunks]
        folders = self.folders
        files = slice(first_file + int(folders.file_low[node]), first_file + int(folders.file_high[node]))
        return [slice(node, int(folders.end[node])), files, chunks]


def build(columns: Columns) -> Hierarchy:
    """Build the tree of a scan."""
    files, chunks = len(columns.files), columns.chunks
    folders, file_at, folder_of = build_folders([file.path for file in columns.files])
    file_position = np.empty(files, np.int64)
    file_position[file_at] = np.arange(files)

    parent, in_file, size = nest(columns.parent, columns.file)
    starts = np.searchsorted(columns.file, np.arange(files + 1)).astype(np.int64)
    counts = (starts[1:] - starts[:-1])[file_at]
    file_high = np.cumsum(counts)
    file_low = file_high - counts
    moved = np.repeat(starts[:-1][file_at] - file_low, counts) + np.arange(chunks)
    chunk_at = in_file[moved]
    chunk_position = np.empty(chunks, np.int64)
    chunk_position[chunk_at] = np.arange(chunks)

    first_file = len(folders.paths)
    first_chunk = first_file + files
    above = parent[chunk_at]
    chunk_up = first_file + file_position[columns.file[chunk_at]]
    chunk_up = np.where(above >= 0, first_chunk + chunk_position[np.maximum(above, 0)], chunk_up) if chunks else above
    up = np.concatenate([folders.up, folder_of, chunk_up]).astype(np.int64)

    bounds = np.append(file_low, chunks)
    place = np.arange(chunks)
    low = np.concatenate([bounds[folders.file_low], file_low, place])
    high = np.concatenate([bounds[folders.file_high], file_high, place + size[chunk_at]])
    # The walk numbers parents before children, so a stable sort keeps the order of the repository among siblings.
    child = np.argsort(up[1:], kind="stable") + 1
    child_start = np.zeros(len(up) + 1, np.int64)
    np.cumsum(np.bincount(up[1:], minlength=len(up)), out=child_start[1:])
    return Hierarchy(
        columns, folders, file_at, file_position, chunk_at, chunk_position, up, low, high, child_start, child,
        columns.tokens[chunk_at, 0].astype(np.int64), columns.chunk_class[chunk_at],
    )  # fmt: skip
