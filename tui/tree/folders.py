"""Folders of a list of paths; a chain of folders with nothing else in them is one folder with a joined name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Long = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Folders:
    """``F`` folders in the order of a walk; a folder's own files come before those of its folders."""

    paths: list[str]
    """Path of each folder without a slash at its end; ``""`` is the root."""
    names: list[str]
    """Name below the folder above, ``src/main/java`` for a joined chain."""
    up: Long
    """(F,) folder above; -1 for the root."""
    end: Long
    """(F,) number behind the last folder below each."""
    file_low: Long
    """(F,) position of the first file at or below each."""
    file_high: Long
    """(F,) position behind the last."""


def build_folders(paths: Sequence[str]) -> tuple[Folders, Long, Long]:
    """Find the folders of files.

    Args:
        paths: Paths of files, ``/`` separated, in any order.

    Returns:
        The folders; (m,) index into ``paths`` by position; (m,) folder of each position.
    """
    inner, own = _nodes(paths)
    names, above, files_at, folder_of = [""], [-1], list(own[0]), [0] * len(own[0])
    file_low = [0]
    todo = [(child, 0, name) for name, child in reversed(inner[0].items())]
    while todo:
        node, parent, name = todo.pop()
        parts = [name]
        while not own[node] and len(inner[node]) == 1:
            ((name, node),) = inner[node].items()
            parts.append(name)
        folder = len(names)
        names.append("/".join(parts))
        above.append(parent)
        file_low.append(len(files_at))
        files_at += own[node]
        folder_of += [folder] * len(own[node])
        todo += [(child, folder, inside) for inside, child in reversed(inner[node].items())]
    end = list(range(1, len(names) + 1))
    for folder in range(len(names) - 1, 0, -1):
        end[above[folder]] = max(end[above[folder]], end[folder])
    full = [""]
    for folder in range(1, len(names)):
        outer = full[above[folder]]
        full.append(f"{outer}/{names[folder]}" if outer else names[folder])
    bounds = np.array([*file_low, len(files_at)], np.int64)
    ends = np.array(end, np.int64)
    folders = Folders(full, names, np.array(above, np.int64), ends, bounds[:-1], bounds[ends])
    return folders, np.array(files_at, np.int64), np.array(folder_of, np.int64)


def _nodes(paths: Sequence[str]) -> tuple[list[dict[str, int]], list[list[int]]]:
    """Folders before joining: their folders by name, and their files."""
    inner: list[dict[str, int]] = [{}]
    own: list[list[int]] = [[]]
    known = {"": 0}
    for index, path in enumerate(paths):
        folder = path.rpartition("/")[0]
        node = known.get(folder)
        if node is None:
            node = 0
            for part in folder.split("/"):
                inside = inner[node]
                node = inside.setdefault(part, len(inner))
                if node == len(inner):
                    inner.append({})
                    own.append([])
            known[folder] = node
        own[node].append(index)
    return inner, own
