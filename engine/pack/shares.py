"""Class shares: what a class must get before others, and what it may get at most.

A share is a fraction of the budget in tokens of chunk text. A minimum that the class has no content for, or that the
core rule leaves no room for, is given up as far as needed; what a class does not use goes to the others.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

import numpy as np

from engine.columns import CLASSES
from engine.model import ChunkClass
from engine.pack.forest import forest_of
from engine.pack.ladder import Ladder
from engine.pack.layout import Layout
from engine.pack.listing import Ranking
from engine.pack.measure import class_tokens, pack_value, used_tokens
from engine.pack.priced import Priced
from engine.pack.problem import LINE, NO_PIN, OMITTED, Levels, Problem
from engine.pack.quick import Quick
from engine.pack.scope import CAPSULE, Scope
from engine.pack.search import Found, Search

STEPS = 12
"""Surcharges that are tried, each twice the one before."""
FIRST_SURCHARGE = 0.1
OCTAVE = 32
"""Prices between a price and its double, where a smallest share is sought."""
BALANCE = 8
"""Steps between charging for the tokens of a class and charging twice or half of that."""
CHEAPEST, DEAREST = 40, 96
"""Steps at most, down and up."""
TOLERATED = 0.005
"""Share of the budget to which what classes lack of smallest shares is told apart: packs come in chunks."""
LIMITS = 8
"""How often fewer lines are left to ask for, where the budget cannot hold them all."""
FEWER = 0.6
"""Share of the files that are asked for each time."""


def minimums(problem: Problem) -> dict[ChunkClass, float]:
    """Classes that must get something, the largest share first."""
    wanted = {name: low for name, (low, _) in problem.shares.items() if low > 0}
    return dict(sorted(wanted.items(), key=lambda row: (-row[1], CLASSES.index(row[0]))))


def maximums(problem: Problem) -> dict[ChunkClass, float]:
    """Classes that may not get everything."""
    return {name: high for name, (_, high) in problem.shares.items() if high < 1}


def missing(problem: Problem, levels: Levels, budget_tokens: int) -> int:
    """Tokens that classes lack of their smallest shares, as far as they have content."""
    got, whole = class_tokens(problem, levels), class_tokens(problem, np.zeros_like(levels))
    wanted = {name: min(ceil(low * budget_tokens), whole[name]) for name, low in minimums(problem).items()}
    return sum(max(0, least - got[name]) for name, least in wanted.items())


def excess(problem: Problem, levels: Levels, budget_tokens: int) -> int:
    """Tokens that classes have above their largest shares."""
    got = class_tokens(problem, levels)
    return sum(max(0, got[name] - int(high * budget_tokens)) for name, high in maximums(problem).items())


def balanced(scope: Scope, layout: Layout, search: Search, budget_tokens: int) -> Found | None:
    """Levels for a budget with the tokens of classes charged less or more until they keep their shares.

    How much is searched class by class, with quick answers; what comes nearest to the shares is kept. It has no bound
    of its own.

    Returns:
        None when no answer keeps the largest shares.
    """
    problem = scope.problem
    at: dict[ChunkClass, int] = {}
    best: Found | None = None
    got: dict[ChunkClass, int] = {}

    def sign(name: ChunkClass) -> int:
        low, high = problem.shares[name]
        return 1 if got[name] > int(high * budget_tokens) else -1 if got[name] < ceil(low * budget_tokens) else 0

    def solve() -> None:
        nonlocal best, got
        by_class = np.array([2.0 ** (at.get(name, 0) / BALANCE) for name in CLASSES])
        forest = forest_of(scope, layout, search.value, by_class[problem.columns.chunk_class])
        ranking = Ranking.of(search.ranked, search.core, search.least, forest.reach)
        answer = Quick(Ladder(forest, ranking)).run(budget_tokens - scope.fixed_tokens)
        levels = _there(scope)
        if answer is not None:
            levels[layout.order] = answer.levels
        got = class_tokens(problem, levels)
        if answer is not None and all(sign(name) <= 0 for name in problem.shares):
            found = Found(levels, pack_value(problem, levels), np.inf, answer.price)
            best = found if best is None else nearest(problem, budget_tokens, best, found)

    solve()
    for name in [*minimums(problem), *maximums(problem)] * 2:
        way = sign(name)
        near, far = max(0, at.get(name, 0) * way), DEAREST if way > 0 else CHEAPEST
        while way and far - near > 1:
            at[name] = way * ((near + far) // 2)
            solve()
            near, far = (abs(at[name]), far) if sign(name) == way else (near, abs(at[name]))
        if way:
            at[name] = way * far
            solve()
    return best


def nearest(problem: Problem, budget_tokens: int, one: Found, other: Found) -> Found:
    """The one that is less above largest shares, then lacks less of smallest ones, then is worth more."""

    def rank(found: Found) -> tuple[int, int, float]:
        lacking = missing(problem, found.levels, budget_tokens) / (TOLERATED * budget_tokens)
        return excess(problem, found.levels, budget_tokens), round(lacking), -found.value

    return min(one, other, key=rank)


def capped(scope: Scope, layout: Layout, search: Search, budget_tokens: int) -> Found:
    """Levels for a budget with classes below their largest shares: their tokens are charged more until they are.

    The surcharges are multipliers of the shares, so the bound holds: what stays below a share is charged at most the
    surcharge of the whole share.
    """
    problem, value = scope.problem, scope.problem.values()
    room = {name: int(high * budget_tokens) for name, high in maximums(problem).items()}
    spent = class_tokens(problem, scope.base)
    at = dict.fromkeys(room, 0)

    def solved(steps: dict[ChunkClass, int]) -> Found:
        by_class = np.array([_surcharge(steps.get(name, 0)) for name in CLASSES])
        other = Search(scope, layout, value, search.floored, 1 + by_class[problem.columns.chunk_class])
        free = sum(_surcharge(step) * max(0, room[name] - spent[name]) for name, step in steps.items())
        return other.run(budget_tokens, free)

    def over(one: Found) -> list[ChunkClass]:
        got = class_tokens(problem, one.levels)
        return [name for name in room if got[name] > max(room[name], spent[name]) and at[name] < STEPS]

    found = search.run(budget_tokens)
    most = found.bound  # largest shares only take away
    while names := over(found):
        for name in names:
            low, high = at[name], STEPS
            while high - low > 1:
                middle = (low + high) // 2
                tried = solved(at | {name: middle})
                got = class_tokens(problem, tried.levels)[name]
                low, high = (low, middle) if got <= room[name] else (middle, high)
            at[name] = high
        found = solved(at)
    found.bound = min(found.bound, most)
    return found


def _surcharge(step: int) -> float:
    if step >= STEPS:
        return 1e9
    return FIRST_SURCHARGE * 2.0 ** (step - 1) if step else 0.0


def floors(scope: Scope, layout: Layout, search: Search, budget_tokens: int) -> Levels:
    """(n,) levels that give each class its smallest share, by a solution with nothing but that class.

    Showing a chunk of little value asks for the lines of all files with something more valuable. Where the budget
    cannot hold those, more of the valuable chunks is shown instead, of as many as it can.
    """
    problem, columns = scope.problem, scope.problem.columns
    value = problem.values()
    floor = _there(scope)
    for name, low in minimums(problem).items():
        wanted = min(int(np.ceil(low * budget_tokens)), budget_tokens)
        mine = columns.chunk_class == CLASSES.index(name)
        priced = Priced(scope, layout, np.where(mine, value, 0.0))
        best, most = floor, class_tokens(problem, floor)[name]
        for limit in _limits(search):
            levels, got = _floor(priced, search, floor, limit, name, wanted, budget_tokens)
            if got > most:
                best, most = levels, got
            if most >= wanted:
                break
        floor = best
    return floor


def _there(scope: Scope) -> Levels:
    """(n,) levels from the start; lines of further files are for the core rule to ask for."""
    listed = scope.listed[scope.problem.columns.file]
    return np.where((scope.base < LINE) | listed, scope.base, OMITTED).astype(np.int8)


def _limits(search: Search) -> Iterator[float]:
    """Values below which nothing is shown: first none, then those that leave fewer and fewer lines to ask for."""
    yield -np.inf
    number = len(search.ranked)
    for step in range(1, LIMITS + 1):
        yield float(search.core[search.ranked[int(number * FEWER**step)]]) if number else np.inf


def _floor(
    priced: Priced, search: Search, floor: Levels, limit: float, name: ChunkClass, wanted: int, budget_tokens: int
) -> tuple[Levels, int]:
    """The dearest levels of one class that come to what is wanted, or to the most that the budget holds."""
    scope = priced.scope
    cheap, dear = -40 * OCTAVE, 40 * OCTAVE
    best, most = floor, class_tokens(scope.problem, floor)[name]
    while dear - cheap > 1:
        middle = (cheap + dear) // 2
        choice = priced.at(2.0 ** (middle / OCTAVE), limit, None)
        levels = np.minimum(floor, np.where(choice.levels < LINE, choice.levels, floor))
        if not _affordable(scope, search, levels, budget_tokens):
            cheap = middle
            continue
        best, most = levels, class_tokens(scope.problem, levels)[name]
        if most >= wanted:
            cheap = middle
        else:
            dear = middle
    return best, most


def _affordable(scope: Scope, search: Search, levels: Levels, budget_tokens: int) -> bool:
    """Whether the budget still holds the lines that the core rule asks for beside these levels."""
    problem = scope.problem
    free = problem.pin_levels() == NO_PIN
    shown = free & (levels <= CAPSULE) & (scope.base > CAPSULE)
    must = search.core > float(search.value[shown].min(initial=np.inf))
    listed = np.bincount(problem.columns.file[levels < OMITTED], minlength=len(must)) > 0
    return used_tokens(problem, levels) + int(scope.line_cost[must & ~listed].sum()) <= budget_tokens
