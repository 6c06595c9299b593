"""What chunks are worth for a query: the search index of a repository, built when somebody first asks."""

from __future__ import annotations

from engine.columns import Floats
from engine.events import Emit, IsCancelled
from engine.rank import (
    Contributions,
    Ground,
    LexicalIndex,
    PastIndex,
    Query,
    QuerySettings,
    blend,
    both_ways,
    edges,
    invert,
    parse_query,
    query_settings,
    scope_ids,
    term_ids,
)
from engine.scan.record import KINDS
from engine.usecases.index_kept import keep, recalled
from engine.usecases.index_terms import repository_terms
from engine.usecases.past import recent_past
from engine.usecases.repository import Repository
from engine.usecases.value import reference_graph, relevance


class QueryIndex:
    """Answers queries about one state of a repository, each in milliseconds. Safe to ask from one thread at a time."""

    def __init__(self, words: LexicalIndex, ground: Ground, past: PastIndex) -> None:
        """Take the parts; ``open`` makes them."""
        self.words = words
        self.past = past
        self.ground = ground

    @classmethod
    def open(cls, repository: Repository, emit: Emit, cancelled: IsCancelled) -> QueryIndex:
        """Read the index, or what of it is missing.

        Args:
            repository: The scanned repository.
            emit: Receives progress of phase ``index``.
            cancelled: Asked several times a second.

        Raises:
            Cancelled: ``cancelled`` said so.
        """
        columns, layout = repository.columns()
        kept = recalled(repository)
        graph = None
        if kept is None:
            terms = repository_terms(repository, emit, cancelled)
            words = invert(columns, terms.postings)
            graph = reference_graph(repository, columns)
            links = both_ways(edges(graph), columns.chunks)
            if terms.complete:
                keep(repository, words, links, emit)
        else:
            words, links = kept
        past = PastIndex(columns, recent_past(repository))
        ground = Ground(columns, links, relevance(repository, graph), (KINDS, layout.kind))
        return cls(LexicalIndex(columns, words), ground, past)

    def explain(self, query: str | Query, settings: QuerySettings | None = None) -> Contributions:
        """What each signal adds to the relevance of every chunk."""
        rules = settings or query_settings()
        asked = parse_query(query, rules) if isinstance(query, str) else query
        wanted = term_ids(asked)
        words, past = self.words.hits(wanted, rules, scope_ids(asked)), self.past.hits(wanted, rules)
        return blend(self.ground, asked, words, rules, past, self.past.lately(rules))

    def relevance(self, query: str) -> Floats:
        """(n,) relevance of every chunk; without a word that can be looked for, the relevance without a query."""
        return self.explain(query).total


def query_relevance(repository: Repository, query: str, emit: Emit, cancelled: IsCancelled) -> Floats:
    """(n,) relevance of every chunk for a query.

    Args:
        repository: The scanned repository.
        query: A few words, an issue, a commit message, a stack trace.
        emit: Receives progress of phase ``index``.
        cancelled: Asked several times a second.

    Raises:
        Cancelled: ``cancelled`` said so.
    """
    return QueryIndex.open(repository, emit, cancelled).relevance(query)
