"""Which nodes are open, remembered by path so that it outlives scans."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tui.tree.hierarchy import Hierarchy, Kind
from tui.tree.totals import Mask


@dataclass(frozen=True, slots=True)
class Name:
    """A node as it is called in every scan of a repository."""

    kind: Kind
    path: str
    """Path of the folder or file."""
    ordinal: int = -1
    """Which chunk of the file, from 0."""


def name_of(tree: Hierarchy, node: int) -> Name:
    """Call a node by its path."""
    kind = tree.kind(node)
    if kind is Kind.FOLDER:
        return Name(kind, tree.folders.paths[node])
    file = tree.file_of(node)
    path = tree.columns.files[file].path
    if kind is Kind.FILE:
        return Name(kind, path)
    return Name(kind, path, tree.row_of(node) - int(np.searchsorted(tree.columns.file, file)))


class Finder:
    """Finds nodes of one scan by the names of another."""

    def __init__(self, tree: Hierarchy) -> None:
        """Index the paths."""
        self._tree = tree
        self._folders = {path: folder for folder, path in enumerate(tree.folders.paths)}
        self._files = {file.path: index for index, file in enumerate(tree.columns.files)}

    def node(self, name: Name) -> int:
        """Node of that name; the file of a chunk that is gone, a folder further up, in the end the root."""
        tree = self._tree
        if name.kind is not Kind.FOLDER and name.path in self._files:
            file = self._files[name.path]
            start, end = np.searchsorted(tree.columns.file, [file, file + 1])
            if name.kind is Kind.CHUNK and start + name.ordinal < end:
                return tree.chunk_node(int(start) + name.ordinal)
            return tree.file_node(file)
        path = name.path
        while path not in self._folders:
            path = path.rpartition("/")[0]
        return self._folders[path]


def hot_path(tree: Hierarchy, full: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Mask:
    """Open the largest folder, in it the largest again, and so on: a single large file must not hide what is in depth.

    Args:
        tree: The repository.
        full: (N,) tokens at level 0 at or below each node.
    """
    is_open = np.zeros(tree.nodes, np.bool_)
    folders = np.zeros(1, np.int64)
    while len(folders):
        node = int(folders[np.argmax(full[folders])])
        is_open[node] = True
        children = tree.children(node)
        folders = children[children < tree.first_file]
    return is_open


def moved(old: Hierarchy, is_open: Mask, new: Hierarchy) -> Mask:
    """Open in a new scan what was open in the old one."""
    result = np.zeros(new.nodes, np.bool_)
    result[0] = True
    first_file, first_chunk = old.first_file, old.first_chunk
    folders = {path: folder for folder, path in enumerate(new.folders.paths)}
    for folder in np.flatnonzero(is_open[:first_file]).tolist():
        result[folders.get(old.folders.paths[folder], 0)] = True
    files = {file.path: index for index, file in enumerate(new.columns.files)}
    became = np.array([files.get(file.path, -1) for file in old.columns.files], np.int64)
    opened = became[old.file_at[is_open[first_file:first_chunk]]]
    result[new.first_file + new.file_position[opened[opened >= 0]]] = True
    rows = old.chunk_at[is_open[first_chunk:]]
    file = became[old.columns.file[rows]]
    starts = np.searchsorted(new.columns.file, np.arange(len(files) + 1))
    moved_rows = starts[file] + rows - np.searchsorted(old.columns.file, old.columns.file[rows])
    there = (file >= 0) & (moved_rows < starts[file + 1])
    result[new.first_chunk + new.chunk_position[moved_rows[there]]] = True
    return result
