"""What a choice of levels costs and is worth, computed from scratch: the definition the solver is held to."""

from __future__ import annotations

import numpy as np

from engine.columns import CLASSES, Floats
from engine.model import ChunkClass
from engine.pack.company import kept_at
from engine.pack.problem import LINE, OMITTED, OUTLINE, Alternative, Levels, Problem


def chunk_tokens(problem: Problem, levels: Levels) -> Floats:
    """(n,) tokens of each chunk's own text; 0 from level 5 on, where the file's line speaks for it."""
    tokens = problem.columns.tokens
    shown = levels <= OUTLINE
    picked = tokens[np.arange(len(levels)), np.minimum(levels, OUTLINE)]
    return np.where(shown, picked, 0).astype(np.float64)


def used_tokens(problem: Problem, levels: Levels) -> int:
    """Tokens of the pack: the fixed part, chunks, and what each file adds by being shown or listed."""
    columns, frame, count = problem.columns, problem.frame, len(problem.columns.files)
    rows = np.flatnonzero(levels <= OUTLINE)
    shown_levels, shown_file = levels[rows], columns.file[rows]
    shown, listed, outlined = (np.zeros(count, dtype=np.bool_) for _ in range(3))
    shown[shown_file] = True
    listed[columns.file[levels == LINE]] = True
    outlined[shown_file[shown_levels == OUTLINE]] = True
    files = (
        (frame.header_tokens + frame.tree_tokens)[shown].sum(dtype=np.int64)
        + frame.line_tokens[listed & ~shown].sum(dtype=np.int64)
        + frame.outline_scope_tokens[outlined].sum(dtype=np.int64)
    )
    return int(frame.fixed_tokens + files + columns.tokens[rows, shown_levels].sum(dtype=np.int64))


def kept(problem: Problem, levels: Levels) -> Floats:
    """(n,) retention of each chunk at its level; see ``company``."""
    return kept_at(problem.columns, levels)


def pack_value(problem: Problem, levels: Levels) -> float:
    """Sum of value times retention over all chunks."""
    return float((problem.values() * kept(problem, levels)).sum())


def scope_value(problem: Problem) -> float:
    """Value of everything in scope, untouched."""
    return float(problem.values()[~problem.excluded_mask()].sum())


def pack_quality(problem: Problem, levels: Levels) -> float:
    """Value-weighted retention over everything in scope; 1 for an empty scope."""
    scope = scope_value(problem)
    return min(1.0, pack_value(problem, levels) / scope) if scope > 0 else 1.0


def class_tokens(problem: Problem, levels: Levels) -> dict[ChunkClass, int]:
    """Tokens of chunk text per class, without frame: what class shares are measured in."""
    totals = np.bincount(problem.columns.chunk_class, weights=chunk_tokens(problem, levels), minlength=len(CLASSES))
    return {name: int(total) for name, total in zip(CLASSES, totals, strict=True)}


def class_quality(problem: Problem, levels: Levels) -> dict[ChunkClass, float]:
    """Relevance-weighted retention per class in scope; 1 for a class without chunks."""
    scope = ~problem.excluded_mask()
    size = len(CLASSES)
    index = problem.columns.chunk_class
    whole = np.bincount(index, weights=problem.relevance * scope, minlength=size)
    part = np.bincount(index, weights=problem.relevance * scope * kept(problem, levels), minlength=size)
    return {name: float(part[i] / whole[i]) if whole[i] > 0 else 1.0 for i, name in enumerate(CLASSES)}


def alternatives(problem: Problem) -> list[Alternative]:
    """One row per level 0-5: the whole scope with everything at that level, budget and profile limits aside."""
    rows = []
    excluded = problem.excluded_mask()
    for level in range(OMITTED):
        levels = np.where(excluded, OMITTED, level).astype(np.int8)
        rows.append(
            Alternative(level, used_tokens(problem, levels), pack_value(problem, levels), pack_quality(problem, levels))
        )
    return rows
