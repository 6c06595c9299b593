"""Which decisions are open near the price of a budget, and what the others come to.

Forcing another decision than the best one at a price loses some worth. Where that loss is larger than what rounding
has cost, the decision is right for the budget, too (reduced-cost fixing); the rest are solved exactly by ``exact``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.columns import Floats
from engine.pack.priced import ABSENT, LISTED, OUTLINED, SHOWN, Choice, Priced
from engine.pack.problem import LINE, OUTLINE, Mask
from engine.pack.scope import CAPSULE
from engine.pack.twins import blocks_of

STAY = LINE
"""Row of the options of a chunk that stands for staying as it is."""
MOST_FILES = 60
"""Open files at most."""
CANDIDATES = 4
"""Chunks that are looked at for each open one, as those that are alike are decided together."""
RELEASED_TOKENS = 12_000
"""Tokens that the choice may spend on open chunks; the programming is over that many."""


@dataclass(slots=True)
class Core:
    """What is open, around a choice."""

    priced: Priced
    choice: Choice
    limit: float
    files: list[int]
    """Files with an open decision."""
    modes: dict[int, list[int]]
    """What those may be."""
    open: Mask
    """(n,) sorted chunks that are open."""
    members: dict[int, list[int]]
    """Sorted chunks directly inside a chunk, for chunks of those files."""
    roots: dict[int, list[int]]
    """Outermost sorted chunks of those files."""
    released: int
    """Most tokens that the choice spends on the open chunks of one file."""
    best: dict[int, dict[bool, tuple[int, int]]]
    """Per fixed chunk and whether outlines are used: best level inside a scope at 3 or better, and inside one at 4."""
    twins: dict[int, list[int]]
    """All chunks, itself too, that take the level of an open chunk."""
    joined: set[int]
    """Those chunks without the open ones."""


def core_of(priced: Priced, choice: Choice, limit: float, room: float, most: int) -> Core:
    """Find the decisions that lose least when they are changed.

    Args:
        priced: The problem.
        choice: The best at a price.
        limit: Chunks of less value stay at level 4 or deeper.
        room: Worth that a decision may lose at most.
        most: Open chunks at most, those that are alike in blocks; each costs about 0.1 ms for 4,000 tokens.
    """
    layout, price = priced.layout, choice.price
    n = len(layout.order)
    top, outline, plain, _, both, stay = priced._chunks(price, limit)
    own = priced.gain - price * priced.priced
    if limit > -np.inf:
        own[: CAPSULE + 1, (priced.value < limit) & (layout.base > CAPSULE)] = -np.inf
    best = choice.options.max(axis=1)
    loss, shown = np.full(n, np.inf), np.full(n, -np.inf)
    alone = own[: CAPSULE + 1].max(axis=0)
    for lines in (False, True):
        tops, best_of = top[int(lines)], both if lines else plain
        low = 0.0 if stay is None else stay[int(lines)]
        named = outline if lines else np.full(n, -np.inf)
        here = _losses(priced, choice, lines, own, alone, tops, named, np.broadcast_to(low, n), best_of)
        loss, shown = np.minimum(loss, here), np.maximum(shown, np.maximum(tops, named))
    by_option = np.sort(choice.options, axis=1)
    file_loss = by_option[:, -1] - by_option[:, -2]
    near = np.argsort(loss, kind="stable")[: most * CANDIDATES]
    now_levels = choice.levels[layout.order]
    spent = layout.tokens[np.minimum(now_levels, OUTLINE), np.arange(n)]
    spent = np.where((now_levels < layout.base) & (now_levels <= OUTLINE), spent, 0.0)
    whole = spent.copy()  # an open chunk takes what is inside it along
    for depth in range(len(layout.depths) - 1, 0, -1):
        now = layout.depths[depth]
        np.add.at(whole, layout.parent[now], whole[now])
    near = near[(loss[near] <= room) & (whole[near] <= RELEASED_TOKENS // 3)]
    blocks = blocks_of(priced, now_levels, near)[:most]
    taken_up = np.cumsum([whole[block].sum() for block in blocks]) <= RELEASED_TOKENS
    blocks = [block for block, fits in zip(blocks, taken_up, strict=True) if fits]
    near = np.array([block[0] for block in blocks], dtype=np.intp)
    twins = {block[0]: block for block in blocks if len(block) > 1}
    joined = {chunk for block in twins.values() for chunk in block[1:]}
    near_files = np.argsort(file_loss, kind="stable")[:MOST_FILES]
    near_files = near_files[file_loss[near_files] <= room]
    is_open = np.zeros(n, dtype=np.bool_)
    is_open[near] = True
    chosen = np.union1d(near_files, layout.file[near]).astype(np.intp)
    all_near = int((file_loss <= room).sum()) <= MOST_FILES
    widest = room if all_near else float(file_loss[near_files].max(initial=0.0))
    modes: dict[int, list[int]] = {}
    for file in chosen.tolist():
        row = choice.options[file]
        modes[file] = [mode for mode in (ABSENT, LISTED, SHOWN, OUTLINED) if row[mode] >= best[file] - widest]
        if int(choice.mode[file]) not in modes[file]:
            modes[file].append(int(choice.mode[file]))
    mine = np.flatnonzero(np.isin(layout.file, chosen))
    members: dict[int, list[int]] = {}
    outer: dict[int, list[int]] = {file: [] for file in chosen.tolist()}
    for chunk, parent, file in zip(
        mine.tolist(), layout.parent[mine].tolist(), layout.file[mine].tolist(), strict=True
    ):
        (outer[file] if parent < 0 else members.setdefault(parent, [])).append(chunk)
    levels = _best_levels(own[:, mine], top[:, mine], outline[mine], stay, mine)
    found = dict(zip(mine.tolist(), levels, strict=True))
    for file, chunks in outer.items():
        if chunks and max(modes[file]) >= SHOWN:  # a file is shown by at least one chunk
            first = max(chunks, key=lambda chunk: (float(shown[chunk]), -chunk))
            is_open[first] |= whole[first] == 0 and first not in joined
    taken = is_open.copy()
    taken[list(joined)] = True
    for now in layout.depths[1:]:
        taken[now] |= taken[layout.parent[now]]
    released = np.bincount(layout.file, weights=np.where(taken, spent, 0.0), minlength=len(best))
    return Core(
        priced, choice, limit, chosen.tolist(), modes, is_open, members, outer, int(released.max(initial=0)), found,
        twins, joined,
    )  # fmt: skip


def _losses(
    priced: Priced,
    choice: Choice,
    lines: bool,
    own: Floats,
    alone: Floats,
    tops: Floats,
    named: Floats,
    low: Floats,
    best_of: Floats,
) -> Floats:
    """(n,) worth that is lost at least when a chunk's decision changes, in files with or without outline lines."""
    layout, scope, price = priced.layout, priced.scope, choice.price
    roots, n = layout.depths[0], len(alone)
    finite = np.isfinite(alone)
    inside = np.where(finite, tops - np.where(finite, alone, 0.0), 0.0)
    options = np.vstack([own[: CAPSULE + 1] + inside, named[None, :], low[None, :]])
    ranked = np.partition(options, 4, axis=0)
    second = ranked[5] - ranked[4]
    total = np.bincount(layout.file[roots], weights=best_of[roots], minlength=len(choice.mode))
    entry = -price * (priced.open_cost + (scope.framing if lines else 0))
    # Least loss at which the scope of a chunk is at level 3 or better, and at level 4.
    shown, outlined = np.zeros(n), np.full(n, np.inf)
    shown[roots] = (choice.options.max(axis=1) - total - entry)[layout.file[roots]]
    at_shown = np.where(layout.base <= CAPSULE, np.maximum(tops, low), tops)
    at_outline = np.where(layout.base == OUTLINE, np.maximum(named, low), named)
    member = np.maximum(named, low)
    for now in layout.depths[1:]:
        above = layout.parent[now]
        shown[now] = shown[above] + best_of[above] - at_shown[above]
        further = np.minimum(shown[above] + best_of[above], outlined[above] + member[above])
        outlined[now] = further - at_outline[above]
    return np.asarray(np.minimum(shown + second, outlined + np.abs(named - low)), dtype=np.float64)


def _best_levels(
    own: Floats,
    top: Floats,
    outline: Floats,
    stay: tuple[Floats, Floats] | None,
    rows: np.ndarray[tuple[int], np.dtype[np.intp]],
) -> list[dict[bool, tuple[int, int]]]:
    """Best level of chunks without and with outlines, inside a scope at level 3 or better and at level 4."""
    level = own[: CAPSULE + 1].argmax(axis=0) if own.shape[1] else np.zeros(0, dtype=np.intp)
    out = []
    columns = []
    for lines in (False, True):
        low = 0.0 if stay is None else stay[int(lines)][rows]
        named = outline if lines else np.full(len(outline), -np.inf)
        reached = top[int(lines)]
        in_shown = np.where((reached > low) & (reached >= named), level, np.where(named > low, OUTLINE, STAY))
        columns.append((in_shown.tolist(), np.where(named > low, OUTLINE, STAY).tolist()))
    for first, second, third, fourth in zip(*columns[0], *columns[1], strict=True):
        out.append({False: (first, second), True: (third, fourth)})
    return out
