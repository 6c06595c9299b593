"""Sums of a pack over any node, as running totals: one pass per pack, one subtraction per question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from engine.live import LivePack
from engine.model import Level
from tui.tree.hierarchy import Hierarchy, Nodes

LEVELS = Level.OMITTED + 1
Mask = npt.NDArray[np.bool_]
_Number = TypeVar("_Number", np.int64, np.float64)


@dataclass(frozen=True, slots=True)
class Totals:
    """What nodes sum up to, under a pack (or none) and a filter (or none)."""

    hierarchy: Hierarchy
    pack: LivePack | None
    counted: Mask | None
    """(n,) by position: chunks that a filter lets through; None for all."""
    levels: npt.NDArray[np.int8]
    """(n,) by position; all omitted without a pack."""
    pinned: npt.NDArray[np.int8]
    """(n,) by position."""
    excluded: Mask
    """(n,) by position."""
    file_packed: Nodes
    """(m,) by position."""
    full_sum: Nodes
    chunk_sum: Nodes
    file_sum: Nodes
    value_sum: npt.NDArray[np.float64]

    def full(self, nodes: Nodes) -> Nodes:
        """Tokens at level 0 at or below each node."""
        return self._below(self.full_sum, nodes)

    def packed(self, nodes: Nodes) -> Nodes:
        """Tokens that nodes take in the pack; files and folders with headers and one-line entries."""
        tree = self.hierarchy
        result = self._below(self.chunk_sum, nodes)
        is_file = (nodes >= tree.first_file) & (nodes < tree.first_chunk)
        result[is_file] = self.file_packed[nodes[is_file] - tree.first_file]
        is_folder = nodes < tree.first_file
        folders = nodes[is_folder]
        result[is_folder] = (
            self.file_sum[tree.folders.file_high[folders]] - self.file_sum[tree.folders.file_low[folders]]
        )
        return result

    def value(self, nodes: Nodes) -> npt.NDArray[np.float64]:
        """Worth of everything at or below each node."""
        tree = self.hierarchy
        result: npt.NDArray[np.float64] = self.value_sum[tree.high[nodes]] - self.value_sum[tree.low[nodes]]
        return result

    def chunks(self, node: int) -> slice:
        """Positions of the chunks at or below a node."""
        return slice(int(self.hierarchy.low[node]), int(self.hierarchy.high[node]))

    def per_level(self, node: int) -> npt.NDArray[np.float64]:
        """(7,) how much of a node is at each level, weighed by full tokens; chunks without tokens weigh one."""
        run = self.chunks(node)
        weights = np.maximum(self.hierarchy.full[run], 1)
        if self.counted is not None:
            weights = weights * self.counted[run]
        return np.bincount(self.levels[run], weights, LEVELS).astype(np.float64)

    def changed(self, node: int) -> int:
        """Lines at or below a node that changed since the revision that the pack is compared with."""
        if self.pack is None or self.pack.changed is None:
            return 0
        return int(self.pack.changed[self.hierarchy.chunk_at[self.chunks(node)]].sum())

    def main_class(self, node: int) -> int:
        """Class that most tokens at or below a node have; -1 where there is no chunk."""
        run = self.chunks(node)
        if run.start == run.stop:
            return -1
        weights = np.maximum(self.hierarchy.full[run], 1)
        if self.counted is not None:
            weights = weights * self.counted[run]
        return int(np.argmax(np.bincount(self.hierarchy.chunk_class[run], weights)))

    def _below(self, running: Nodes, nodes: Nodes) -> Nodes:
        result: Nodes = running[self.hierarchy.high[nodes]] - running[self.hierarchy.low[nodes]]
        return result


def total(tree: Hierarchy, pack: LivePack | None, counted: Mask | None = None) -> Totals:
    """Sum up a pack.

    Args:
        tree: The scanned repository.
        pack: A pack of it, or None while there is none.
        counted: (n,) by position: chunks that count; None for all.
    """
    chunks, files = len(tree.chunk_at), len(tree.file_at)
    if pack is None:
        levels, pinned = np.full(chunks, Level.OMITTED, np.int8), np.full(chunks, -1, np.int8)
        excluded, tokens = np.zeros(chunks, np.bool_), np.zeros(chunks, np.int64)
        values, file_packed = np.zeros(chunks), np.zeros(files, np.int64)
    else:
        levels, pinned = pack.levels[tree.chunk_at], pack.pinned[tree.chunk_at]
        excluded, tokens = pack.excluded[tree.chunk_at], pack.tokens[tree.chunk_at].astype(np.int64)
        values, file_packed = pack.values[tree.chunk_at], pack.file_tokens[tree.file_at].astype(np.int64)
    full = tree.full
    if counted is not None:
        full, tokens, values = full * counted, tokens * counted, values * counted
        file_packed = _partly(tree, file_packed, tokens, counted)
    return Totals(
        tree, pack, counted, levels, pinned, excluded, file_packed,
        _running(full), _running(tokens), _running(file_packed), _running(values),
    )  # fmt: skip


def _running(numbers: npt.NDArray[_Number]) -> npt.NDArray[_Number]:
    result = np.zeros(len(numbers) + 1, numbers.dtype)
    np.cumsum(numbers, out=result[1:])
    return result


def _partly(tree: Hierarchy, file_packed: Nodes, tokens: Nodes, counted: Mask) -> Nodes:
    """Tokens of files of which only some chunks count: without header, tree entry and line."""
    nodes = slice(tree.first_file, tree.first_chunk)
    low, high = tree.low[nodes], tree.high[nodes]
    matches = _running(counted.astype(np.int64))
    chunk_sum = _running(tokens)
    whole = matches[high] - matches[low] == high - low
    whole &= high > low
    result: Nodes = np.where(whole, file_packed, chunk_sum[high] - chunk_sum[low])
    return result
