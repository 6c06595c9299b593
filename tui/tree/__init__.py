"""A scanned repository and its pack as rows of a tree: numbers and names, no drawing.

In: a ``Chart``, packs of it, a filter, an order, what is open. Out: rows, sums of any node, what is left out and why.
It knows no widget, starts no thread and calls the engine only for labels, through the function it is given.
"""

from __future__ import annotations

from tui.tree.facts import RowFacts, facts_of_left, facts_of_node
from tui.tree.filtering import TreeFilter
from tui.tree.hierarchy import Hierarchy, Kind, build
from tui.tree.labels import AskLabels, Labels
from tui.tree.left_out import LeftOut, Reason
from tui.tree.left_rows import LeftRow, LeftRows
from tui.tree.model import TreeModel
from tui.tree.rows import Rows
from tui.tree.sorting import Sort
from tui.tree.totals import Totals

__all__ = [
    "AskLabels", "Hierarchy", "Kind", "Labels", "LeftOut", "LeftRow", "LeftRows", "Reason", "RowFacts", "Rows", "Sort",
    "Totals", "TreeFilter", "TreeModel", "build", "facts_of_left", "facts_of_node",
]  # fmt: skip
