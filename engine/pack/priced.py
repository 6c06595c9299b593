"""The best levels when tokens have a price instead of a budget: every file on its own, exactly.

With a price, nothing ties files together, and within a file a chunk depends on its scope only by the level the scope
has. So a pass from the innermost chunks outwards finds the optimum. By Lagrangian duality (Everett 1963) the worth at
any price plus the price of the budget is an upper bound of what the budget can buy.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.columns import Floats
from engine.pack.company import line_values
from engine.pack.layout import Layout
from engine.pack.problem import LINE, OMITTED, OUTLINE, Levels, Mask
from engine.pack.scope import CAPSULE, Scope
from engine.pack.stopping import look

ABSENT, LISTED, SHOWN, OUTLINED = 0, 1, 2, 3
"""What a file can be: omitted, one line, shown without outline lines, shown with them."""


@dataclass(slots=True)
class Choice:
    """The optimum at one price."""

    price: float
    worth: float
    """Value less the price of all tokens, everything that is fixed left out."""
    tokens: int
    """Tokens, fixed ones included."""
    mode: npt.NDArray[np.int64]
    """(m,) what each file is."""
    levels: Levels
    """(n,) level of each chunk."""
    file_cost: Floats
    """(m,) tokens of each file above the fixed ones."""
    file_value: Floats
    """(m,) value of each file above the fixed one."""
    options: Floats
    """(m, 4) worth of each file by what it is; -inf where that is impossible."""


class Priced:
    """One problem under one set of weights, to be asked for prices."""

    def __init__(self, scope: Scope, layout: Layout, value: Floats, surcharge: Floats | None = None) -> None:
        """Args:
        scope: What is possible.
        layout: Its columns, sorted.
        value: (n,) value of each chunk.
        surcharge: (n,) factor on the price of a chunk's tokens.
        """
        self.scope, self.layout = scope, layout
        self.value = value[layout.order]
        self.gain = layout.gain * self.value
        self.priced = layout.tokens if surcharge is None else layout.tokens * surcharge[layout.order]
        files = len(scope.line_cost)
        self.line_value = line_values(scope.problem.columns, scope.base, value)
        self.line_cost = np.where(scope.listed, 0, scope.line_cost)
        self.open_cost = np.where(scope.shown, 0, scope.file_cost - np.where(scope.listed, scope.line_cost, 0))
        lined = np.bincount(scope.problem.columns.file[scope.base == LINE], minlength=files) > 0
        self.no_line = scope.shown | ~(lined | scope.listed)

    def at(self, price: float, limit: float, forced: Mask | None) -> Choice:
        """The optimum at a price.

        Args:
            price: Value per token.
            limit: Chunks of less value stay at level 4 or deeper.
            forced: (m,) files that must not be omitted.
        """
        look()
        layout, scope = self.layout, self.scope
        top, outline, plain, member, both, stay = self._chunks(price, limit)
        roots = layout.depths[0]
        file, files = layout.file[roots], len(self.line_value)
        options = np.zeros((4, files))
        options[LISTED] = np.where(self.no_line, -np.inf, self.line_value - price * self.line_cost)
        best_root = np.full((2, files), -np.inf)
        entry = -price * self.open_cost
        for row, mode, framing in ((0, SHOWN, 0), (1, OUTLINED, scope.framing)):
            worth, own = (plain, top[0]) if row == 0 else (both, np.maximum(top[1], outline))
            if len(layout.first):
                best_root[row, layout.files] = np.maximum.reduceat(own[roots], layout.first)
            must = np.where(scope.shown, 0.0, np.minimum(0.0, best_root[row]))
            total = np.bincount(file, weights=worth[roots], minlength=files)
            options[mode] = total + must + entry - price * framing
        options[SHOWN, scope.outlined] = -np.inf
        options[ABSENT, scope.listed if forced is None else scope.listed | forced] = -np.inf
        options[ABSENT, scope.shown] = -np.inf
        mode = options.argmax(axis=0)
        best = options[mode, np.arange(files)]
        levels, cost, gain = self._levels(price, mode, best_root, (top, outline, member, stay))
        is_open = mode >= SHOWN
        cost += np.where(mode == LISTED, self.line_cost, np.where(is_open, self.open_cost, 0))
        cost += np.where(mode == OUTLINED, scope.framing, 0)
        gain += np.where(mode == LISTED, self.line_value, 0.0)
        tokens = scope.fixed_tokens + round(float(cost.sum()))
        return Choice(price, float(best.sum()), tokens, mode, levels, cost, gain, options.T)

    def _chunks(
        self, price: float, limit: float
    ) -> tuple[Floats, Floats, Floats, Floats, Floats, tuple[Floats, Floats] | None]:
        """Worth of chunks with all that is inside them, above that at ``base``.

        Returns:
            (2, n) at level 3 or better in files without and with outline lines, (n,) at level 4, then the best of what
            is possible: without outline lines, inside a scope at level 4, inside one at level 3 or better; last, when
            chunks are shown from the start, (n,) what is inside those that stay as they are, without and with outlines.
        """
        layout = self.layout
        own = self.gain[0] - price * self.priced[0]
        for level in range(1, CAPSULE + 1):
            np.maximum(own, self.gain[level] - price * self.priced[level], out=own)
        if limit > -np.inf:
            own[(self.value < limit) & (layout.base > CAPSULE)] = -np.inf
        outline = self.gain[OUTLINE] - price * self.priced[OUTLINE]
        top = np.stack([own, own])
        plain, member, both = (np.empty(len(own)) for _ in range(3))
        stay = (np.zeros(len(own)), np.zeros(len(own))) if layout.based else None
        for depth in range(len(layout.depths) - 1, -1, -1):
            now = layout.depths[depth]
            low: Floats | float = 0.0
            if stay is not None:
                low = stay[1][now]
            plain[now] = np.maximum(top[0, now], 0.0 if stay is None else stay[0][now])
            member[now] = np.maximum(outline[now], low)
            both[now] = np.maximum(top[1, now], member[now])
            if depth:
                before, above = layout.depths[depth - 1], layout.above[depth]
                size = before.stop - before.start
                sums = [np.bincount(above, weights=part[now], minlength=size) for part in (plain, member, both)]
                top[0, before] += sums[0]
                outline[before] += sums[1]
                top[1, before] += sums[2]
                if stay is not None:
                    base = layout.base[before]
                    stay[0][before] = np.where(base <= CAPSULE, sums[0], 0.0)
                    stay[1][before] = np.where(base <= CAPSULE, sums[2], np.where(base == OUTLINE, sums[1], 0.0))
        return top, outline, plain, member, both, stay

    def _levels(
        self,
        price: float,
        mode: npt.NDArray[np.int64],
        best_root: Floats,
        worth: tuple[Floats, Floats, Floats, tuple[Floats, Floats] | None],
    ) -> tuple[Levels, Floats, Floats]:
        """Follow the choices from the outermost chunks inwards: levels, tokens and gain of each file's chunks."""
        layout = self.layout
        top, outline, _, stay = worth
        file, levels = layout.file, layout.base.copy()
        outlines = (mode == OUTLINED)[file]
        opened = (mode >= SHOWN)[file]
        shown = np.where(outlines, top[1], top[0])
        for depth, now in enumerate(layout.depths):
            low = 0.0 if stay is None else np.where(outlines[now], stay[1][now], stay[0][now])
            here, named = shown[now], np.where(outlines[now], outline[now], -np.inf)
            if depth:
                scopes = levels[layout.parent[now]]
                inside, reach = opened[now] & (scopes <= CAPSULE), opened[now] & (scopes <= OUTLINE)
            else:
                inside = reach = opened[now]
            up = inside & (here > low) & (here >= named)
            name = reach & (named > low) & ~up
            if not depth:
                self._must_show(mode, best_root, here, named, up, name)
            rows = np.flatnonzero(up) + now.start
            gain = self.gain[: CAPSULE + 1, rows] - price * self.priced[: CAPSULE + 1, rows]
            levels[rows] = gain.argmax(axis=0)
            levels[np.flatnonzero(name) + now.start] = OUTLINE
        rows = np.flatnonzero(levels < layout.base)
        at = levels[rows], rows
        files = len(mode)
        cost = np.bincount(file[rows], weights=layout.tokens[at], minlength=files).astype(np.float64)
        value = np.bincount(file[rows], weights=self.gain[at], minlength=files).astype(np.float64)
        levels[(levels == LINE) & (mode == ABSENT)[file]] = OMITTED
        out = np.empty_like(levels)
        out[layout.order] = levels
        return out, cost, value

    def _must_show(
        self,
        mode: npt.NDArray[np.int64],
        best_root: Floats,
        here: Floats,
        named: Floats,
        up: Mask,
        name: Mask,
    ) -> None:
        """Show the least bad chunk of files that are shown though no chunk is worth its price: that is cheapest."""
        best = np.where(mode == OUTLINED, best_root[1], best_root[0])
        bare = (mode >= SHOWN) & ~self.scope.shown & (best <= 0)
        if not bare.any():
            return
        file = self.layout.file[self.layout.depths[0]]
        own = np.maximum(here, named)
        rows = np.flatnonzero(bare[file] & (own >= best[file]))
        _, first = np.unique(file[rows], return_index=True)
        rows = rows[first]
        up[rows] = here[rows] >= named[rows]
        name[rows] = ~up[rows]
