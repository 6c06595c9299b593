"""Single steps from chosen levels: a chunk fuller or less full, the line of a file more or less.

Each keeps every rule. For what a recount leaves over or finds too much: cached counts are off by a few tokens, and at
small budgets those are a share that can be seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import numpy as np

from engine.columns import CLASSES, Floats
from engine.pack.company import line_values
from engine.pack.layout import Index
from engine.pack.measure import class_tokens
from engine.pack.problem import LINE, NO_PIN, OMITTED, OUTLINE, Levels, Mask
from engine.pack.scope import CAPSULE, Scope

FILE_LINE = -1
"""Chunk of a step that is about the line of a file."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step."""

    file: int
    chunk: int
    """Row that changes, or ``FILE_LINE``."""
    level: int
    """Level of the chunk after it; of a file without its line 6."""
    tokens: int
    """What it adds by cached counts."""
    gain: float
    """Value that it adds."""


@dataclass(slots=True)
class _Rows:
    chunk: Index
    file: Index
    level: Index
    tokens: Floats
    gain: Floats

    def __add__(self, other: _Rows) -> _Rows:
        return _Rows(*(np.concatenate((getattr(self, name), getattr(other, name))) for name in self.__slots__))


def additions(scope: Scope, levels: Levels, budget_tokens: int, most_tokens: int, number: int) -> list[Step]:
    """The steps up that are worth most, that first; ties go to the cheaper step, then to the smaller row.

    Args:
        scope: What is possible.
        levels: (n,) levels that keep every rule.
        budget_tokens: What largest shares are fractions of.
        most_tokens: What a step may cost.
        number: Steps at most.
    """
    value = scope.problem.values()
    listed = _listed(scope, levels)
    rows = _lines(scope, value, listed) + _rises(scope, value, levels, listed, _room(scope, levels, budget_tokens))
    return _first(rows, (rows.tokens <= most_tokens) & (rows.gain > 0), number)


def removals(scope: Scope, levels: Levels, budget_tokens: int, least_tokens: int, number: int) -> list[Step]:
    """The steps down that lose least, that first; ties go to the step that frees more, then to the smaller row.

    Args:
        scope: What is possible.
        levels: (n,) levels that keep every rule.
        budget_tokens: What smallest shares are fractions of.
        least_tokens: What a step must free.
        number: Steps at most.
    """
    value = scope.problem.values()
    rows = _unlisted(scope, value, levels) + _falls(scope, value, levels, _spare(scope, levels, budget_tokens))
    return _first(rows, rows.tokens <= -least_tokens, number)


def taken(scope: Scope, levels: Levels, step: Step) -> Levels:
    """(n,) levels after a step."""
    out = levels.copy()
    mine = scope.problem.columns.file == step.file
    if step.chunk == FILE_LINE:
        before, after = (LINE, OMITTED) if step.level == OMITTED else (OMITTED, LINE)
        out[mine & (levels == before) & (scope.base == LINE)] = after
        return out
    if step.level < levels[step.chunk]:
        out[mine & (levels == OMITTED) & (scope.base == LINE)] = LINE
    out[step.chunk] = step.level
    return out


def _first(rows: _Rows, fine: Mask, number: int) -> list[Step]:
    at = np.flatnonzero(fine)
    at = at[np.lexsort((rows.level[at], rows.chunk[at], rows.file[at], rows.tokens[at], -rows.gain[at]))][:number]
    columns = rows.file[at], rows.chunk[at], rows.level[at], rows.tokens[at].astype(int), rows.gain[at]
    return [Step(*row) for row in zip(*(column.tolist() for column in columns), strict=True)]


def _listed(scope: Scope, levels: Levels) -> Mask:
    return np.bincount(scope.problem.columns.file[levels < OMITTED], minlength=len(scope.line_cost)) > 0


def _room(scope: Scope, levels: Levels, budget_tokens: int) -> Floats:
    """(classes,) tokens that each class may still get."""
    shares, got = scope.problem.shares, class_tokens(scope.problem, levels)
    most = {name: int(high * budget_tokens) for name, (_, high) in shares.items() if high < 1}
    return np.array([most[name] - got[name] if name in most else np.inf for name in CLASSES])


def _spare(scope: Scope, levels: Levels, budget_tokens: int) -> Floats:
    """(classes,) tokens that each class may lose."""
    shares, got = scope.problem.shares, class_tokens(scope.problem, levels)
    least = {name: ceil(low * budget_tokens) for name, (low, _) in shares.items() if low > 0}
    return np.array([got[name] - least[name] if name in least else np.inf for name in CLASSES])


def _lines(scope: Scope, value: Floats, listed: Mask) -> _Rows:
    worth = line_values(scope.problem.columns, scope.base, value)
    file = np.flatnonzero(~listed & (worth > 0))
    alike = np.full(len(file), FILE_LINE), file, np.full(len(file), LINE)
    return _Rows(*alike, scope.line_cost[file].astype(float), worth[file])


