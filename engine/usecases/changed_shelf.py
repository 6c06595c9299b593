"""Requests for a change: what changed is pinned in full as far as its share of the budget goes, and what it touches is
worth more."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.columns import Columns
from engine.events import Emit, IsCancelled
from engine.model import Level
from engine.pack.problem import NO_PIN, Levels
from engine.render import FormatName
from engine.request import PackRequest
from engine.usecases.bench import Bench
from engine.usecases.changed import Changed, numbers
from engine.usecases.prepared import Prepared, Shelf


class ChangedShelf(Shelf):
    """Makes the requests of one pack ready."""

    def __init__(self, bench: Bench, changed: Changed, budget_tokens: int) -> None:
        """Take the change, and what the pack may come to, the list of changes left aside."""
        super().__init__(bench)
        self._changed, self._budget = changed, budget_tokens

    def prepare(self, request: PackRequest, name: FormatName, emit: Emit, cancelled: IsCancelled) -> Prepared:
        """Make a request ready; see ``Shelf``."""
        known = super().prepare(request, name, emit, cancelled)
        relevance = self._changed.relevance(known.problem.relevance, self.bench.columns)
        free = Prepared(replace(known.problem, relevance=relevance), known.totals, name)
        return pinned_as_room_is(free, by_weight(free, self._changed), self._budget, numbers()["pack"]["full_share"])


def by_weight(prepared: Prepared, changed: Changed) -> list[int]:
    """Changed chunks in the order in which they are to be had in full: by their class, then the most changed first."""
    problem, columns = prepared.problem, prepared.problem.columns
    rows = np.flatnonzero(changed.rows & ~prepared.excluded)
    weight = problem.class_weights()[columns.chunk_class[rows]]
    density = changed.lines[rows] / np.maximum(1, columns.end_line[rows] - columns.start_line[rows] + 1)
    order: list[int] = rows[np.lexsort((rows, -density, -weight))].tolist()
    return order


def pinned_as_room_is(prepared: Prepared, rows: list[int], budget_tokens: int, share: float) -> Prepared:
    """Pin chunks in full, in their order, as long as they fit a share of the budget, and a pack is left that fits.

    Chunks that somebody pinned otherwise stay so.
    """
    chosen = _that_fit(prepared, rows, int(share * budget_tokens))
    while chosen:
        pins: Levels = prepared.pinned.copy()
        pins[chosen] = Level.FULL
        pinned = Prepared(replace(prepared.problem, pins=pins), prepared.totals, prepared.format)
        if pinned.smallest_tokens <= budget_tokens:
            return pinned
        chosen = chosen[: len(chosen) * 3 // 4]
    return prepared


def _that_fit(prepared: Prepared, rows: list[int], left: int) -> list[int]:
    """The chunks that fit together with the headers of their files and the scopes that they stand in."""
    problem = prepared.problem
    columns: Columns = problem.columns
    headers = problem.frame.header_tokens + problem.frame.tree_tokens
    files: set[int] = set()
    scopes: set[int] = set()
    chosen: list[int] = []
    for row in rows:
        file, needed, above = int(columns.file[row]), int(columns.tokens[row, 0]), int(columns.parent[row])
        needed += 0 if file in files else int(headers[file])
        around = []
        while above >= 0 and above not in scopes:
            around.append(above)
            above = int(columns.parent[above])
        needed += sum(int(columns.tokens[scope, Level.CAPSULE]) for scope in around)
        if prepared.pinned[row] == NO_PIN and needed <= left:
            chosen.append(row)
            files.add(file)
            scopes.update(around)
            left -= needed
    return chosen
