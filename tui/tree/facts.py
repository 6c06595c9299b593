"""What one row says, as data: found when the row is drawn, never for rows that nobody sees."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.model import Level
from tui.tree.hierarchy import Kind
from tui.tree.left_rows import LeftRow
from tui.tree.model import TreeModel

CELLS = 4
"""Glyphs that show how levels mix in a folder."""


@dataclass(frozen=True, slots=True)
class RowFacts:
    """One row. Numbers are tokens; -1 is unknown."""

    kind: Kind | None
    """None for rows about what is left out that are no files."""
    name: str
    """Name as the repository has it: not safe to show as it is."""
    what: str = ""
    """Kind of a chunk; of a left-out row, the count of files in words."""
    guides: tuple[bool, ...] = ()
    """For each level above the row and itself: whether it is the last of its siblings."""
    is_openable: bool = False
    is_open: bool = False
    full: int = -1
    packed: int = -1
    share: float = 0.0
    """Full tokens as a fraction of the parent's."""
    kept: float = 0.0
    """Packed tokens as a fraction of the row's full tokens, at most 1."""
    of_pack: float = 0.0
    """Packed tokens as a fraction of the pack."""
    value: float = 0.0
    level: int = -1
    """Level of the chunk, or the level that most of the tokens below have; -1 without a pack."""
    mix: tuple[int, ...] = ()
    """Levels in proportion, when there are several: fullest first."""
    pinned: int = 0
    """0 nothing at or below is pinned, 1 some, 2 all."""
    pin_level: int = -1
    """The level all is pinned to, or -1."""
    is_excluded: bool = False
    """Whether the tuning leaves all of it out."""
    chunk_class: int = -1
    """Class of the chunk, or of most tokens below; -1 where there is none."""
    changed: int = 0
    """Lines at or below that changed since the revision that the pack is compared with."""

    @property
    def is_absent(self) -> bool:
        """Whether the pack holds nothing of it."""
        return self.level >= Level.OMITTED and not self.mix


def facts_of_node(model: TreeModel, row: int) -> RowFacts:
    """Say what the row of a node says."""
    tree, totals, rows = model.hierarchy, model.totals, model.rows
    node = int(rows.node[row])
    pair = np.array([node, int(tree.up[node])])
    (full, outer), packed = totals.full(pair).tolist(), int(totals.packed(pair[:1])[0])
    kind = tree.kind(node)
    name, what = _name(model, node, kind)
    run = totals.chunks(node)
    pins, pack = totals.pinned[run], model.pack
    pinned = int(np.count_nonzero(pins >= 0))
    level, mix = _levels(totals.per_level(node)) if pack is not None else (-1, ())
    if kind is Kind.CHUNK and pack is not None:
        level = int(totals.levels[run.start])
    return RowFacts(
        kind, name, what, _guides(model, row), model.has_children(node), bool(model.is_open[node]),
        full, packed if pack is not None else -1,
        share=full / outer if outer else 0.0,
        kept=min(1.0, packed / full) if full and (mix or level < Level.OMITTED) else 0.0,
        of_pack=packed / pack.est_used if pack is not None and pack.est_used else 0.0,
        value=float(totals.value(pair[:1])[0]),
        level=level, mix=mix,
        pinned=0 if not pinned else 2 if pinned == len(pins) else 1,
        pin_level=int(pins[0]) if pinned == len(pins) and pinned and bool((pins == pins[0]).all()) else -1,
        is_excluded=run.stop > run.start and bool(totals.excluded[run].all()),
        chunk_class=totals.main_class(node),
        changed=totals.changed(node),
    )  # fmt: skip


def facts_of_left(model: TreeModel, row: LeftRow, is_last: bool) -> RowFacts:
    """Say what a row about left-out files says."""
    left = model.left
    if row.reason < 0:
        what = f"{left.files:,} {'file' if left.files == 1 else 'files'}"
        what += f" and parts of {left.parts:,}" if left.parts else ""
        return RowFacts(
            None, "not included", what, (is_last,), True, "" in model.left_open, left.tokens or -1, level=Level.OMITTED
        )
    reason = left.reasons[row.reason]
    last_reason = row.reason == len(left.reasons) - 1
    if row.entry < 0:
        count = len(reason.files)
        what = f"{count:,} {'file' if count == 1 else 'files'}"
        return RowFacts(
            None, reason.name, what, (is_last, last_reason), True, reason.name in model.left_open, reason.total_tokens,
            share=max(0, reason.total_tokens) / left.tokens if left.tokens else 0.0, level=Level.OMITTED,
        )  # fmt: skip
    at, tokens = int(reason.files[row.entry]), int(reason.tokens[row.entry])
    path = model.chart.skipped[at].path if reason.is_skipped else model.chart.columns.files[at].path
    node = -1 if reason.is_skipped else model.hierarchy.file_node(at)
    return RowFacts(
        Kind.FILE, path, "", (is_last, last_reason, row.entry == len(reason.files) - 1), False, False, tokens,
        share=max(0, tokens) / reason.total_tokens if reason.total_tokens > 0 else 0.0, level=Level.OMITTED,
        is_excluded=node >= 0 and bool(model.totals.excluded[model.totals.chunks(node)].all()),
        chunk_class=model.totals.main_class(node) if node >= 0 else -1,
    )  # fmt: skip


def _name(model: TreeModel, node: int, kind: Kind) -> tuple[str, str]:
    tree = model.hierarchy
    if kind is Kind.FOLDER:
        return tree.folders.names[node] + "/", ""
    if kind is Kind.FILE:
        return tree.columns.files[tree.file_of(node)].path.rpartition("/")[2], ""
    at = tree.row_of(node)
    what, symbol = model.labels.get(at) or ("", "")
    first, last = int(tree.columns.start_line[at]), int(tree.columns.end_line[at])
    above = int(tree.columns.parent[at])
    if not symbol or (above >= 0 and model.labels.get(above) == (what, symbol)):
        # Further pieces of a long function are told apart by where they are.
        return f"L{first}-{last}" if last > first else f"L{first}", what
    return symbol, what


def _guides(model: TreeModel, row: int) -> tuple[bool, ...]:
    rows, guides = model.rows, []
    has_left = model.left_rows.count > 0
    while row >= 0:
        above = int(rows.above[row])
        # Rows about what is left out follow the last folder, as its siblings.
        guides.append(bool(rows.is_last[row]) and not (above < 0 and has_left))
        row = above
    return tuple(reversed(guides))


def _levels(weights: np.ndarray[tuple[int], np.dtype[np.float64]]) -> tuple[int, tuple[int, ...]]:
    """The level with most weight, and the mix in proportion where there is more than one."""
    present = np.flatnonzero(weights)
    if not len(present):
        return Level.OMITTED, ()
    most = int(np.argmax(weights))
    if len(present) == 1:
        return most, ()
    # Whatever is there shows, as far as there are cells; the others go by proportion.
    cells = np.zeros(len(weights), np.int64)
    cells[np.argsort(-weights, kind="stable")[: min(CELLS, len(present))]] = 1
    while cells.sum() < CELLS:
        cells[np.argmax(np.where(cells > 0, weights / (cells + 0.5), 0))] += 1
    return most, tuple(np.repeat(np.arange(len(weights)), cells).tolist())
