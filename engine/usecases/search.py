"""Search a repository: read the intent, rank chunks, pack the best hits in full and the rest around them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from engine.columns import CLASSES, Floats
from engine.errors import BudgetTooSmall, UsageError
from engine.events import Emit, IsCancelled
from engine.model import Level
from engine.pack import Problem
from engine.pack.problem import NO_PIN, OUTLINE, Mask
from engine.rank import SIGNALS, Contributions, Place, Query, parse_query, query_settings
from engine.rank.ground import Rows
from engine.rank.intent import Intent, read_intent
from engine.rank.intent_rules import Effect, intent_rules
from engine.render import FormatName
from engine.render.report import build_report
from engine.render.report_facts import Exclusion, ReportFacts
from engine.request import PackRequest, Tuning
from engine.tuning import MAX_WEIGHT
from engine.usecases.bench import Bench
from engine.usecases.changed import changed_since, with_change
from engine.usecases.changes_told import tell_changes
from engine.usecases.covering import scope_of
from engine.usecases.disclosed import tell_disclosed
from engine.usecases.named import with_named
from engine.usecases.pack import pack_repository
from engine.usecases.prepared import Prepared, Shelf
from engine.usecases.repository import Repository
from engine.usecases.searched import Hit, Searched
from engine.usecases.tuning import default_weights
from engine.usecases.wishes import Wishes, require_text, wishes_of
from engine.visible import display_path, visible_name, visible_text

PINNED = "full: pinned"
NO_MATCH = "nothing in it matches the query"


def search_repository(
    repository: Repository, request: PackRequest, chosen: str, limit: int, emit: Emit, cancelled: IsCancelled
) -> Searched:
    """Search.

    Args:
        repository: What to search.
        request: The query, and into how much to pack what is found.
        chosen: Intent chosen by hand, or empty.
        limit: Hits that are listed at most.
        emit: Receives progress.
        cancelled: Asked every few milliseconds.

    Raises:
        UsageError: neither a query nor a change, an unknown intent, a limit below 1, or wishes that make no sense.
        InputError: there is no text to search.
        BudgetTooSmall: not even the smallest pack fits.
        Cancelled: ``cancelled`` said so.
    """
    if not request.query.strip() and not request.diff:
        raise UsageError("the query is empty", "packsight search 'what to look for'")
    if limit < 1:
        raise UsageError(f"limit {limit} is below 1", "leave it out for 20 hits")
    intent = read_intent(request.query, chosen)
    if not request.query.strip() and not chosen:
        intent = replace(intent, reasons=("shows what changed and what that touches",))
    effect = intent_rules().effects[intent.name]
    wishes = wishes_of(request, repository.model)
    require_text(repository)
    bench = Bench.of(repository)
    bench = bench.asked_by(bench.asked.understanding(lambda text: _understood(text, intent, effect)))
    request = replace(request, tuning=_tuned(request.tuning, effect))
    shelf = _HitShelf(bench, effect, wishes)
    parts = bench.asked.explain(request.query, emit, cancelled)
    parts = with_named(parts, intent.entities, bench.texts, effect.named)
    changed = changed_since(bench, request.diff, cancelled) if request.diff else None
    if changed is not None:
        parts = with_change(parts, changed)
    shelf.relevance = parts.total
    problem = shelf.prepare(request, wishes.format, emit, cancelled).problem
    rows, scores = matching_rows(problem, parts, None if changed is None else changed.touched > 0)
    changes = tuple(effect.changes())
    query = visible_text(request.query)
    if not len(rows):
        report = _nothing(bench, request, wishes, problem)
        if changed is not None:
            tell_changes(report, changed, bench.columns)
        return Searched(query, intent, changes, (), 0, "", _with_intent(report, intent, changes))
    listed = rows[scores >= effect.least][:limit]
    shelf.hits = rows[scores >= effect.full_least][: effect.full_hits]
    if changed is not None:
        shelf.hits = np.array(list(dict.fromkeys((*rows[changed.rows[rows]].tolist(), *shelf.hits.tolist()))), np.int64)
    while True:
        try:
            packed = pack_repository(repository, request, emit, cancelled, shelf)
            break
        except BudgetTooSmall:
            if not len(shelf.hits):
                raise
            shelf.hits = shelf.hits[: len(shelf.hits) // 2]
    hits = _hits(bench, problem, parts, listed, packed.solution.levels.tolist())
    _name_hits(packed.report, hits)
    return Searched(
        query, intent, changes, hits, len(rows), packed.text, _with_intent(packed.report, intent, changes),
        packed.solution, packed.problem,
    )  # fmt: skip


def matching_rows(
    problem: Problem, parts: Contributions, also: Mask | None = None
) -> tuple[Rows, np.ndarray[tuple[int], np.dtype[np.float64]]]:
    """Chunks in scope whose words, name or path meet the query, or that are in ``also``; the best first, and their
    scores from 1 down."""
    values = strengths(problem)
    met = parts.lexical + parts.symbol + parts.path > 0
    met = (met if also is None else met | also) & (values > 0) & ~problem.excluded_mask()
    rows = np.flatnonzero(met)
    rows = rows[np.argsort(-values[rows], kind="stable")]
    return rows, scores_of(values[rows], values[rows[0]]) if len(rows) else np.zeros(0)


def scores_of(values: Floats, top: float) -> Floats:
    """Values as people see them, 0-1 of the best: what is worth most to a pack is far apart for other reasons."""
    rules = query_settings()
    return np.asarray((values / top) ** (rules.shown / rules.sharpness), dtype=np.float64)


def strengths(problem: Problem) -> Floats:
    """(n,) value of every chunk without what length beyond a short function adds: readers want the best match.

    What is shorter keeps its value: two words of a name are no better match than the function that does the work.
    """
    length = np.clip(problem.columns.tokens[:, 0], 120, 4000) / 120.0
    return np.asarray(problem.values() / length ** query_settings().length_power, dtype=np.float64)


class _HitShelf(Shelf):
    """Requests whose best hits are pinned in full, as far as their share of the budget goes."""

    def __init__(self, bench: Bench, effect: Effect, wishes: Wishes) -> None:
        super().__init__(bench)
        self._most = int(effect.full_share * wishes.budget_tokens)
        self._budget = wishes.budget_tokens
        self.hits: Rows = np.zeros(0, np.int64)
        """Chunks that are to be shown in full, the best first."""
        self.relevance = np.zeros(0)
        """(n,) relevance of every chunk."""

    def prepare(self, request: PackRequest, name: FormatName, emit: Emit, cancelled: IsCancelled) -> Prepared:
        """Make a request ready, with those hits pinned that fit and that nobody pinned or bounded otherwise."""
        known = super().prepare(request, name, emit, cancelled)
        prepared = Prepared(replace(known.problem, relevance=self.relevance), known.totals, name)
        pins, tokens, left = prepared.pinned.copy(), prepared.problem.columns.tokens[:, 0], self._most
        chosen = []
        for row in self.hits.tolist():
            if pins[row] == NO_PIN and tokens[row] <= left:
                chosen.append(row)
                left -= int(tokens[row])
        while chosen:
            pins[chosen] = Level.FULL
            pinned = Prepared(replace(prepared.problem, pins=pins.copy()), prepared.totals, name)
            if pinned.smallest_tokens <= self._budget:
                return pinned
            pins[chosen.pop()] = NO_PIN
        return prepared


def _understood(text: str, intent: Intent, effect: Effect) -> Query:
    """The query with the frames of its traces, and with the classes that its intent asks for."""
    query = parse_query(text)
    frames = [Place(item.name.replace("\\", "/"), item.line) for item in intent.entities if item.kind == "frame"]
    places = tuple(dict.fromkeys((*frames, *query.places)))
    return replace(query, places=places, asks=query.asks | effect.asks)


def _tuned(tuning: Tuning, effect: Effect) -> Tuning:
    """The wishes of a request as the intent changes them; levels that somebody asked for stay."""
    weights = {**default_weights(), **tuning.weights}
    for name, factor in effect.weights.items():
        weights[name] = min(float(MAX_WEIGHT), weights[name] * factor)
    return replace(tuning, weights=weights, max_level={**effect.deepest, **tuning.max_level})


def _hits(bench: Bench, problem: Problem, parts: Contributions, rows: Rows, levels: list[int]) -> tuple[Hit, ...]:
    columns, texts = bench.columns, bench.texts
    values, strength = problem.values(), strengths(problem)
    top = float(strength[rows[0]])
    out: list[Hit] = []
    total, totals = 0, np.zeros(OUTLINE + 1, np.int64)
    for rank, row in enumerate(rows.tolist(), 1):
        level, prices = levels[row], columns.tokens[row]
        tokens = int(prices[level]) if level <= OUTLINE else 0
        total, totals = total + tokens, totals + prices
        chunk_class = int(columns.chunk_class[row])
        score = float(scores_of(strength[row], top))
        factor = score * float(problem.class_weights()[chunk_class]) / float(values[row])
        out.append(
            Hit(
                rank=rank,
                path=display_path(columns.files[columns.file[row]].path),
                start_line=int(columns.start_line[row]),
                end_line=int(columns.end_line[row]),
                symbol=visible_name(texts.symbol(row)),
                kind=texts.kind(row),
                chunk_class=CLASSES[chunk_class].value,
                score=round(score, 6),
                why={name: round(float(getattr(parts, name)[row]) * factor, 6) + 0.0 for name in SIGNALS},
                level=level,
                tokens=tokens,
                total=total,
                prices=tuple(prices.tolist()),
                prices_total=tuple(totals.tolist()),
            )
        )
    return tuple(out)


def _name_hits(report: dict[str, object], hits: tuple[Hit, ...]) -> None:
    """Say of a hit in full that it is one, rather than that somebody pinned it."""
    ranks = {(hit.path, hit.start_line, hit.end_line): hit.rank for hit in hits}
    items = report["items"]
    assert isinstance(items, list)
    for item in items:
        rank = ranks.get((item["path"], item["start_line"], item["end_line"]))
        if rank is not None and item["reason"].startswith(PINNED):
            item["reason"] = f"full: hit {rank} of the search{item['reason'][len(PINNED) :]}"


def _with_intent(report: dict[str, object], intent: Intent, changes: tuple[str, ...]) -> dict[str, object]:
    entities = [
        {"kind": item.kind, "name": visible_name(item.name), "line": item.line, "in": visible_name(item.inside)}
        for item in intent.entities
    ]
    return {
        **report,
        "intent": intent.name,
        "confidence": intent.confidence,
        "intent_reasons": list(intent.reasons),
        "intent_changes": list(changes),
        "entities": entities,
    }


def _nothing(bench: Bench, request: PackRequest, wishes: Wishes, problem: Problem) -> dict[str, Any]:
    """The report of a pack that holds nothing."""
    repository, columns = bench.repository, problem.columns
    model = repository.model
    facts = ReportFacts(
        model=model.id,
        encoding=model.encoding,
        method=model.method.value,
        budget=wishes.budget_tokens,
        est_used=0,
        actual=0,
        reserve=request.reserve_tokens,
        context_window=model.context_window,
        value=problem.values(),
        line_tokens=columns.line_tokens.tolist(),
        query=request.query,
        profile=request.profile,
        reasons=[NO_MATCH] * columns.chunks,
        excluded=[Exclusion(item.path, item.reason) for item in repository.skipped],
        seconds=repository.seconds,
        scope=replace(scope_of(bench.texts, columns, problem.excluded_mask(), wishes.budget_tokens), most_lines=0),
    )
    levels, lines = np.full(columns.chunks, Level.OMITTED, np.int8), np.zeros(len(columns.files), np.bool_)
    report = build_report(columns, levels, lines, bench.texts, facts)
    tell_disclosed(report, bench.texts, columns, levels, request.disclosure)
    report["gap"], report["format"] = 0.0, wishes.format
    return report
