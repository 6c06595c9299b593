"""Orders of siblings, as whole numbers that sort downwards."""

from __future__ import annotations

from enum import StrEnum

import numpy as np

from tui.tree.hierarchy import Hierarchy, Nodes
from tui.tree.totals import Totals

MOST = 1 << 36
"""Keys stay below it, so that a key and the number of a parent share 64 bits."""


class Sort(StrEnum):
    """What siblings are ordered by."""

    SIZE = "size"
    PACKED = "packed"
    VALUE = "value"
    NAME = "name"

    @property
    def following(self) -> Sort:
        """The order that the key for it comes to next."""
        orders = list(Sort)
        return orders[(orders.index(self) + 1) % len(orders)]


def sort_keys(totals: Totals, sort: Sort, names: Nodes, nodes: Nodes) -> Nodes:
    """Weigh nodes: the greater comes first; equals keep the order of the repository.

    Args:
        totals: Sums of the pack.
        sort: What counts.
        names: (F + m,) place of each folder and file in the order of names.
        nodes: Nodes to weigh.
    """
    if sort is Sort.NAME:
        keys = np.zeros(len(nodes), np.int64)
        named = nodes < len(names)
        keys[named] = MOST - 1 - names[nodes[named]]
        return keys
    if sort is Sort.VALUE:
        values = totals.value(nodes)
        most = float(totals.value_sum[-1])
        return (values * ((MOST - 1) / most)).astype(np.int64) if most > 0 else np.zeros(len(nodes), np.int64)
    keys = totals.packed(nodes) if sort is Sort.PACKED else totals.full(nodes)
    return np.minimum(keys, MOST - 1)


def name_places(tree: Hierarchy) -> Nodes:
    """Order folders and files by name without regard to case, folders first: (F + m,) place of each."""
    files = tree.columns.files
    folders = [(0, name.casefold()) for name in tree.folders.names]
    named = folders + [(1, files[file].path.rpartition("/")[2].casefold()) for file in tree.file_at.tolist()]
    places = np.empty(len(named), np.int64)
    places[sorted(range(len(named)), key=named.__getitem__)] = np.arange(len(named))
    return places
