"""Solve the open decisions exactly, by dynamic programming over the tokens near the budget."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from engine.columns import Floats
from engine.pack.core import STAY, Core
from engine.pack.priced import ABSENT, LISTED, OUTLINED
from engine.pack.problem import LINE, OMITTED, OUTLINE, Levels
from engine.pack.scope import CAPSULE
from engine.pack.stopping import look

Back = Callable[[int], int]
"""Writes the choices that led to a position and returns the position there was before them."""
Way = tuple[Floats, Back]
Option = tuple[int, float, int]
"""Tokens, value and level."""
Numbers = npt.NDArray[np.int8]

WIDEST_TOKENS = 16_000
"""Tokens below those of the choice that are looked at at most; a sum over so many takes about 10 µs."""
MORE_TOKENS = 4_000
"""Tokens above those of the choice that are looked at at most."""


class Exact:
    """One run: best worth for each number of tokens, one file after the other."""

    def __init__(self, core: Core, budget_tokens: int) -> None:
        """Args:
        core: What is open.
        budget_tokens: What may be spent.
        """
        self._core, self._layout, self._priced = core, core.priced.layout, core.priced
        spent = core.choice.tokens
        self._below = min(WIDEST_TOKENS, spent, core.released + MORE_TOKENS)
        # A file may take more before another gives back, so positions above the budget are kept on the way.
        self._end = self._below + min(MORE_TOKENS, budget_tokens - spent) + 1
        self._size = self._end + self._below
        self._levels: dict[int, int] = {}
        self._modes: dict[int, int] = {}
        self._known: dict[int, list[Option]] = {}
        self.cells = 0
        """Cells of tables that were filled: what a run takes time for."""

    @property
    def most_cells(self) -> int:
        """Cells that a run fills at most."""
        core, total = self._core, 0
        for file in core.files:
            shown = [mode for mode in core.modes[file] if mode not in (ABSENT, LISTED)]
            inside = len(shown) * self._tables(core.roots[file]) if shown else 0
            total += len(core.modes[file]) + inside * (1 if self._priced.scope.shown[file] else 2)
        return total * self._size

    def _tables(self, chunks: list[int]) -> int:
        """Tables that are filled at most for chunks side by side, with all that is inside them."""
        core, total = self._core, 1
        for chunk in chunks:
            inside = self._tables(core.members[chunk]) if chunk in core.members else 0
            total += 2 + len(self._better(chunk)) + 3 * inside if core.open[chunk] else inside
        return total

    def run(self) -> Levels:
        """(n,) levels, all chunks of the repository in their own order."""
        before = np.full(self._size, -np.inf)
        before[self._below] = 0.0
        backs: list[Back] = []
        for file in self._core.files:
            look()
            before, back = self._file(file, before)
            backs.append(back)
        at = int(before[: self._end].argmax())
        for back in reversed(backs):
            at = back(at)
        return self._written()

    def _written(self) -> Levels:
        layout, choice = self._layout, self._core.choice
        levels = choice.levels[layout.order]
        mode = choice.mode.copy()
        for file, chosen in self._modes.items():
            mode[file] = chosen
        touched = np.zeros(len(mode), dtype=np.bool_)
        touched[list(self._modes)] = True
        levels = np.where(touched[layout.file], layout.base, levels)
        for chunk, level in self._levels.items():
            if level != STAY:
                levels[chunk] = level
        levels[(levels == LINE) & (mode == ABSENT)[layout.file]] = OMITTED
        out = np.empty_like(levels)
        out[layout.order] = levels
        return out

    def _file(self, file: int, before: Floats) -> Way:
        priced, choice, scope = self._priced, self._core.choice, self._priced.scope
        cost, value = int(choice.file_cost[file]), float(choice.file_value[file])
        ways: list[Way] = []
        for mode in self._core.modes[file]:
            if mode == ABSENT:
                way = self._shift(before, -cost, -value)
            elif mode == LISTED:
                line = int(priced.line_cost[file]), float(priced.line_value[file])
                way = self._shift(before, line[0] - cost, line[1] - value)
            else:
                entry = int(priced.open_cost[file]) + (int(scope.framing[file]) if mode == OUTLINED else 0)
                way = self._scope(
                    self._core.roots[file], before, CAPSULE, mode == OUTLINED, entry - cost, -value,
                    must=not scope.shown[file],
                )  # fmt: skip
            ways.append((way[0], self._marked(way[1], self._modes, file, mode)))
        return _best_of(ways)

    def _marked(self, back: Back, into: dict[int, int], key: int, what: int) -> Back:
        def mark(at: int) -> int:
            into[key] = what
            return back(at)

        return mark

    def _scope(
        self, chunks: list[int], before: Floats, reach: int, lines: bool, cost: int, gain: float, must: bool = False
    ) -> Way:
        """Chunks side by side, in a scope at level ``reach`` or better (3 or 4).

        Args:
            chunks: Sorted chunks.
            before: Best worth so far.
            reach: Level of the scope.
            lines: Whether outline lines may be used.
            cost: Tokens to pay besides.
            gain: Value to get besides.
            must: At least one chunk must be shown.
        """
        fixed: list[tuple[int, int]] = []
        opened: list[tuple[int, int]] = []
        more_cost, more_gain = self._settle(chunks, reach, lines, fixed, opened)
        start = self._shift(before, cost + more_cost, gain + more_gain)
        backs: list[Back] = [lambda at: self._write(fixed, start[1](at))]
        if must and all(level == STAY for _, level in fixed):
            return self._shown(opened, start[0], lines, backs)
        row = start[0]
        for chunk, reached in opened:
            row, back = self._chunk(chunk, row, reached, lines, True)
            backs.append(back)
        return row, _all_of(backs)

    def _shown(self, opened: list[tuple[int, int]], start: Floats, lines: bool, backs: list[Back]) -> Way:
        """At least one open chunk is shown: after each, the best with one shown by then."""
        some: Way = np.full(self._size, -np.inf), lambda at: at
        for chunk, reached in opened:
            further = self._chunk(chunk, some[0], reached, lines, True)
            first = self._chunk(chunk, start, reached, lines, False)
            some = _best_of([(further[0], _all_of([some[1], further[1]])), first])
        return some[0], _all_of([*backs, some[1]])

    def _settle(
        self, chunks: list[int], reach: int, lines: bool, fixed: list[tuple[int, int]], opened: list[tuple[int, int]]
    ) -> tuple[int, float]:
        """Take the best of fixed chunks and collect the open ones with the level of their scope."""
        core, layout = self._core, self._layout
        cost, gain = 0, 0.0
        for chunk in chunks:
            if core.open[chunk]:
                opened.append((chunk, reach))
                continue
            if chunk in core.joined:
                continue
            level = core.best[chunk][lines][0 if reach <= CAPSULE else 1]
            fixed.append((chunk, level))
            if level != STAY:
                cost += int(layout.tokens[level, chunk])
                gain += float(self._priced.gain[level, chunk])
            inside = core.members.get(chunk)
            now = int(layout.base[chunk]) if level == STAY else level
            if inside and now <= OUTLINE:
                further = self._settle(inside, max(now, CAPSULE), lines, fixed, opened)
                cost, gain = cost + further[0], gain + further[1]
        return cost, gain

    def _chunk(self, chunk: int, before: Floats, reach: int, lines: bool, may_stay: bool) -> Way:
        """An open chunk with all that is inside it."""
        inside = self._core.members.get(chunk, [])
        base = int(self._layout.base[chunk])
        stay = [(0, 0.0, STAY)] if may_stay else []
        named = self._usable(chunk, OUTLINE, OUTLINE) if lines else []
        better = self._better(chunk) if reach <= CAPSULE else []
        if not inside:
            return self._pick(chunk, before, [*stay, *named, *better])
        ways: list[Way] = []
        for level, options in ((base, stay), (OUTLINE, named), (CAPSULE, better)):
            if not options:
                continue
            way = self._pick(chunk, before, options)
            if level <= OUTLINE:
                row, back = self._scope(inside, way[0], max(level, CAPSULE), lines, 0, 0.0)
                way = row, _all_of([way[1], back])
            ways.append(way)
        return _best_of(ways) if ways else self._pick(chunk, before, [])

    def _better(self, chunk: int) -> list[Option]:
        """Levels at 3 or better, but those that another one beats at no higher price."""
        if chunk not in self._known:
            held = self._priced.value[chunk] < self._core.limit and self._layout.base[chunk] > CAPSULE
            options: list[Option] = []
            for option in [] if held else sorted(self._usable(chunk, 0, CAPSULE), key=lambda one: (one[0], -one[1])):
                if not options or option[1] > options[-1][1]:
                    options.append(option)
            self._known[chunk] = options
        return self._known[chunk]

    def _usable(self, chunk: int, first: int, last: int) -> list[Option]:
        tokens, gain = self._layout.tokens, self._priced.gain
        times = len(self._core.twins.get(chunk, (chunk,)))
        return [
            (times * int(tokens[level, chunk]), times * float(gain[level, chunk]), level)
            for level in range(first, last + 1)
            if np.isfinite(tokens[level, chunk])
        ]

    def _pick(self, chunk: int, before: Floats, options: list[Option]) -> Way:
        """The best of several levels of a chunk at each number of tokens; the first on ties."""
        size = self._size
        out, chosen = np.full(size, -np.inf), np.zeros(size, dtype=np.int8)
        self.cells += size * len(options)
        for number, (cost, gain, _) in enumerate(options):
            if cost < size:
                tried = before[: size - cost] + gain
                _keep_better(out[cost:], chosen[cost:], tried, number)

        def back(at: int) -> int:
            cost, _, level = options[int(chosen[at])]
            self._levels.update(dict.fromkeys(self._core.twins.get(chunk, (chunk,)), level))
            return at - cost

        return out, back

    def _write(self, fixed: list[tuple[int, int]], at: int) -> int:
        self._levels.update(fixed)
        return at

    def _shift(self, values: Floats, cost: int, gain: float) -> Way:
        """Worth after spending ``cost`` tokens on ``gain``."""
        size = self._size
        self.cells += size
        out = np.full(size, -np.inf)
        if abs(cost) < size:
            out[max(0, cost) : size + min(0, cost)] = values[max(0, -cost) : size - max(0, cost)] + gain
        return out, lambda at: at - cost


def _all_of(backs: list[Back]) -> Back:
    def undo(at: int) -> int:
        for back in reversed(backs):
            at = back(at)
        return at

    return undo


def _best_of(ways: list[Way]) -> Way:
    """The best of several ways at each number of tokens; the first on ties."""
    if len(ways) == 1:
        return ways[0]
    out = ways[0][0].copy()
    chosen = np.zeros(len(out), dtype=np.int8)
    for number, (values, _) in enumerate(ways[1:], 1):
        _keep_better(out, chosen, values, number)
    return out, lambda at: ways[int(chosen[at])][1](at)


def _keep_better(best: Floats, chosen: Numbers, tried: Floats, number: int) -> None:
    """Put what is better, and its number, in the place of what is there; numbers rise from call to call."""
    better = tried > best
    np.maximum(best, tried, out=best)
    np.maximum(chosen, better.view(np.int8) * np.int8(number), out=chosen)
