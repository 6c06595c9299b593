"""What a pack does not hold, and why: files by reason, to be opened and read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.model import Level, Skipped
from tui.tree.hierarchy import Nodes
from tui.tree.totals import Mask, Totals

OMITTED, PARTLY, EXCLUDED = "omitted for room", "partly omitted for room", "excluded by the tuning"


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason and the files it holds for."""

    name: str
    """In words; told apart from all others by it."""
    files: Nodes
    """Indices into ``columns.files``; for skipped paths indices into ``chart.skipped``."""
    tokens: Nodes
    """Tokens at level 0 that each of them would add; -1 where nobody counted."""
    is_skipped: bool = False
    """Whether ``files`` are skipped paths."""

    @property
    def total_tokens(self) -> int:
        """Sum of what was counted; -1 where nothing was."""
        return -1 if self.is_skipped else int(self.tokens.sum())


@dataclass(frozen=True, slots=True)
class LeftOut:
    """All reasons that hold for any file, the engine's choices first."""

    reasons: tuple[Reason, ...]

    @property
    def files(self) -> int:
        """Files of which the pack holds nothing."""
        return sum(len(reason.files) for reason in self.reasons if reason.name != PARTLY)

    @property
    def parts(self) -> int:
        """Files of which the pack holds only some chunks."""
        return sum(len(reason.files) for reason in self.reasons if reason.name == PARTLY)

    @property
    def tokens(self) -> int:
        """Tokens at level 0 of everything that is left out and was counted."""
        return sum(max(0, reason.total_tokens) for reason in self.reasons)


def left_out(totals: Totals, skipped: Sequence[Skipped], wanted: Mask) -> LeftOut:
    """Group what a pack does not hold by reason, the largest files first.

    Args:
        totals: Sums of the pack; chunks that do not count are not looked at.
        skipped: Paths without chunks.
        wanted: Which of them are wanted.
    """
    reasons = _of_pack(totals) if totals.pack is not None else []
    by_reason: dict[str, list[int]] = {}
    for index in np.flatnonzero(wanted).tolist():
        by_reason.setdefault(skipped[index].reason, []).append(index)
    for reason, indices in sorted(by_reason.items(), key=lambda item: (-len(item[1]), item[0])):
        reasons.append(Reason(f"skipped: {reason}", np.array(indices), np.full(len(indices), -1), is_skipped=True))
    return LeftOut(tuple(reasons))


def _of_pack(totals: Totals) -> list[Reason]:
    tree = totals.hierarchy
    files = len(tree.file_at)
    file_of = np.repeat(np.arange(files), _sizes(totals))
    counted = np.ones(len(file_of), np.bool_) if totals.counted is None else totals.counted
    omitted = (totals.levels >= Level.OMITTED) & counted
    excluded = omitted & totals.excluded

    def per_file(chunks: Mask) -> Nodes:
        return np.bincount(file_of[chunks], minlength=files)

    chunks, gone, out = per_file(counted), per_file(omitted), per_file(excluded)
    tokens = np.bincount(file_of, weights=tree.full * omitted, minlength=files).astype(np.int64)
    is_out = (out > 0) & (out == gone)
    is_gone = (gone == chunks) & (gone > 0) & ~is_out
    is_part = (gone > 0) & ~is_out & ~is_gone
    found = []
    for name, chosen in ((OMITTED, is_gone), (PARTLY, is_part), (EXCLUDED, is_out)):
        positions = np.flatnonzero(chosen)
        if len(positions):
            positions = positions[np.argsort(-tokens[positions], kind="stable")]
            found.append(Reason(name, tree.file_at[positions], tokens[positions]))
    return found


def _sizes(totals: Totals) -> Nodes:
    tree = totals.hierarchy
    nodes = slice(tree.first_file, tree.first_chunk)
    sizes: Nodes = tree.high[nodes] - tree.low[nodes]
    return sizes
