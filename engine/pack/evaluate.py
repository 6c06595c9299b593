"""The best levels at a price for a forest: the same optimum as ``priced``, in single precision and for some files."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.columns import Floats
from engine.pack.forest import Forest, Narrow
from engine.pack.priced import ABSENT, LISTED, OUTLINED, SHOWN
from engine.pack.problem import OUTLINE, Levels, Mask
from engine.pack.scope import CAPSULE

Modes = npt.NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class State:
    """Levels of a forest, and what each file comes to."""

    price: float
    mode: Modes
    """Per file what it is."""
    levels: Levels
    """Per chunk of the forest; as if no file were omitted."""
    cost: Floats
    """Tokens of each file above the fixed ones."""
    value: Floats
    """Value of each file above the fixed one."""
    options: Floats
    """(4, files) worth of each file by what it is; -inf where that is impossible."""

    @property
    def tokens(self) -> int:
        """Tokens of all files above the fixed ones."""
        return round(float(self.cost.sum()))

    @property
    def worth(self) -> float:
        """Value less the price of all tokens."""
        return float(self.options.max(axis=0).sum())


@dataclass(slots=True)
class _Worth:
    """Worth of chunks with all that is inside them, above that at ``base``; see ``Priced._chunks``."""

    level: Levels
    """Best level of 0-3."""
    top: tuple[Narrow, Narrow]
    """At level 3 or better, in files without and with outline lines."""
    outline: Narrow
    plain: Narrow
    both: Narrow
    stay: tuple[Narrow, Narrow] | None


def evaluate(forest: Forest, price: float, limit: float, forced: Mask | None) -> State:
    """The optimum at a price.

    Args:
        forest: Chunks and files.
        price: Value per token.
        limit: Chunks of less value stay at level 4 or deeper.
        forced: Per file whether it must not be omitted.
    """
    options, worth, best_root = _options(forest, price, limit, forced)
    mode = options.argmax(axis=0).astype(np.int8)
    levels = _levels(forest, worth, mode, best_root)
    cost, value = sums(forest, levels, mode)
    return State(price, mode, levels, cost, value, options)


def chosen(forest: Forest, price: float, limit: float) -> tuple[Floats, Modes, Levels]:
    """The same with no file forced, without adding up: options, what files are, levels of chunks."""
    options, worth, best_root = _options(forest, price, limit, None)
    mode = options.argmax(axis=0).astype(np.int8)
    return options, mode, _levels(forest, worth, mode, best_root)


def options_at(forest: Forest, price: float, limit: float) -> Floats:
    """(4, files) worth of each file by what it is, no file forced."""
    return _options(forest, price, limit, None)[0]


def _options(forest: Forest, price: float, limit: float, forced: Mask | None) -> tuple[Floats, _Worth, Floats]:
    files, count = forest.files, len(forest.files.number)
    worth = _chunks(forest, price, limit)
    options = np.zeros((4, count))
    options[LISTED] = np.where(files.no_line, -np.inf, files.line_value - price * files.line_cost)
    best_root = np.full((2, count), -np.inf)
    entry = -price * files.open_cost
    starts, owners = forest.roots
    roots = forest.depths[0] if forest.depths else slice(0, 0)
    for row, mode in ((0, SHOWN), (1, OUTLINED)):
        total = np.zeros(count)
        if len(starts):
            own = worth.top[0][roots] if row == 0 else np.maximum(worth.top[1][roots], worth.outline[roots])
            best_root[row, owners] = np.maximum.reduceat(own, starts)
            total[owners] = np.add.reduceat((worth.both if row else worth.plain)[roots], starts)
        must = np.where(files.shown, 0.0, np.minimum(0.0, best_root[row]))
        options[mode] = total + must + entry
    options[OUTLINED] -= price * files.framing
    options[SHOWN, files.outlined] = -np.inf
    options[ABSENT, files.listed if forced is None else files.listed | forced] = -np.inf
    options[ABSENT, files.shown] = -np.inf
    return options, worth, best_root


def sums(forest: Forest, levels: Levels, mode: Modes) -> tuple[Floats, Floats]:
    """Tokens and value of each file above the fixed ones."""
    files, count = forest.files, len(forest.files.number)
    rows = np.flatnonzero(levels < forest.base)
    at = levels[rows].astype(np.intp) * len(levels) + rows
    file = forest.file[rows]
    cost = np.bincount(file, weights=forest.tokens.ravel().take(at), minlength=count).astype(np.float64)
    value = np.bincount(file, weights=forest.gain.ravel().take(at), minlength=count).astype(np.float64)
    is_open = mode >= SHOWN
    cost += np.where(mode == LISTED, files.line_cost, np.where(is_open, files.open_cost, 0))
    cost += np.where(mode == OUTLINED, files.framing, 0)
    value += np.where(mode == LISTED, files.line_value, 0.0)
    return cost, value


def _chunks(forest: Forest, price: float, limit: float) -> _Worth:
    tokens, gain, n = forest.tokens, forest.gain, len(forest.place)
    rate = np.float32(price) if forest.charge is None else forest.charge * np.float32(price)
    own, tried = np.empty(n, np.float32), np.empty(n, np.float32)
    np.multiply(tokens[0], rate, out=own)
    np.subtract(gain[0], own, out=own)
    level = np.zeros(n, dtype=np.int8)
    for deeper in range(1, CAPSULE + 1):
        np.multiply(tokens[deeper], rate, out=tried)
        np.subtract(gain[deeper], tried, out=tried)
        level[tried > own] = deeper
        np.maximum(own, tried, out=own)
    if limit > -np.inf:
        own[forest.value < np.float32(limit)] = -np.inf
    outline = gain[OUTLINE] - tokens[OUTLINE] * rate
    top = own, own.copy()
    plain, both = np.empty(n, np.float32), np.empty(n, np.float32)
    stay = (np.zeros(n, np.float32), np.zeros(n, np.float32)) if forest.based else None
    nothing = np.float32(0)
    for depth in range(len(forest.depths) - 1, -1, -1):
        now = forest.depths[depth]
        np.maximum(top[0][now], nothing if stay is None else stay[0][now], out=plain[now])
        member = np.maximum(outline[now], nothing if stay is None else stay[1][now])
        np.maximum(top[1][now], member, out=both[now])
        if not depth:
            break
        starts, above = forest.scopes[depth]
        sums = [np.add.reduceat(part, starts) for part in (plain[now], member, both[now])]
        top[0][above] += sums[0]
        outline[above] += sums[1]
        top[1][above] += sums[2]
        if stay is not None:
            base = forest.base[above]
            stay[0][above] = np.where(base <= CAPSULE, sums[0], 0)
            stay[1][above] = np.where(base <= CAPSULE, sums[2], np.where(base == OUTLINE, sums[1], 0))
    return _Worth(level, top, outline, plain, both, stay)


def _levels(forest: Forest, worth: _Worth, mode: Modes, best_root: Floats) -> Levels:
    """Follow the choices from the outermost chunks inwards."""
    here_mode = mode[forest.file]
    outlines, opened = here_mode == OUTLINED, here_mode >= SHOWN
    here = np.where(outlines, worth.top[1], worth.top[0])
    named = np.where(outlines, worth.outline, np.float32(-np.inf))
    low: Narrow | np.float32 = np.float32(0)
    if worth.stay is not None:
        low = np.where(outlines, worth.stay[1], worth.stay[0])
    up = opened & (here > low) & (here >= named)
    name = opened & (named > low)
    levels = forest.base.copy()
    for depth, now in enumerate(forest.depths):
        risen, told = up[now], name[now]
        if depth:
            scopes = levels[forest.parent[now]]
            risen = risen & (scopes <= CAPSULE)
            told = told & (scopes <= OUTLINE)
        told = told & ~risen
        if not depth:
            _must_show(forest, mode, best_root, here[now], named[now], risen, told)
        part = levels[now]
        np.copyto(part, worth.level[now], where=risen)
        np.copyto(part, np.int8(OUTLINE), where=told)
    return levels


def _must_show(
    forest: Forest, mode: Modes, best_root: Floats, here: Narrow, named: Narrow, up: Mask, name: Mask
) -> None:
    """Show the least bad chunk of files that are shown though no chunk is worth its price: that is cheapest."""
    best = np.where(mode == OUTLINED, best_root[1], best_root[0])
    bare = (mode >= SHOWN) & ~forest.files.shown & (best <= 0)
    if not bare.any():
        return
    file = forest.file[forest.depths[0]]
    own = np.maximum(here, named)
    rows = np.flatnonzero(bare[file] & (own >= best[file]))
    _, first = np.unique(file[rows], return_index=True)
    rows = rows[first]
    up[rows] = here[rows] >= named[rows]
    name[rows] = ~up[rows]
