"""Relevance of chunks for a query: words, names, paths and references blended into one number, each part kept."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.columns import CLASSES, Columns, Floats
from engine.rank.ground import Ground
from engine.rank.lexical import Hits, sums
from engine.rank.places import named
from engine.rank.query import Query
from engine.rank.query_numbers import QuerySettings, query_settings

CAPSULE = 3
"""Deepest level at which a chunk's own lines are shown."""
SIGNALS = ("lexical", "symbol", "path", "file", "graph", "past", "recent", "prior")


@dataclass(frozen=True, slots=True)
class Contributions:
    """What each signal adds to the relevance of each chunk; they add up to it. All (n,)."""

    lexical: Floats
    """Words in its text."""
    symbol: Floats
    """Words in its name."""
    path: Floats
    """Words in the path of its file, and being named by path or line."""
    file: Floats
    """Words in the rest of its file."""
    graph: Floats
    """What flows in from chunks that refer to it or that it refers to, and from what is inside its scope."""
    past: Floats
    """Having been changed by commits whose messages used the words."""
    recent: Floats
    """Having been changed lately."""
    prior: Floats
    """What it is worth without a query."""

    @property
    def total(self) -> Floats:
        """(n,) the relevance."""
        return np.asarray(sum(getattr(self, name) for name in SIGNALS), dtype=np.float64)


def blend(
    ground: Ground,
    query: Query,
    hits: Hits,
    settings: QuerySettings | None = None,
    past: Floats | None = None,
    lately: Floats | None = None,
) -> Contributions:
    """Relevance of every chunk.

    Args:
        ground: The repository.
        query: What was asked.
        hits: Where its words are.
        settings: Weights; those that ship when None.
        past: (n,) what earlier commits say, 0-1; see ``PastIndex.hits``. Nothing when None.
        lately: (n,) what recent changes add; see ``PastIndex.lately``. Nothing when None.
    """
    rules = settings or query_settings()
    columns, file = ground.columns, ground.columns.file
    factor = _class_factor(columns, query, rules) * ground.of_kinds(rules.kinds)
    unit = float(hits.body.max(initial=0.0)) or 1.0
    words, symbol = (hits.body - hits.symbol) / unit * factor, hits.symbol / unit * factor
    path = (rules.path * hits.path / unit + rules.scope * hits.scope)[file] * factor
    around = rules.file * (hits.file / (float(hits.file.max(initial=0.0)) or 1.0))[file] * factor
    if query.places:
        best = float((words + symbol + path).max(initial=0.0)) or 1.0
        path += best * named(ground, query.places, rules).score
    changed = np.zeros(columns.chunks)
    if past is not None:
        changed = (rules.past * past + rules.past_file * ground.of_files(past)) * factor
    flow = _flow(words + symbol + path + changed, ground, rules)
    total = words + symbol + path + around + flow + changed
    if float(total.max(initial=0.0)) <= 0:
        nothing = np.zeros(columns.chunks)
        return Contributions(nothing, nothing, nothing, nothing, nothing, nothing, nothing, ground.query_free)
    recent = np.zeros(columns.chunks) if lately is None else lately * factor
    total = total + recent
    top = float(total.max())
    rows = np.flatnonzero(total)
    value, share = np.zeros(columns.chunks), np.zeros(columns.chunks)
    value[rows] = (total[rows] / top) ** rules.sharpness * ground.length(rules.length_power)[rows]
    share[rows] = value[rows] / total[rows]
    prior = rules.prior * ground.query_free
    raised = _scopes(ground, value + prior) - value - prior
    return Contributions(
        words * share, symbol * share, path * share, around * share, flow * share + raised, changed * share,
        recent * share, prior,
    )  # fmt: skip


def _scopes(ground: Ground, value: Floats) -> Floats:
    """Lift each chunk that opens a scope so far that its shortest readable form pays as well as the best inside it."""
    tokens = ground.columns.tokens
    per_token = ground.raise_scopes(value / np.maximum(tokens[:, 0], 1))
    return np.maximum(value, per_token * tokens[:, CAPSULE])


def _class_factor(columns: Columns, query: Query, rules: QuerySettings) -> Floats:
    by_class = [(rules.asked if name in query.asks else rules.unasked).get(name, 1.0) for name in CLASSES]
    return np.array(by_class, np.float64)[columns.chunk_class]


def _flow(score: Floats, ground: Ground, rules: QuerySettings) -> Floats:
    """(n,) what the best chunks give to those they refer to and to those that refer to them."""
    n = len(score)
    givers = np.argpartition(-score, min(rules.givers, n - 1))[: rules.givers] if n else np.zeros(0, np.int64)
    flow: Floats = np.zeros(n)
    for share, links in ((rules.callees, ground.refers), (rules.callers, ground.referred)):
        flow += sums(*links.flow(givers, share * score[givers]), n)
    return np.minimum(flow, float(score.max(initial=0.0)))
