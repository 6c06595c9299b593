"""Pack a repository into a budget: value, solve, render, recount, and again until the recount fits and is full.

Sums of cached counts steer the solver; only the recount of the finished text is believed.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, cast

import numpy as np

from engine.budget import parse_budget
from engine.columns import Columns
from engine.errors import BudgetTooSmall, Cancelled, InputError, UsageError
from engine.events import Emit, IsCancelled, Progress
from engine.pack import Frame, Problem, Reasons, Solution, Solver
from engine.pack.measure import alternatives
from engine.pack.problem import LINE, OMITTED
from engine.render import FormatName, FrameCosts, RenderOptions, check_format, render
from engine.render.report import build_report
from engine.render.report_facts import NO_ROOM, Alternative, Exclusion, ReportFacts
from engine.render.summary import summary_lines
from engine.request import PackRequest
from engine.scan.texts import RepositoryTexts
from engine.tokens import tokenizer
from engine.usecases.fit import Fit
from engine.usecases.frame import costs_of
from engine.usecases.remember import Memory
from engine.usecases.repository import Repository
from engine.usecases.tuning import default_weights, excluded_of, pins_of
from engine.usecases.value import relevance

_SAMPLES = 16
"""Chunks on which json measures what its escapes cost."""


@dataclass(slots=True)
class Packed:
    """A finished pack."""

    text: str
    report: dict[str, Any]
    solution: Solution
    problem: Problem

    def summary_lines(self) -> list[str]:
        """The report in a few aligned lines for people."""
        return summary_lines(self.report)


@dataclass(slots=True)
class _Try:
    solution: Solution
    text: str
    actual: int


def default_format(provider: str) -> str:
    """``xml`` for Claude models, ``markdown`` otherwise."""
    return "xml" if provider == "anthropic" else "markdown"


def format_named(name: str) -> FormatName:
    """Find a format by name.

    Raises:
        UsageError: there is none; names those there are.
    """
    check_format(name)
    return cast(FormatName, name)


def _why_nothing(repository: Repository) -> str:
    skipped = len(repository.skipped)
    return f"{skipped:,} files are there, none with text" if skipped else "no file is there, or none that was asked for"


def pack_repository(repository: Repository, request: PackRequest, emit: Emit, cancelled: IsCancelled) -> Packed:
    """Pack.

    Raises:
        UsageError: budget, reserve or format make no sense for the model.
        InputError: there is no text to pack.
        BudgetTooSmall: not even the smallest pack fits; names the smallest budget that works.
        Cancelled: ``cancelled`` said so.
    """
    started_s = time.perf_counter()
    model = repository.model
    budget_tokens = parse_budget(request.budget, model.context_window)
    if request.reserve_tokens < 0 or budget_tokens + request.reserve_tokens > model.context_window:
        raise UsageError(
            f"budget {budget_tokens:,} and reserve {request.reserve_tokens:,} do not fit the window of "
            f"{model.context_window:,} tokens",
            f"use at most {max(0, model.context_window - budget_tokens):,} for the reserve",
        )
    format_name = format_named(request.format or default_format(model.provider))
    if not repository.summary["chunks"]:
        raise InputError(f"there is nothing to pack in {repository.listing.root}", _why_nothing(repository))
    emit(Progress("pack", 0, 0))
    work = _Work(repository, request, format_name)
    valued_s = time.perf_counter()
    best = work.fill(budget_tokens, emit, cancelled)
    packed_s = time.perf_counter()
    report = work.report(
        best,
        budget_tokens,
        {
            **repository.seconds,
            "value": valued_s - started_s,
            "pack": packed_s - valued_s,
            "total": repository.seconds["total"] + packed_s - started_s,
        },
    )
    return Packed(best.text, report, best.solution, work.problem)


class _Work:
    """One request on its way from columns to text."""

    def __init__(self, repository: Repository, request: PackRequest, format_name: FormatName) -> None:
        self.repository = repository
        self.request = request
        self.columns, _ = repository.columns()
        self.texts: RepositoryTexts = repository.texts()
        self.counter = tokenizer(repository.model.encoding)
        tuning = request.tuning
        title = repository.listing.root.name or "/"
        revision = repository.listing.revision[:12]
        costs = costs_of(repository, format_name, title, self.counter, self._samples)
        self.problem = Problem(
            columns=_priced(self.columns, costs),
            relevance=relevance(repository),
            frame=_frame(costs),
            weights={**default_weights(), **tuning.weights},
            shares=tuning.shares,
            deepest=tuning.max_level,
            pins=pins_of(tuning, self.columns),
            excluded=excluded_of(tuning, self.columns),
        )
        self.values = self.problem.values()
        self.memory = Memory(repository, request, self.problem, format_name)
        self.options = RenderOptions(format_name, title, revision, self.values)

    def _samples(self) -> list[str]:
        number = min(_SAMPLES, self.columns.chunks)
        rows = np.linspace(0, self.columns.chunks - 1, number).astype(int).tolist() if number else []
        return [self.texts.text(row, 0) for row in rows]

    @cached_property
    def solver(self) -> Solver:
        """The solver, prepared when it is first needed."""
        return Solver(self.problem)

    def fill(self, budget_tokens: int, emit: Emit, cancelled: IsCancelled) -> _Try:
        """Find the fullest pack whose recount is within the budget."""
        known = self.memory.recall()
        if known is not None:
            attempt = self._attempt(known)
            if attempt.actual <= budget_tokens:
                return attempt
        best: _Try | None = None
        smallest = self.solver.smallest_tokens
        fit = Fit(budget_tokens, smallest)
        aim: int | None = fit.first_aim(alternatives(self.problem)[0].tokens)
        while aim is not None:
            if cancelled():
                raise Cancelled("interrupted")
            attempt = self._attempt(self.solver.solve(aim))
            emit(Progress("pack", 0, 0))
            if attempt.actual <= budget_tokens:
                if best is None or (attempt.solution.value, attempt.actual) > (best.solution.value, best.actual):
                    best = attempt
                if self._complete(attempt.solution):
                    break
            aim = fit.next_aim(aim, attempt.actual)
        if best is None:
            raise self._too_small(budget_tokens, smallest)
        self.memory.keep(best.solution)
        return best

    def _too_small(self, budget_tokens: int, smallest: int) -> BudgetTooSmall:
        need = max(self._attempt(self.solver.solve(smallest)).actual, budget_tokens + 1)
        return BudgetTooSmall(
            f"a budget of {budget_tokens:,} tokens cannot hold the smallest pack",
            f"the smallest budget that works is {need:,} tokens",
            need,
        )

    def _attempt(self, solution: Solution) -> _Try:
        levels = solution.levels
        shown = np.unique(self.columns.file[levels < LINE])
        self.texts.prefetch(shown.tolist())
        text = render(self.columns, levels, self._lines(levels), self.texts, self.options)
        return _Try(solution, text, self.counter.count(text))

    def _lines(self, levels: np.ndarray[Any, np.dtype[np.int8]]) -> np.ndarray[Any, np.dtype[np.bool_]]:
        return np.bincount(self.columns.file[levels == LINE], minlength=len(self.columns.files)) > 0

    def _complete(self, solution: Solution) -> bool:
        wanted = np.where(self.problem.excluded_mask(), OMITTED, 0)
        pins = self.problem.pin_levels()
        wanted = np.where(pins >= 0, pins, wanted)
        return bool((solution.levels <= wanted).all())

    def report(self, best: _Try, budget_tokens: int, seconds: dict[str, float]) -> dict[str, Any]:
        """Say what is in the pack and why."""
        repository, model, solution = self.repository, self.repository.model, best.solution
        rows = _alternatives(self.problem, budget_tokens)
        facts = ReportFacts(
            model=model.id,
            encoding=model.encoding,
            method=model.method.value,
            budget=budget_tokens,
            est_used=solution.est_used,
            actual=best.actual,
            reserve=self.request.reserve_tokens,
            context_window=model.context_window,
            value=self.values,
            line_tokens=self.columns.line_tokens.tolist(),
            intent="",
            query="",
            profile=self.request.profile,
            reasons=_reasons(self.problem, solution),
            excluded=[Exclusion(item.path, item.reason) for item in repository.skipped],
            alternatives=rows,
            seconds=seconds,
        )
        report = build_report(self.columns, solution.levels, self._lines(solution.levels), self.texts, facts)
        report["gap"] = round(solution.gap, 6)
        report["format"] = self.options.format
        report["revision"] = repository.listing.revision
        report["cache"] = {"hits": repository.hits, "misses": repository.misses}
        return report


def _reasons(problem: Problem, solution: Solution) -> list[str]:
    """(n,) why each chunk has its level; what is omitted is told file by file, so only by cause, without numbers."""
    told = Reasons(problem, solution)
    levels, file = solution.levels, problem.columns.file
    # Beside text of its file a chunk has no line to be part of.
    beside = (np.bincount(file[levels < LINE], minlength=len(problem.columns.files)) > 0)[file]
    told_here = (levels < LINE) | ((levels == LINE) & ~beside)
    special = problem.excluded_mask() | (problem.values() <= 0) | (problem.deepest_levels() < LINE)
    out = [NO_ROOM] * len(solution.levels)
    for row in np.flatnonzero(told_here | special).tolist():
        out[row] = told.of(row)
    return out


def _priced(columns: Columns, costs: FrameCosts) -> Columns:
    """The columns with what the format adds to the text of chunks."""
    if costs.text_factor == 1.0 and not costs.chunk_tokens:
        return columns
    tokens = np.ceil(columns.tokens * costs.text_factor).astype(np.int32)
    tokens[:, :4] += np.where(tokens[:, :4] > 0, costs.chunk_tokens // 2, 0).astype(np.int32)
    return replace(columns, tokens=tokens)


def _frame(costs: FrameCosts) -> Frame:
    return Frame(
        fixed_tokens=costs.minimal_tokens,
        header_tokens=costs.header_tokens.astype(np.int32),
        tree_tokens=costs.tree_tokens.astype(np.int32),
        line_tokens=(costs.line_tokens + costs.tree_tokens).astype(np.int32),
        outline_scope_tokens=np.full(len(costs.path_tokens), costs.outline_scope_tokens, np.int32),
    )


def _alternatives(problem: Problem, budget_tokens: int) -> list[Alternative]:
    """The whole scope at each level; where a deeper level costs more (many small files), the one above it is shown."""
    rows: list[Alternative] = []
    for row in alternatives(problem):
        if rows and row.tokens > rows[-1].tokens:
            rows.append(Alternative(row.level, rows[-1].tokens, rows[-1].quality, rows[-1].fits))
        else:
            rows.append(Alternative(row.level, row.tokens, row.quality, row.tokens <= budget_tokens))
    return rows
