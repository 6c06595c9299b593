"""Pack a repository into a budget: value, solve, render, recount, and again until the recount fits and is full.

Sums of cached counts steer the solver; only the recount of the finished text is believed.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.errors import BudgetTooSmall
from engine.events import Emit, IsCancelled, Progress
from engine.pack import Problem, Solution, stopping
from engine.pack.problem import LINE
from engine.render import RenderOptions, render
from engine.render.report import build_report
from engine.render.summary import summary_lines
from engine.request import PackRequest
from engine.usecases.bench import Bench
from engine.usecases.covering import coverage_tokens, scope_of
from engine.usecases.disclosed import tell_disclosed
from engine.usecases.estimated import estimated
from engine.usecases.facts import facts_of
from engine.usecases.fit import Fit
from engine.usecases.patient import PatientTexts, patient_count, stop_if
from engine.usecases.prepared import Prepared, Shelf, complete
from engine.usecases.remember import Memory
from engine.usecases.repository import Repository
from engine.usecases.top_up import Attempt, TopUp
from engine.usecases.wishes import require_text, wishes_of


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


def pack_repository(
    repository: Repository, request: PackRequest, emit: Emit, cancelled: IsCancelled, shelf: Shelf | None = None
) -> Packed:
    """Pack.

    Args:
        repository: What to pack.
        request: Into how much, and how.
        emit: Receives progress of phase ``pack``.
        cancelled: Asked every few milliseconds.
        shelf: Requests of this repository that are ready; they make the same pack quicker.

    Raises:
        UsageError: budget, reserve, format or tuning make no sense for the model.
        InputError: there is no text to pack.
        BudgetTooSmall: not even the smallest pack fits; names the smallest budget that works.
        Cancelled: ``cancelled`` said so.
    """
    started_s = time.perf_counter()
    wishes = wishes_of(request, repository.model)
    require_text(repository)
    emit(Progress("pack", 0, 0))
    bench = Bench.of(repository) if shelf is None else shelf.bench
    changed, notes = None, tuple[str, ...]()
    if request.diff:
        from engine.usecases.changed import changed_since
        from engine.usecases.changes_told import told

        changed = changed_since(bench, request.diff, cancelled)
        notes = told(changed, bench.columns, wishes.budget_tokens, bench.counter.count_many)
        if shelf is None:
            from engine.usecases.changed_shelf import ChangedShelf

            shelf = ChangedShelf(bench, changed, wishes.budget_tokens - sum(bench.counter.count_many(notes)))
    shelf = shelf or Shelf(bench)
    prepared = shelf.prepare(request, wishes.format, emit, cancelled)
    work = _Work(bench, prepared, request, wishes.budget_tokens, cancelled, notes)
    valued_s = time.perf_counter()
    best = work.fill(emit)
    packed_s = time.perf_counter()
    seconds = {
        **repository.seconds,
        "value": valued_s - started_s,
        "pack": packed_s - valued_s,
        "total": repository.seconds["total"] + packed_s - started_s,
    }
    report = work.report(best, seconds)
    if changed is not None:
        from engine.usecases.changes_told import tell_changes

        tell_changes(report, changed, bench.columns)
    return Packed(best.text, report, best.solution, prepared.problem)


class _Work:
    """One request on its way from levels to text."""

    def __init__(
        self,
        bench: Bench,
        prepared: Prepared,
        request: PackRequest,
        budget_tokens: int,
        cancelled: IsCancelled,
        notes: tuple[str, ...] = (),
    ) -> None:
        self._bench, self._prepared, self._request = bench, prepared, request
        self._budget_tokens, self._cancelled = budget_tokens, cancelled
        self._texts = PatientTexts(bench.texts.disclosed(request.disclosure), cancelled)
        scope = scope_of(bench.texts, bench.columns, prepared.excluded, budget_tokens)
        self._options = RenderOptions(
            prepared.format, bench.title, bench.revision, prepared.values, scope, notes, request.stable
        )
        lines_tokens = int(prepared.problem.frame.line_tokens.sum())
        self._told_tokens = coverage_tokens(scope, lines_tokens, budget_tokens)
        self._notes_tokens = bench.counter.count("\n".join(notes)) if notes else 0
        self._told_tokens += self._notes_tokens

    def fill(self, emit: Emit) -> Attempt:
        """Find the fullest pack whose recount is within the budget."""
        prepared, budget_tokens = self._prepared, self._budget_tokens
        memory = Memory(self._bench.repository, budget_tokens, self._request.tuning, prepared.problem, prepared.format)
        known = memory.recall()
        if known is not None:
            attempt = self._attempt(known, memory)
            if attempt.actual <= budget_tokens:
                return attempt
        best: Attempt | None = None
        too_large: list[Solution] = []
        too_much: list[int] = []
        fit = Fit(budget_tokens, prepared.smallest_tokens)
        aim: int | None = fit.first_aim(prepared.totals.used[0])
        while aim is not None:
            stop_if(self._cancelled)
            attempt = self._attempt(self._solved(aim))
            emit(Progress("pack", 0, 0))
            if attempt.actual <= budget_tokens:
                if best is None or (attempt.solution.value, attempt.actual) > (best.solution.value, best.actual):
                    best = attempt
                if complete(prepared, attempt.solution.levels):
                    break
            else:
                too_large.append(attempt.solution)
                too_much.append(attempt.actual - budget_tokens)
            aim = fit.next_aim(aim, attempt.actual)
        if best is None:
            best = self._smallest()
        if not complete(prepared, best.solution.levels):
            best = self._topped_up(best, too_large, too_much)
        memory.keep(best.solution, best.text, best.actual)
        return best

    def _topped_up(self, best: Attempt, too_large: list[Solution], too_much: list[int]) -> Attempt:
        found = TopUp(self._prepared.solver, self._attempt, self._budget_tokens).run(best, too_large, too_much)
        if found is best:
            return best
        solution = found.solution
        bound = max(solution.value, self._solve(solution.budget_tokens).bound)
        return replace(found, solution=replace(solution, bound=bound))

    def _smallest(self) -> Attempt:
        """The smallest pack there is, all directories in one line.

        Raises:
            BudgetTooSmall: it does not fit.
        """
        assert self._options.scope is not None
        scope = replace(self._options.scope, most_lines=1)
        self._options = replace(self._options, scope=scope, notes=self._options.notes[:1])
        attempt = self._attempt(self._solve(self._prepared.smallest_tokens))
        if attempt.actual <= self._budget_tokens:
            return attempt
        raise BudgetTooSmall(
            f"a budget of {self._budget_tokens:,} tokens cannot hold the smallest pack",
            f"the smallest budget that works is {attempt.actual:,} tokens",
            attempt.actual,
        )

    def _solved(self, aim_tokens: int) -> Solution:
        """Solve for what is left of an aim beside what the solver knows nothing of."""
        return self._solve(max(self._prepared.smallest_tokens, aim_tokens - self._told_tokens))

    def _solve(self, tokens: int) -> Solution:
        with stopping(self._cancelled):
            solver = self._prepared.solver
            # Values for a query are so steep that the bound of the quick answer is as good, and somebody waits.
            return solver.quick(tokens) if self._request.query.strip() else solver.solve(tokens)

    def _attempt(self, solution: Solution, memory: Memory | None = None) -> Attempt:
        stop_if(self._cancelled)
        columns, levels = self._bench.columns, solution.levels
        self._texts.prefetch(np.unique(columns.file[levels < LINE]).tolist())
        text = render(columns, levels, self._lines(levels), self._texts, self._options)
        actual = None if memory is None else memory.count_of(text)
        if actual is None:
            actual = patient_count(self._bench.counter, text, self._cancelled)
        return Attempt(solution, text, actual)

    def _lines(self, levels: npt.NDArray[np.int8]) -> npt.NDArray[np.bool_]:
        columns = self._bench.columns
        return np.bincount(columns.file[levels == LINE], minlength=len(columns.files)) > 0

    def report(self, best: Attempt, seconds: dict[str, float]) -> dict[str, Any]:
        """Say what is in the pack and why."""
        repository, solution = self._bench.repository, best.solution
        facts = facts_of(
            repository, self._request, self._prepared, solution, self._budget_tokens, best.actual, seconds,
            self._bench.asked, self._cancelled,
        )  # fmt: skip
        stop_if(self._cancelled)
        columns = self._bench.columns
        assert self._options.scope is not None
        est_used = estimated(self._bench, self._prepared, solution.levels, self._options.scope) + self._notes_tokens
        facts = replace(facts, scope=self._options.scope, est_used=est_used)
        report = build_report(columns, solution.levels, self._lines(solution.levels), self._texts, facts)
        how = self._request.disclosure
        tell_disclosed(report, self._bench.texts.disclosed(how), columns, solution.levels, how)
        report["gap"] = round(solution.gap, 6)
        report["format"] = self._prepared.format
        report["revision"] = repository.listing.revision
        report["error_band"] = list(repository.model.error_band)
        report["band_source"] = repository.model.band_source
        report["cache"] = {"hits": repository.hits, "misses": repository.misses}
        return report