def _unlisted(scope: Scope, value: Floats, levels: Levels) -> _Rows:
    """Files whose line may go: none of their chunks is worth more than one that is shown."""
    columns, files = scope.problem.columns, len(scope.line_cost)
    own = (levels <= CAPSULE) & (scope.base > CAPSULE) & (scope.problem.pin_levels() == NO_PIN)
    most = float(value[own].min(initial=np.inf))
    held = scope.ranked & (value > most)
    stays = np.bincount(columns.file[(levels <= OUTLINE) | held], minlength=files) > 0
    file = np.flatnonzero(_listed(scope, levels) & ~scope.listed & ~stays)
    alike = np.full(len(file), FILE_LINE), file, np.full(len(file), OMITTED)
    return _Rows(*alike, -scope.line_cost[file].astype(float), -line_values(columns, scope.base, value)[file])


def _falls(scope: Scope, value: Floats, levels: Levels, spare: Floats) -> _Rows:
    """Chunks that may fall, each to each level that those inside them leave it."""
    columns, files = scope.problem.columns, len(scope.line_cost)
    rows = np.flatnonzero((levels <= OUTLINE) & (levels < scope.base))
    inside = np.flatnonzero((columns.parent >= 0) & (levels <= OUTLINE))
    deepest = np.full(columns.chunks, OMITTED, dtype=np.int8)
    np.minimum.at(deepest, columns.parent[inside], np.maximum(levels[inside], CAPSULE))
    targets = np.zeros((len(rows), OMITTED + 1), dtype=np.bool_)
    targets[:, :LINE] = scope.allowed[rows]
    targets[np.arange(len(rows)), scope.base[rows]] = True
    steps = np.arange(OMITTED + 1)[None, :]
    at, level = np.nonzero(targets & (steps > levels[rows][:, None]) & (steps <= deepest[rows][:, None]))
    chunk = rows[at]
    file, now = columns.file[chunk].astype(np.intp), levels[chunk]
    shown = np.bincount(columns.file[levels <= OUTLINE], minlength=files)
    outlines = np.bincount(columns.file[levels == OUTLINE], minlength=files)
    lined = np.bincount(columns.file[levels == LINE], minlength=files) > 0
    after = np.where(level <= OUTLINE, columns.tokens[chunk, np.minimum(level, OUTLINE)], 0)
    text = (columns.tokens[chunk, now] - after).astype(float)
    closed = (level > OUTLINE) & (shown[file] == 1)
    line = np.where(lined[file] | (level == LINE), scope.line_cost[file], 0)
    tokens = -text - np.where(closed, scope.file_cost[file] - line, 0)
    tokens += np.where((level == OUTLINE) & (outlines[file] == 0), scope.framing[file], 0)
    tokens -= np.where((now == OUTLINE) & (outlines[file] == 1), scope.framing[file], 0)
    # The last that is shown of a file leaves the line to speak for all that is at level 5, itself too.
    kept = columns.retention[chunk, np.minimum(level, LINE)]
    kept = np.where((level <= OUTLINE) | (closed & (level == LINE)), kept, 0.0)
    gain = value[chunk] * (kept - columns.retention[chunk, now])
    gain += np.where(closed, line_values(columns, levels, value)[file], 0.0)
    fine = text <= spare[columns.chunk_class[chunk]]
    return _Rows(chunk[fine], file[fine], level[fine], tokens[fine], gain[fine])


def _rises(scope: Scope, value: Floats, levels: Levels, listed: Mask, room: Floats) -> _Rows:
    """Chunks that may rise, each to each level."""
    columns, files = scope.problem.columns, len(scope.line_cost)
    shown = np.bincount(columns.file[levels <= OUTLINE], minlength=files) > 0
    outlines = np.bincount(columns.file[levels == OUTLINE], minlength=files)
    lost = scope.ranked & ~listed[columns.file]
    protected = float(value[lost].max(initial=-np.inf))
    above = np.where(columns.parent < 0, 0, levels[columns.parent])
    chunk, level = np.nonzero(scope.allowed & (np.arange(LINE)[None, :] < levels[:, None]))
    named = level == OUTLINE
    keeps = (above[chunk] <= np.where(named, OUTLINE, CAPSULE)) & (
        named | (levels[chunk] <= CAPSULE) | (value[chunk] >= protected)
    )
    chunk, level, named = chunk[keeps], level[keeps], named[keeps]
    file, now = columns.file[chunk].astype(np.intp), levels[chunk]
    before = np.where(now <= OUTLINE, columns.tokens[chunk, np.minimum(now, OUTLINE)], 0)
    text = (columns.tokens[chunk, level] - before).astype(float)
    opened = ~shown[file]
    tokens = text + np.where(opened, scope.file_cost[file] - np.where(listed[file], scope.line_cost[file], 0), 0)
    tokens += np.where(named & (outlines[file] == 0), scope.framing[file], 0)
    tokens -= np.where((now == OUTLINE) & (outlines[file] == 1), scope.framing[file], 0)
    kept = np.where(now <= OUTLINE, columns.retention[chunk, np.minimum(now, OUTLINE)], 0.0)
    gain = value[chunk] * (columns.retention[chunk, level] - kept)
    # The first that is shown of a file takes the place of its line.
    gain -= np.where(opened, line_values(columns, levels, value)[file], 0.0)
    fine = text <= room[columns.chunk_class[chunk]]
    return _Rows(chunk[fine], file[fine], level[fine], tokens[fine], gain[fine])
