"""A request made ready for any number of budgets, and the few that were asked last."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from engine.columns import CLASSES, Columns, Floats
from engine.errors import Cancelled
from engine.events import Emit, IsCancelled
from engine.model import ChunkClass
from engine.pack import Problem
from engine.pack.problem import OMITTED, Alternative, Levels, Mask
from engine.render import FormatName
from engine.request import PackRequest, Tuning
from engine.usecases.bench import Bench, Totals
from engine.usecases.tuning import default_weights

if TYPE_CHECKING:
    from engine.pack import Solver

_HELD = 3
"""Requests held ready: undo and redo of a change come back at once. Each takes some 30 MB at 100,000 chunks."""


class Prepared:
    """The problem of one request without its budget, with everything that no budget changes."""

    def __init__(self, problem: Problem, totals: Totals, name: FormatName, solver: Solver | None = None) -> None:
        self.problem, self.totals, self.format = problem, totals, name
        self.values: Floats = problem.values()
        self.excluded: Mask = problem.excluded_mask()
        self.pinned: Levels = problem.pin_levels()
        self._solver = solver
        self._smallest: int | None = None
        self._alternatives: tuple[Alternative, ...] | None = None

    @property
    def solver(self) -> Solver:
        """The solver, made when it is first needed."""
        if self._solver is None:
            from engine.pack import Solver

            self._solver = Solver(self.problem)
        return self._solver

    @property
    def smallest_tokens(self) -> int:
        """The smallest budget that works, by cached counts."""
        if self._smallest is None:
            self._smallest = self.solver.smallest_tokens
        return self._smallest

    @property
    def alternatives(self) -> tuple[Alternative, ...]:
        """The whole scope at each level; where a deeper one costs more (many small files), the one above it is told."""
        if self._alternatives is None:
            rows: list[Alternative] = []
            retention = self.problem.columns.retention
            scope = float(self.values[~self.excluded].sum())
            for level, used in enumerate(self.totals.told):
                value = float((self.values * np.where(self.excluded, 0.0, retention[:, level])).sum())
                quality = min(1.0, value / scope) if scope > 0 else 1.0
                row = Alternative(level, used, value, quality)
                rows.append(replace(rows[-1], level=level) if rows and used > rows[-1].tokens else row)
            self._alternatives = tuple(rows)
        return self._alternatives

    def with_weights(self, problem: Problem) -> Prepared:
        """The same for a problem that differs in weights only."""
        solver = None if self._solver is None else self._solver.with_weights(problem.weights)
        return Prepared(problem if solver is None else solver.problem, self.totals, self.format, solver)


def as_read(columns: Columns) -> Columns:
    """The columns as somebody who asks for something values them: a part of a chunk is worth less than its share."""
    from engine.rank import query_settings

    return replace(columns, retention=columns.retention ** query_settings().reading)


def as_weighed(weights: Mapping[ChunkClass, float]) -> dict[ChunkClass, float]:
    """Weights that move chunks as far where values are as steep as for a query.

    What is usual counts 1: how much the classes count for a query that does not ask for them is in its relevance.
    """
    from engine.rank import query_settings

    rules, usual = query_settings(), default_weights()
    return {name: max(0.0, weight / usual[name]) ** (rules.sharpness / rules.shown) for name, weight in weights.items()}


def complete(prepared: Prepared, levels: Levels) -> bool:
    """Tell whether everything that may be shown is shown in full."""
    wanted = np.where(prepared.excluded, OMITTED, 0)
    wanted = np.where(prepared.pinned >= 0, prepared.pinned, wanted)
    return bool((levels <= wanted).all())


class Shelf:
    """Prepared requests, the last few held ready."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self._held: OrderedDict[tuple[object, ...], Prepared] = OrderedDict()

    def prepare(self, request: PackRequest, name: FormatName, emit: Emit, cancelled: IsCancelled) -> Prepared:
        """Make a request ready, or find it.

        Raises:
            UsageError: a glob is none.
            Cancelled: ``cancelled`` said so.
        """
        rest, weights = _key(request, name), _sorted(request.tuning.weights)
        known = self._held.get((*rest, weights))
        if known is None:
            known = self._make(request, name, emit, cancelled, rest)
            self._held[(*rest, weights)] = known
            if len(self._held) > _HELD:
                self._held.popitem(last=False)
        self._held.move_to_end((*rest, weights))
        return known

    def _make(
        self, request: PackRequest, name: FormatName, emit: Emit, cancelled: IsCancelled, rest: tuple[object, ...]
    ) -> Prepared:
        tuning, asks = request.tuning, bool(request.query.strip())
        weights = {**default_weights(), **tuning.weights}
        weights = as_weighed(weights) if asks else weights
        for key, other in reversed(self._held.items()):
            if key[:-1] == rest:
                return other.with_weights(replace(other.problem, weights=weights))
        bench, priced = self.bench, self.bench.priced(name)
        problem = Problem(
            columns=as_read(priced.columns) if asks else priced.columns,
            relevance=bench.relevance(request.query, emit, cancelled),
            frame=priced.frame,
            weights=weights,
            shares=tuning.shares,
            deepest=tuning.max_level,
            pins=bench.pins(tuning),
            excluded=bench.excluded(tuning),
        )
        if cancelled():
            raise Cancelled("interrupted")
        return Prepared(problem, bench.totals(name, problem, tuple(tuning.excludes)), name)


def _key(request: PackRequest, name: FormatName) -> tuple[object, ...]:
    """All that a problem depends on but the weights."""
    tuning: Tuning = request.tuning
    shares, deepest = _sorted(tuning.shares), _sorted(tuning.max_level)
    return (name, request.query, shares, deepest, tuple(tuning.pins), tuple(tuning.excludes))


def _sorted(wishes: Mapping[ChunkClass, object]) -> tuple[object, ...]:
    return tuple((name, wishes[name]) for name in CLASSES if name in wishes)
