"""What a tree is narrowed to: classes, levels, and words found in paths or in names of chunks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.model import CLASSES, ChunkClass
from tui.tree.hierarchy import Hierarchy
from tui.tree.labels import Labels
from tui.tree.text_index import TextIndex
from tui.tree.totals import LEVELS, Mask, Totals


@dataclass(frozen=True, slots=True)
class TreeFilter:
    """Nothing set lets everything through."""

    text: str = ""
    """Words that must all be found in a path or a chunk's name, without regard to case."""
    classes: frozenset[ChunkClass] = frozenset()
    """Classes to keep; empty for all."""
    levels: frozenset[int] = frozenset()
    """Levels 0-6 to keep; empty for all."""

    def __bool__(self) -> bool:
        """Whether it narrows anything."""
        return bool(self.words or self.classes or self.levels)

    @property
    def words(self) -> tuple[str, ...]:
        """The words of the text, casefolded."""
        return tuple(self.text.casefold().split())


def chunks_with_words(tree: Hierarchy, words: tuple[str, ...], paths: TextIndex, labels: Labels) -> Mask | None:
    """Find the chunks that have all words in their path or name: (n,) by position; None without words.

    Args:
        tree: The repository.
        words: Casefolded.
        paths: Path of each index into ``columns.files``.
        labels: Names of chunks, as far as they are known.
    """
    if not words:
        return None
    found = paths.matching(words)[tree.columns.file]
    found[labels.matching(words)] = True
    result: Mask = found[tree.chunk_at]
    return result


def matching_chunks(totals: Totals, wanted: TreeFilter, worded: Mask | None) -> Mask | None:
    """Find the chunks that a filter lets through: (n,) by position, or None for all.

    Args:
        totals: Where the levels are.
        wanted: The filter.
        worded: What ``chunks_with_words`` found for its text.
    """
    if not wanted:
        return None
    tree = totals.hierarchy
    result = np.ones(len(tree.chunk_at), np.bool_) if worded is None else worded.copy()
    if wanted.classes:
        result &= np.array([name in wanted.classes for name in CLASSES])[tree.chunk_class]
    if wanted.levels:
        result &= np.array([level in wanted.levels for level in range(LEVELS)])[totals.levels]
    return result


def nodes_with(tree: Hierarchy, chunks: Mask) -> Mask:
    """Find the nodes that hold any of some chunks: (N,)."""
    running = np.zeros(len(chunks) + 1, np.int64)
    np.cumsum(chunks, out=running[1:])
    result: Mask = running[tree.high] > running[tree.low]
    return result
