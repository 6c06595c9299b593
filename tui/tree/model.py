"""A repository and its pack as rows: what the tree widget asks, sorts, filters, opens and closes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from engine.live import Chart, LivePack
from engine.model import Level
from tui.state import Place
from tui.tree.filtering import TreeFilter, chunks_with_words, matching_chunks, nodes_with
from tui.tree.hierarchy import Nodes, build
from tui.tree.labels import AskLabels, Label, Labels
from tui.tree.left_out import LeftOut, left_out
from tui.tree.left_rows import LeftRows
from tui.tree.opening import Finder, Name, hot_path, moved, name_of
from tui.tree.rows import Rows, visible_rows
from tui.tree.sorting import Sort, name_places, sort_keys
from tui.tree.text_index import TextIndex
from tui.tree.totals import Mask, total


class TreeModel:
    """Rows of one chart. Changing anything is cheap; rows are laid out when they are next asked for."""

    def __init__(self, chart: Chart, labels: AskLabels | None = None) -> None:
        """Build the tree and open its hot path."""
        self.chart = chart
        self.hierarchy = build(chart.columns)
        self.labels = Labels(labels)
        self.pack: LivePack | None = None
        self.sort = Sort.SIZE
        self.wanted = TreeFilter()
        self.hides_omitted = False
        self.totals = self._all = total(self.hierarchy, None)
        self.is_open = hot_path(self.hierarchy, self.totals.full(np.arange(self.hierarchy.nodes)))
        self.left_open: set[str] = set()
        self._open_before_text: Mask | None = None
        self._shown: Mask | None = None
        self._worded: Mask | None = None
        self._rows: Rows | None = None
        self._left: LeftOut | None = None
        self._left_rows: LeftRows | None = None

    # -- changes ---------------------------------------------------------------------------------------------------

    def set_pack(self, pack: LivePack | None) -> None:
        """Show another pack of the same chart."""
        self.pack = pack
        self.labels.forget_unanswered()
        self._all = total(self.hierarchy, pack)
        self._refilter(rows_change=self.sort in (Sort.PACKED, Sort.VALUE))

    def set_filter(self, wanted: TreeFilter) -> None:
        """Narrow the tree; a text opens the way to what it finds, and without one all is open that was before."""
        had_words, self.wanted = bool(self.wanted.words), wanted
        if wanted.words:
            self.labels.load_all(self.chart.columns.chunks)
        self._worded = chunks_with_words(self.hierarchy, wanted.words, self._paths, self.labels)
        if wanted.words and not had_words:
            self._open_before_text = self.is_open
        self._refilter(rows_change=True)
        if wanted.words:
            self.is_open = self._found_open()
        elif had_words and self._open_before_text is not None:
            self.is_open, self._open_before_text = self._open_before_text, None

    def add_labels(self, rows: Sequence[int], labels: Sequence[Label]) -> bool:
        """Learn names of chunks; a text that is looked for is looked for in them as well.

        Returns:
            Whether there may be other rows now.
        """
        self.labels.add(rows, labels)
        if not self.wanted.words:
            return False
        before = self._found_open()
        self._worded = chunks_with_words(self.hierarchy, self.wanted.words, self._paths, self.labels)
        self._refilter(rows_change=True)
        # What a person has closed meanwhile stays closed.
        self.is_open |= self._found_open() & ~before
        return True

    def set_sort(self, sort: Sort) -> None:
        """Order siblings by something else."""
        self.sort = sort
        self._rows = None

    def set_hides_omitted(self, hides: bool) -> None:
        """Hide, or show in place, what the pack does not hold."""
        self.hides_omitted = hides
        self._refilter(rows_change=True)

    def open(self, node: int, is_open: bool = True) -> None:
        """Open or close one node."""
        self.is_open[node] = is_open
        self._rows = None

    def reveal(self, place: Place) -> int:
        """Open what a file or a chunk is in; returns its node."""
        if self.hides_omitted:
            self.set_hides_omitted(False)
        tree = self.hierarchy
        node = tree.file_node(place.file) if place.chunk is None else tree.chunk_node(place.chunk)
        above = int(tree.up[node])
        while above > 0:
            self.open(above)
            above = int(tree.up[above])
        return node

    def open_below(self, node: int, is_open: bool = True) -> None:
        """Open or close a node and everything below it."""
        for run in self.hierarchy.runs_below(node):
            self.is_open[run] = is_open
        self._rows = None

    def open_left(self, key: str, is_open: bool = True) -> None:
        """Open or close the part about what is left out (``""``), or one reason of it."""
        (self.left_open.add if is_open else self.left_open.discard)(key)
        self._left_rows = None

    def follow(self, old: TreeModel) -> None:
        """Go on as the tree of an earlier scan of the same repository was."""
        self.sort, self.hides_omitted, self.left_open = old.sort, old.hides_omitted, set(old.left_open)
        self.wanted = old.wanted
        self._worded = chunks_with_words(self.hierarchy, old.wanted.words, self._paths, self.labels)
        self.is_open = moved(old.hierarchy, old.is_open, self.hierarchy)
        if old._open_before_text is not None:
            self._open_before_text = moved(old.hierarchy, old._open_before_text, self.hierarchy)
        self._refilter(rows_change=True)

    # -- questions -------------------------------------------------------------------------------------------------

    @property
    def rows(self) -> Rows:
        """The rows, without those about what is left out."""
        if self._rows is None:
            self._rows = visible_rows(self.hierarchy, self.is_open, self._shown, self._weigh)
        return self._rows

    @property
    def left(self) -> LeftOut:
        """What the pack does not hold."""
        if self._left is None:
            words, skipped = self.wanted.words, self.chart.skipped
            # Skipped paths have no class and no level.
            wanted = np.full(len(skipped), not (self.wanted.classes or self.wanted.levels))
            if words:
                wanted &= self._skipped_paths.matching(words)
            self._left = left_out(self.totals, skipped, wanted)
        return self._left

    @property
    def left_rows(self) -> LeftRows:
        """The rows about what is left out."""
        if self._left_rows is None:
            self._left_rows = LeftRows(self.left, self.left_open)
        return self._left_rows

    @property
    def count(self) -> int:
        """Number of rows, all in all."""
        return len(self.rows.node) + self.left_rows.count

    def row_of(self, node: int) -> int:
        """Row of a node, or of the nearest above it that has one; -1 where none has."""
        nodes = self.rows.node
        while node > 0:
            found = np.flatnonzero(nodes == node)
            if len(found):
                return int(found[0])
            node = int(self.hierarchy.up[node])
        return -1

    def name_of(self, node: int) -> Name:
        """A node as it is called in every scan."""
        return name_of(self.hierarchy, node)

    def find(self, name: Name) -> int:
        """Node that has a name, or the nearest above."""
        return self._finder.node(name)

    def has_children(self, node: int) -> bool:
        """Whether anything visible is below a node."""
        children = self.hierarchy.children(node)
        return bool(len(children)) and (self._shown is None or bool(self._shown[children].any()))

    # -- inside ----------------------------------------------------------------------------------------------------

    @cached_property
    def _finder(self) -> Finder:
        return Finder(self.hierarchy)

    @cached_property
    def _names(self) -> Nodes:
        return name_places(self.hierarchy)

    @cached_property
    def _paths(self) -> TextIndex:
        return TextIndex([file.path for file in self.chart.columns.files])

    @cached_property
    def _skipped_paths(self) -> TextIndex:
        return TextIndex([entry.path for entry in self.chart.skipped])

    def _weigh(self, nodes: Nodes) -> Nodes:
        return sort_keys(self.totals, self.sort, self._names if self.sort is Sort.NAME else nodes[:0], nodes)

    def _refilter(self, *, rows_change: bool) -> None:
        counted = matching_chunks(self._all, self.wanted, self._worded)
        self.totals = self._all if counted is None else total(self.hierarchy, self.pack, counted)
        self._left = self._left_rows = None
        hides = self.hides_omitted and self.pack is not None
        shown = counted
        if hides:
            in_pack = self._all.levels < Level.OMITTED
            shown = in_pack if counted is None else in_pack & counted
        before, self._shown = self._shown, None if shown is None else nodes_with(self.hierarchy, shown)
        if self._shown is not None and counted is None:
            # A file without chunks is in no class and at no level, yet it is there.
            empty = self.hierarchy.low == self.hierarchy.high
            self._shown |= empty & (np.arange(self.hierarchy.nodes) < self.hierarchy.first_chunk)
        if rows_change or before is not None or self._shown is not None:
            self._rows = None

    def _found_open(self) -> Mask:
        """The way to what a text finds; files whose path matches stay closed, for all of them matches."""
        tree = self.hierarchy
        result = self.is_open.copy() if self._shown is None else self._shown.copy()
        result[tree.first_file : tree.first_chunk] &= ~self._paths.matching(self.wanted.words)[tree.file_at]
        return result
