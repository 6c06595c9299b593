"""How much each chunk matters when nobody asked anything in particular."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from engine.columns import Columns, Floats
from engine.rank.graph import Graph, centrality
from engine.rank.settings import Settings, settings

DAY_S = 86_400.0


def query_free_value(
    columns: Columns, graph: Graph, changes: Mapping[str, tuple[int, int]], *, now_s: float | None = None
) -> Floats:
    """(n,) relevance without a query: centrality in the reference graph × recency of change × what its length can tell.

    Args:
        columns: The scanned repository.
        graph: Identifiers defined and referred to.
        changes: Path to time of the last change (seconds since 1970) and number of commits; files may be missing.
        now_s: The moment recency is measured from; the newest change when not given, so that the same repository
            gives the same values tomorrow.

    Returns:
        Centrality × recency, of mean 1 and limited to 0.1-10, times the factor of length; a scope's first chunk is
        worth at least as much as anything in it, because the one is unreadable without the other.
    """
    rules = settings()
    standing = centrality(graph, columns.chunks, rules) ** rules.centrality_power
    value = standing * recency(columns, changes, now_s, rules)[columns.file]
    if len(value):
        value /= value.mean()
    value = np.clip(value, rules.lowest, rules.highest) * substance(columns, rules)
    return raise_scopes(columns, value)


def substance(columns: Columns, rules: Settings | None = None) -> Floats:
    """(n,) how much a chunk can tell by its length, 1 for a short function: otherwise one-line chunks would crowd out
    everything that needs room."""
    rules = rules or settings()
    tokens = np.clip(columns.tokens[:, 0], rules.shortest_tokens, rules.longest_tokens)
    return np.asarray((tokens / rules.usual_tokens) ** rules.length_power, dtype=np.float64)


def recency(
    columns: Columns, changes: Mapping[str, tuple[int, int]], now_s: float | None = None, rules: Settings | None = None
) -> Floats:
    """(m,) factor of each file, 1 or more: by how recently and how often it was changed."""
    rules = rules or settings()
    known = [changes.get(file.path) for file in columns.files]
    times = np.array([row[0] if row else -np.inf for row in known], dtype=np.float64)
    commits = np.array([row[1] if row else 0 for row in known], dtype=np.float64)
    if not np.isfinite(times).any():
        return np.ones(len(known))
    now = float(times.max()) if now_s is None else now_s
    age_days = np.maximum(0.0, now - times) / DAY_S
    fresh = np.exp2(-age_days / rules.half_life_days)
    often = commits / (commits + rules.half_commits)
    return np.asarray(1.0 + rules.lift * 0.5 * (fresh + often), dtype=np.float64)


def raise_scopes(columns: Columns, value: Floats) -> Floats:
    """Lift each chunk that opens a scope to the most valuable chunk inside, at any depth."""
    raised = value.copy()
    nested = np.flatnonzero(columns.parent >= 0)
    while len(nested):
        before = raised[columns.parent[nested]]
        np.maximum.at(raised, columns.parent[nested], raised[nested])
        if (raised[columns.parent[nested]] == before).all():
            break
    return raised
