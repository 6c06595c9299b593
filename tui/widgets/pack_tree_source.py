"""What the tree's list shows: rows of a model, or what a running scan has found so far."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

from rich.segment import Segment

from tui.state import Found, Place
from tui.text import number, short_number
from tui.tree import Kind, RowFacts, Sort, TreeModel, facts_of_left, facts_of_node
from tui.widgets.pack_tree_columns import columns_for, columns_while_found, header
from tui.widgets.pack_tree_row import row_segments
from tui.widgets.row_source import Paint, RowState

LeftKey = tuple[str, int]
"""Key of a row about what is left out; nodes have their number."""


class TreeSource:
    """Rows of a model, the part about what is left out behind them."""

    def __init__(self, model: TreeModel) -> None:
        """Show a model."""
        self.model = model

    def row_count(self) -> int:
        """Number of rows."""
        return self.model.count

    def row_key(self, row: int) -> Hashable:
        """Node, or reason and file."""
        nodes = self.model.rows.node
        return int(nodes[row]) if row < len(nodes) else self.model.left_rows.key(row - len(nodes))

    def row_of(self, key: Any) -> int:
        """Row of a key, or the nearest above it."""
        if isinstance(key, int):
            return self.model.row_of(key)
        found = self.model.left_rows.find(key)
        return found + len(self.model.rows.node) if found >= 0 else -1

    def facts(self, row: int) -> RowFacts:
        """What a row says."""
        nodes = self.model.rows.node
        if row < len(nodes):
            return facts_of_node(self.model, row)
        row -= len(nodes)
        return facts_of_left(self.model, self.model.left_rows.at(row), is_last=True)

    def place(self, row: int) -> Place | None:
        """What a row stands for; None for reasons and for paths without chunks."""
        nodes, tree = self.model.rows.node, self.model.hierarchy
        if row < len(nodes):
            node = int(nodes[row])
            kind = tree.kind(node)
            if kind is Kind.FOLDER:
                return Place(folder=tree.folders.paths[node])
            return Place(tree.file_of(node), tree.row_of(node) if kind is Kind.CHUNK else None)
        about = self.model.left_rows.at(row - len(nodes))
        if about.entry < 0:
            return None
        reason = self.model.left.reasons[about.reason]
        return None if reason.is_skipped else Place(int(reason.files[about.entry]))

    def row_above(self, row: int) -> int:
        """Row of what a row is in, or -1."""
        rows = self.model.rows
        if row < len(rows.node):
            return int(rows.above[row])
        name, file = self.model.left_rows.key(row - len(rows.node))
        return self.row_of((name if file >= 0 else "", -1)) if name else -1

    def open(self, row: int, is_open: bool) -> None:
        """Open or close what a row stands for."""
        nodes = self.model.rows.node
        if row < len(nodes):
            self.model.open(int(nodes[row]), is_open)
        else:
            self.model.open_left(self.model.left_rows.key(row - len(nodes))[0], is_open)

    def open_below(self, row: int, is_open: bool) -> None:
        """Open or close what a row stands for and everything below it."""
        nodes = self.model.rows.node
        if row < len(nodes):
            self.model.open_below(int(nodes[row]), is_open)
            return
        name = self.model.left_rows.key(row - len(nodes))[0]
        for reason in [name] if name else ["", *(reason.name for reason in self.model.left.reasons)]:
            self.model.open_left(reason, is_open)

    def load_labels(self, first: int, last: int) -> None:
        """Ask for the names of the chunks in some rows, all at once."""
        nodes, tree = self.model.rows.node, self.model.hierarchy
        seen = nodes[first:last]
        self.model.labels.load(tree.chunk_at[seen[seen >= tree.first_chunk] - tree.first_chunk].tolist())

    def row_segments(self, row: int, width: int, state: RowState, paint: Paint) -> Sequence[Segment]:
        """Draw a row."""
        return row_segments(self.facts(row), columns_for(width - 1), paint)

    def header_segments(self, width: int, paint: Paint) -> Sequence[Segment] | None:
        """Draw the titles."""
        return header(columns_for(width - 1), self.model.sort, paint) if width else ()

    def empty_lines(self) -> Sequence[str]:
        """Say why there is no row."""
        if self.model.wanted:
            return ("Nothing matches the filter.", "esc shows everything again, / types another")
        if self.model.hides_omitted and self.model.pack is not None:
            return ("The pack holds nothing.", "o shows what is omitted, + raises the budget")
        return ("No file with text was found here.", "packsight PATH opens another folder")


class FoundSource:
    """Top-level folders while the scan runs, the largest first."""

    def __init__(self, found: Found) -> None:
        """Show what was found so far."""
        self._rows = sorted(found.folders.items(), key=lambda item: (-item[1], item[0]))
        self._tokens = max(1, sum(found.folders.values()))
        self._places = {name: row for row, (name, _) in enumerate(self._rows)}

    def row_count(self) -> int:
        """Number of folders and files at the top."""
        return len(self._rows)

    def row_key(self, row: int) -> Hashable:
        """Its name."""
        return self._rows[row][0]

    def row_of(self, key: Any) -> int:
        """Row of a name."""
        return self._places.get(key, -1)

    def row_segments(self, row: int, width: int, state: RowState, paint: Paint) -> Sequence[Segment]:
        """Draw a growing row."""
        name, tokens = self._rows[row]
        kind = Kind.FOLDER if name.endswith("/") else Kind.FILE
        return row_segments(
            RowFacts(kind, name, full=tokens, share=tokens / self._tokens, kept=1.0),
            columns_while_found(width - 1),
            paint,
        )

    def header_segments(self, width: int, paint: Paint) -> Sequence[Segment] | None:
        """Draw the titles."""
        return header(columns_while_found(width - 1), Sort.SIZE, paint) if width else ()

    def empty_lines(self) -> Sequence[str]:
        """Say what is to come."""
        return ("Folders and files appear here as they are read.",)


def described(model: TreeModel) -> str:
    """What the tree shows, in numbers."""
    files = len(model.chart.columns.files)
    said = [f"{number(files)} files", f"{number(model.chart.columns.chunks)} chunks", f"by {model.sort.value}"]
    if model.wanted:
        said.append(f"filtered: {short_number(int(model.totals.full_sum[-1]))} tokens")
    if model.hides_omitted:
        said.append("omitted hidden")
    return " · ".join(said)
