"""Relevance of chunks for a query: words, names, paths and references blended into one number, each part kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.columns import CLASSES, Columns, Floats
from engine.rank.graph import Edges
from engine.rank.lexical import Hits, sums
from engine.rank.places import Named, named
from engine.rank.query import Query
from engine.rank.query_settings import QuerySettings, query_settings
from engine.rank.relevance import raise_scopes

CAPSULE = 3
"""Deepest level at which a chunk's own lines are shown."""
SIGNALS = ("lexical", "symbol", "path", "graph", "prior")


@dataclass(frozen=True, slots=True)
class Contributions:
    """What each signal adds to the relevance of each chunk; they add up to it. All (n,)."""

    lexical: Floats
    """Words in its text and in its file."""
    symbol: Floats
    """Words in its name."""
    path: Floats
    """Words in the path of its file, and being named by path or line."""
    graph: Floats
    """What flows in from chunks that refer to it or that it refers to, and from what is inside its scope."""
    prior: Floats
    """What it is worth without a query."""

    @property
    def total(self) -> Floats:
        """(n,) the relevance."""
        return np.asarray(self.lexical + self.symbol + self.path + self.graph + self.prior, dtype=np.float64)


def blend(
    columns: Columns,
    query: Query,
    hits: Hits,
    links: Edges,
    query_free: Floats,
    settings: QuerySettings | None = None,
) -> Contributions:
    """Relevance of every chunk.

    Args:
        columns: The scanned repository.
        query: What was asked.
        hits: Where its words are.
        links: Who refers to whom.
        query_free: (n,) relevance without a query.
        settings: Weights; those that ship when None.
    """
    rules = settings or query_settings()
    file = columns.file
    factor = _class_factor(columns, query, rules)
    factor = factor * (1.0 + rules.file * (hits.file / (float(hits.file.max(initial=0.0)) or 1.0))[file])
    words, symbol, path = (
        (hits.body - hits.symbol) * factor,
        hits.symbol * factor,
        rules.path * hits.path[file] * factor,
    )
    meant: Named = named(columns, query.places, rules)
    best = float((words + symbol + path).max(initial=0.0)) or 1.0
    path = path + best * meant.score
    score = words + symbol + path
    flow = _flow(score, links, rules)
    total = score + flow
    top = float(total.max(initial=0.0))
    prior = rules.prior * query_free
    if top <= 0:
        nothing = np.zeros(columns.chunks)
        return Contributions(nothing, nothing, nothing, nothing, query_free)
    told = np.clip(columns.tokens[:, 0], 8, 4000) / 120.0
    value = (total / top) ** rules.sharpness * told**rules.length_power
    share = np.divide(value, total, out=np.zeros_like(value), where=total > 0)
    raised = _scopes(columns, value + prior) - value - prior
    return Contributions(words * share, symbol * share, path * share, flow * share + raised, prior)


def _scopes(columns: Columns, value: Floats) -> Floats:
    """Lift each chunk that opens a scope so far that its shortest readable form pays as well as the best inside it."""
    per_token = raise_scopes(columns, value / np.maximum(columns.tokens[:, 0], 1))
    return np.maximum(value, per_token * columns.tokens[:, CAPSULE])


def _class_factor(columns: Columns, query: Query, rules: QuerySettings) -> Floats:
    by_class = [(rules.asked if name in query.asks else rules.unasked).get(name, 1.0) for name in CLASSES]
    return np.array(by_class, np.float64)[columns.chunk_class]


def _flow(score: Floats, links: Edges, rules: QuerySettings) -> Floats:
    """(n,) what the best chunks give to those they refer to and to those that refer to them."""
    n = len(score)
    flow: Floats = np.zeros(n)
    if not len(links.source) or not n:
        return flow
    givers = np.argpartition(-score, min(rules.givers, n - 1))[: rules.givers]
    giving: Floats = np.zeros(n)
    giving[givers] = score[givers]
    for share, from_, to in (
        (rules.callees, links.source, links.target),
        (rules.callers, links.target, links.source),
    ):
        rows = np.flatnonzero(giving[from_] > 0)
        if len(rows) and share:
            given = share * giving[from_[rows]] * np.sqrt(links.weight[rows])
            flow += sums(to[rows], given, n)
    return np.minimum(flow, float(score.max(initial=0.0)))


def top_signal(parts: Contributions, row: int) -> str:
    """Name of the signal that says most about a chunk."""
    values: Sequence[float] = [float(getattr(parts, name)[row]) for name in SIGNALS]
    return SIGNALS[int(np.argmax(values))]
