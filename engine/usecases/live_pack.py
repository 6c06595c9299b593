"""A choice of levels as live data: every number in one pass over the columns.

What depends on the budget takes a few milliseconds at 100,000 chunks; the rest comes with ``Prepared``.
"""

from __future__ import annotations

import numpy as np

from engine.columns import CLASSES
from engine.live import LivePack
from engine.model import Model
from engine.pack import Solution, used_tokens
from engine.pack.problem import LINE, OMITTED, OUTLINE
from engine.render.outcome import outcome_of, quality
from engine.request import PackRequest
from engine.usecases.bench import Bench
from engine.usecases.prepared import Prepared


def live_pack(
    bench: Bench,
    prepared: Prepared,
    request: PackRequest,
    budget_tokens: int,
    solution: Solution,
    est_tokens: int,
    actual_tokens: int | None = None,
    problem: str = "",
) -> LivePack:
    """Measure a solution as its report does.

    Args:
        bench: The repository.
        prepared: The request without its budget.
        request: The request.
        budget_tokens: Its budget.
        solution: The levels.
        est_tokens: What their text is estimated to cost.
        actual_tokens: Recount of the text, where there is one.
        problem: Why there is no such pack.
    """
    model: Model = bench.repository.model
    columns, priced, frame = bench.columns, prepared.problem.columns, prepared.problem.frame
    files = len(columns.files)
    lines = np.bincount(columns.file[solution.levels == LINE], minlength=files) > 0
    outcome = outcome_of(columns, solution.levels, lines)
    level = outcome.level
    shown = level <= OUTLINE
    short = np.zeros(files, np.bool_)
    short[outcome.short] = True
    has_text = np.bincount(columns.file[shown], minlength=files) > 0
    outlined = np.bincount(columns.file[level == OUTLINE], minlength=files) > 0
    paid = outcome.tokens
    if priced.tokens is not columns.tokens:
        paid = np.where(shown, priced.tokens[np.arange(columns.chunks), np.minimum(level, OUTLINE)], 0)
    file_tokens = np.bincount(columns.file, paid, files).astype(np.int32)
    file_tokens += np.where(has_text, frame.header_tokens + frame.tree_tokens, 0).astype(np.int32)
    file_tokens += np.where(outlined, frame.outline_scope_tokens, 0).astype(np.int32)
    file_tokens += np.where(short, frame.line_tokens, 0).astype(np.int32)
    lines_told = np.where(short, columns.line_tokens, 0)
    by_class = np.bincount(columns.chunk_class, outcome.tokens, len(CLASSES))
    class_tokens = (by_class + np.bincount(bench.main_class, lines_told, len(CLASSES))).astype(np.int32)
    return LivePack(
        request=request,
        budget_tokens=budget_tokens,
        reserve_tokens=request.reserve_tokens,
        context_window=model.context_window,
        format=prepared.format,
        levels=level,
        tokens=outcome.tokens.astype(np.int32),
        file_tokens=file_tokens,
        values=prepared.values,
        pinned=prepared.pinned,
        excluded=prepared.excluded,
        class_tokens=class_tokens,
        frame_tokens=est_tokens - int(class_tokens.sum()),
        est_used=est_tokens,
        actual=actual_tokens,
        quality=quality(outcome.kept, prepared.values, columns.tokens[:, 0]),
        gap=round(solution.gap, 6),
        cut=solution.cut,
        matrix=prepared.totals.classes,
        alternatives=tuple((row.tokens, round(row.quality, 4)) for row in prepared.alternatives),
        smallest_tokens=prepared.smallest_tokens,
        problem=problem,
        solution=solution,
    )


def like_before(prepared: Prepared, budget_tokens: int, before: LivePack | None) -> Solution:
    """The levels of the last pack that worked, or everything omitted, as a solution of this problem."""
    if before is None or before.solution is None:
        levels = np.full(prepared.problem.columns.chunks, OMITTED, np.int8)
        used = used_tokens(prepared.problem, levels)
        return Solution(budget_tokens, levels, used, 0.0, 0.0, 0.0, 0.0)
    levels = before.solution.levels
    return Solution(budget_tokens, levels, used_tokens(prepared.problem, levels), 0.0, 0.0, before.cut, before.quality)


def no_pack(bench: Bench, request: PackRequest, problem: str, before: LivePack | None) -> LivePack:
    """What is shown while a request makes no sense: the last pack, or nothing at all."""
    if before is not None:
        from dataclasses import replace

        return replace(before, request=request, reserve_tokens=request.reserve_tokens, actual=None, problem=problem)
    columns = bench.columns
    n, files = columns.chunks, len(columns.files)
    return LivePack(
        request=request,
        budget_tokens=0,
        reserve_tokens=request.reserve_tokens,
        context_window=bench.repository.model.context_window,
        format="",
        levels=np.full(n, OMITTED, np.int8),
        tokens=np.zeros(n, np.int32),
        file_tokens=np.zeros(files, np.int32),
        values=np.zeros(n),
        pinned=np.full(n, -1, np.int8),
        excluded=np.zeros(n, np.bool_),
        class_tokens=np.zeros(len(CLASSES), np.int32),
        frame_tokens=0,
        est_used=0,
        actual=None,
        quality=0.0,
        gap=0.0,
        cut=0.0,
        matrix=np.zeros((len(CLASSES), OMITTED), np.int64),
        alternatives=((0, 0.0),) * OMITTED,
        smallest_tokens=0,
        problem=problem,
    )
