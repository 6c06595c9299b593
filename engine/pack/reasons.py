"""Why each chunk stands at its level, in words with the numbers that decided."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engine.columns import CLASSES, CORE_CLASSES, Floats
from engine.model import Level
from engine.pack.company import kept_at
from engine.pack.problem import LINE, NO_PIN, OMITTED, OUTLINE, Levels, Problem, Solution

PER = 100
"""Rates are told in value per this many tokens."""

NAMES = tuple(Level(level).name.lower() for level in range(OMITTED + 1))


def reasons(problem: Problem, solution: Solution) -> list[str]:
    """(n,) why each chunk has its level, in words; see ``Reasons``."""
    told = Reasons(problem, solution)
    return [told.of(chunk) for chunk in range(problem.columns.chunks)]


class Reasons:
    """What the reasons of one solution need, computed once for all chunks.

    The rate named first is that of the step that bought the level: value per token over the best cheaper level, which
    is the smallest such rate of all cheaper levels. It is what the cut decides about.
    """

    def __init__(self, problem: Problem, solution: Solution) -> None:
        columns, levels = problem.columns, solution.levels
        value, parent = problem.values(), columns.parent
        self._left = solution.budget_tokens - solution.est_used
        self._cut = solution.cut * PER
        self._level, self._value = levels.tolist(), value.tolist()
        self._excluded = problem.excluded_mask().tolist()
        self._pinned = (problem.pin_levels() != NO_PIN).tolist()
        self._deepest, self._file = problem.deepest_levels().tolist(), columns.file.tolist()
        self._weightless = (problem.class_weights()[columns.chunk_class] <= 0).tolist()
        files, frame = len(columns.files), problem.frame
        shown = np.bincount(columns.file[levels <= OUTLINE], minlength=files) > 0
        listed = np.bincount(columns.file[levels == LINE], minlength=files) > 0
        whole = frame.header_tokens + frame.tree_tokens
        entry = np.where(shown, 0.0, whole - np.where(listed, frame.line_tokens, 0))[columns.file]
        self._entry = (entry > 0).tolist()
        bought, more, more_rate, target = _rates(problem, levels, value, entry)
        self._bought, self._more, self._more_rate = bought.tolist(), more.tolist(), more_rate.tolist()
        self._target = target.tolist()
        members = np.zeros(len(levels), dtype=np.bool_)
        members[parent[(parent >= 0) & (levels <= OUTLINE)]] = True
        self._members = members.tolist()
        self._shut = ((parent >= 0) & (levels[parent] > OUTLINE) if len(levels) else members).tolist()
        least = [problem.shares.get(name, (0.0, 1.0))[0] > 0 for name in CLASSES]
        self._share = np.array(least)[columns.chunk_class].tolist()
        self._line_cost = frame.line_tokens.tolist()
        told = value * columns.retention[:, LINE] * (problem.deepest_levels() >= LINE)
        line_value = np.bincount(columns.file, weights=told, minlength=files)
        self._line_rate = (line_value / np.maximum(frame.line_tokens, 1) * PER).tolist()
        self._held = (value < _most_valuable_omitted(problem, levels, value)).tolist()

    def of(self, chunk: int) -> str:
        """The reason for one chunk's level.

        Args:
            chunk: Row of the chunk.
        """
        level = self._level[chunk]
        name = NAMES[level]
        if self._excluded[chunk]:
            return "omitted: excluded"
        if self._pinned[chunk]:
            return f"{name}: pinned"
        if level == OMITTED:
            return self._omitted(chunk)
        if level == LINE:
            return f"emergency: part of its file's line{self._next(chunk)}"
        rate = self._bought[chunk]
        told = f"{name}: {rate:.3g} value per {PER} tokens"
        if self._cut > 0:
            told += f", the cut is {self._cut:.3g}"
            if rate < self._cut * (1 - 1e-9):
                told += f", {self._despite(chunk)}"
        return told + self._next(chunk)

    def _despite(self, chunk: int) -> str:
        """Why a chunk is shown better than its rate against the cut says."""
        if self._members[chunk]:
            return "what is inside needs it"
        return "its class has a smallest share" if self._share[chunk] else "it fits into what was left"

    def _omitted(self, chunk: int) -> str:
        if self._value[chunk] <= 0:
            return "omitted: its class has no weight" if self._weightless[chunk] else "omitted: nothing asks for it"
        if self._deepest[chunk] < LINE:
            return f"omitted: may not be less than {NAMES[self._deepest[chunk]]}{self._next(chunk)}"
        file = self._file[chunk]
        told = f"omitted: its file's line costs {self._line_cost[file]} tokens at {self._line_rate[file]:.3g} per {PER}"
        return told + (f", the cut is {self._cut:.3g}" if self._cut > 0 else "") + f"; {self._left} are left"

    def _next(self, chunk: int) -> str:
        """What the most rewarding better level would cost, and what forbids it where its rate does not."""
        more = self._more[chunk]
        if more < 0:
            return ""
        rate, target = self._more_rate[chunk], self._target[chunk]
        told = f"; {NAMES[target]} costs +{more} tokens"
        if self._entry[chunk]:
            told += " with its file's header"
        if self._shut[chunk]:
            return f"{told}, its scope is not shown"
        told += f" at {rate:.3g}"
        if rate <= self._cut:
            return told
        if self._held[chunk] and target < OUTLINE:
            return f"{told}, held back as more valuable chunks are omitted"
        return f"{told}, {self._left} are left" if more > self._left else told


def _rates(
    problem: Problem, levels: Levels, value: Floats, entry: Floats
) -> tuple[Floats, npt.NDArray[np.int64], Floats, npt.NDArray[np.int64]]:
    """Per chunk the rate of the step to its level; tokens, rate, level of its best further step (-1: none)."""
    columns, deepest = problem.columns, problem.deepest_levels()
    n = columns.chunks
    pick = np.minimum(levels, OUTLINE)
    rows = np.arange(n)
    shown = levels <= OUTLINE
    now = np.where(shown, columns.tokens[rows, pick], 0).astype(np.float64)
    kept = kept_at(columns, levels)
    bought = np.where(shown & (now > 0), kept / np.maximum(now, 1), np.inf)
    best, more, target = np.full(n, -1.0), np.full(n, -1, dtype=np.int64), np.zeros(n, dtype=np.int64)
    for level in range(OUTLINE + 1):
        step = columns.tokens[:, level] - now + entry
        rate = (columns.retention[:, level] - kept) / np.where(step == 0, 1, step)
        allowed = level <= deepest
        bought = np.where(allowed & shown & (step < 0), np.minimum(bought, rate), bought)
        better = allowed & (level < levels) & (step > 0) & (rate > best)
        best[better], more[better], target[better] = rate[better], step[better], level
    bought = np.where(np.isfinite(bought), bought, 0.0)
    return bought * value * PER, more, best * value * PER, target


def _most_valuable_omitted(problem: Problem, levels: Levels, value: Floats) -> float:
    """Value of the most valuable chunk that the core rule speaks of and that is omitted with its file."""
    core = np.array([name in CORE_CLASSES for name in CLASSES])[problem.columns.chunk_class]
    free = ~problem.excluded_mask() & (problem.pin_levels() == NO_PIN) & (problem.deepest_levels() >= LINE)
    return float(value[core & free & (levels == OMITTED)].max(initial=-np.inf))
