"""What the report of a pack says beside its chunks, gathered from the request, the problem and its solution."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from engine.events import IsCancelled
from engine.pack import Problem, Reasons, Solution
from engine.pack.problem import LINE
from engine.render.report_facts import NO_ROOM, Alternative, Exclusion, ReportFacts
from engine.request import PackRequest
from engine.usecases.asked import Asked
from engine.usecases.patient import stop_if
from engine.usecases.prepared import Prepared
from engine.usecases.repository import Repository

_REASONS_AT_ONCE = 2_000
"""Reasons written between two looks whether to go on: some milliseconds."""


def facts_of(
    repository: Repository,
    request: PackRequest,
    prepared: Prepared,
    solution: Solution,
    budget_tokens: int,
    actual_tokens: int,
    seconds: Mapping[str, float],
    asked: Asked,
    cancelled: IsCancelled,
) -> ReportFacts:
    """Gather.

    Raises:
        Cancelled: ``cancelled`` said so.
    """
    model = repository.model
    rows = [
        Alternative(row.level, row.tokens, row.quality, row.tokens <= budget_tokens) for row in prepared.alternatives
    ]
    return ReportFacts(
        model=model.id,
        encoding=model.encoding,
        method=model.method.value,
        budget=budget_tokens,
        est_used=solution.est_used,
        actual=actual_tokens,
        reserve=request.reserve_tokens,
        context_window=model.context_window,
        value=prepared.values,
        line_tokens=prepared.problem.columns.line_tokens.tolist(),
        intent=_intent(request.query),
        query=request.query,
        profile=request.profile,
        reasons=_reasons(prepared.problem, solution, request.query, asked, cancelled),
        excluded=[Exclusion(item.path, item.reason) for item in repository.skipped],
        alternatives=rows,
        seconds=seconds,
    )


def _intent(query: str) -> str:
    """What the query is after; the rules are read with the first one."""
    if not query.strip():
        return ""
    from engine.rank.intent import read_intent

    return read_intent(query).name


def _reasons(problem: Problem, solution: Solution, query: str, asked: Asked, cancelled: IsCancelled) -> list[str]:
    """(n,) why each chunk has its level; what is omitted is told file by file, so only by cause, without numbers."""
    told = Reasons(problem, solution)
    levels, file = solution.levels, problem.columns.file
    # Beside text of its file a chunk has no line to be part of.
    beside = (np.bincount(file[levels < LINE], minlength=len(problem.columns.files)) > 0)[file]
    told_here = (levels < LINE) | ((levels == LINE) & ~beside)
    special = problem.excluded_mask() | (problem.values() <= 0) | (problem.deepest_levels() < LINE)
    out = [NO_ROOM] * len(solution.levels)
    for number, row in enumerate(np.flatnonzero(told_here | special).tolist()):
        if number % _REASONS_AT_ONCE == 0:
            stop_if(cancelled)
        out[row] = with_match(told.of(row), asked.reason(query, row) if query else "")
    return out


def with_match(reason: str, match: str) -> str:
    """A reason with what of the chunk answers the query."""
    return f"{reason}; the query meets {match}" if match else reason
