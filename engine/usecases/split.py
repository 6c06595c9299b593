"""A selection as parts of so many tokens each, for models and tools that take only so much at once."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from engine.budget import parse_budget
from engine.events import Emit, IsCancelled, Progress
from engine.model import Level
from engine.pack import Problem, Solution
from engine.pack.measure import used_tokens
from engine.pack.problem import LINE, NO_PIN, OMITTED, OUTLINE, Levels
from engine.render import RenderOptions
from engine.render.document import Document
from engine.render.layout import build_document
from engine.render.parts import Cut, cut
from engine.render.report import build_report
from engine.render.summary import summary_lines
from engine.request import PackRequest
from engine.usecases.bench import Bench
from engine.usecases.covering import scope_of
from engine.usecases.disclosed import tell_disclosed
from engine.usecases.estimated import estimated
from engine.usecases.facts import facts_of
from engine.usecases.pack import pack_repository
from engine.usecases.patient import PatientTexts, stop_if
from engine.usecases.prepared import Prepared, Shelf
from engine.usecases.repository import Repository
from engine.usecases.wishes import require_text, wishes_of
from engine.visible import display_path


@dataclass(frozen=True, slots=True)
class Split:
    """A pack in parts."""

    parts: tuple[Cut, ...]
    report: dict[str, Any]
    """As of one pack that held all of it; ``split`` says what is in which part."""
    solution: Solution
    problem: Problem

    def as_json(self) -> list[dict[str, Any]]:
        """The parts with their numbers, in order."""
        return [{**row, "text": part.text} for row, part in zip(self.report["split"]["parts"], self.parts, strict=True)]

    def summary_lines(self) -> list[str]:
        """The report in a few aligned lines for people."""
        sizes = [part.tokens for part in self.parts]
        most = self.report["split"]["part_tokens"]
        head = f"{'parts':<10}{len(sizes):,} of at most {most:,} tokens; the largest has {max(sizes):,}"
        return [head, *summary_lines(self.report)]


def split_repository(
    repository: Repository, request: PackRequest, size: str | int, whole: bool, emit: Emit, cancelled: IsCancelled
) -> Split:
    """Cut what a request selects into parts, files in the order of their paths.

    Args:
        repository: What to pack.
        request: Which of it, and how.
        size: Tokens that a part may come to, or a written form such as ``32k`` or ``40%`` of the window.
        whole: Take everything in scope, as deep as pins say and else in full, rather than what fits the budget.
        emit: Receives progress of phase ``pack``.
        cancelled: Asked every few milliseconds.

    Raises:
        UsageError: size, budget, reserve, format or tuning make no sense for the model.
        InputError: there is no text to pack.
        BudgetTooSmall: parts of that size cannot be made; names one that works.
        Cancelled: ``cancelled`` said so.
    """
    started_s = time.perf_counter()
    part_tokens = parse_budget(size, repository.model.context_window)
    require_text(repository)
    emit(Progress("pack", 0, 0))
    if whole:
        request = replace(request, budget=repository.model.context_window - request.reserve_tokens)
    wishes = wishes_of(request, repository.model)
    bench = Bench.of(repository)
    notes: tuple[str, ...] = ()
    if request.diff:
        from engine.usecases.changed import changed_since
        from engine.usecases.changes_told import told

        changed = changed_since(bench, request.diff, cancelled)
        notes = told(changed, bench.columns, part_tokens, bench.counter.count_many)
    shelf = Shelf(bench)
    prepared = shelf.prepare(request, wishes.format, emit, cancelled)
    solution = _everything(prepared) if whole else pack_repository(repository, request, emit, cancelled).solution
    levels, lines = solution.levels, _lines(bench, solution.levels)
    disclosed = bench.texts.disclosed(request.disclosure)
    texts = PatientTexts(disclosed, cancelled)
    texts.prefetch(np.unique(bench.columns.file[levels < LINE]).tolist())
    scope = scope_of(bench.texts, bench.columns, prepared.excluded, part_tokens)
    options = RenderOptions(wishes.format, bench.title, bench.revision, None, scope, notes)
    document: Document = build_document(bench.columns, levels, lines, texts, options)
    stop_if(cancelled)
    parts = cut(document, wishes.format, part_tokens, bench.counter.count_many)
    stop_if(cancelled)
    actual = sum(part.tokens for part in parts)
    seconds = {**repository.seconds, "pack": time.perf_counter() - started_s}
    budget = part_tokens * len(parts)
    facts = facts_of(
        repository, request, prepared, replace(solution, budget_tokens=max(budget, solution.est_used)), budget, actual,
        seconds, bench.asked, cancelled,
    )  # fmt: skip
    facts = replace(facts, scope=scope, est_used=estimated(bench, prepared, levels, scope))
    report = build_report(bench.columns, levels, lines, texts, facts)
    tell_disclosed(report, disclosed, bench.columns, levels, request.disclosure)
    report["gap"], report["format"], report["revision"] = 0.0, wishes.format, repository.listing.revision
    report["cache"] = {"hits": repository.hits, "misses": repository.misses}
    rows = [
        {
            "part": number,
            "of": len(parts),
            "tokens": part.tokens,
            "files": [display_path(path) for path in part.files],
            "torn": [display_path(path) for path in part.torn],
        }
        for number, part in enumerate(parts, 1)
    ]
    report["split"] = {"part_tokens": part_tokens, "parts": rows}
    return Split(tuple(parts), report, solution, prepared.problem)


def _everything(prepared: Prepared) -> Solution:
    """All that is in scope in full, or as pinned."""
    problem = prepared.problem
    levels: Levels = np.where(prepared.excluded, OMITTED, int(Level.FULL)).astype(np.int8)
    levels = np.where(prepared.pinned != NO_PIN, prepared.pinned, levels).astype(np.int8)
    used, value = used_tokens(problem, levels), float(problem.values()[levels <= OUTLINE].sum())
    return Solution(used, levels, used, value, value, 0.0, 1.0)


def _lines(bench: Bench, levels: Levels) -> np.ndarray[Any, np.dtype[np.bool_]]:
    columns = bench.columns
    return np.bincount(columns.file[levels == LINE], minlength=len(columns.files)) > 0
