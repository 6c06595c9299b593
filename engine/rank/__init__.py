"""Value of a chunk for a request: what its words, its name and its path say about a query, its standing in the
reference graph, and how recently it was changed.

In: columns of a scanned repository, identifiers and terms as flat arrays, times of change per path, the text of a
query. Out: one relevance per chunk, with what each signal added. Class weights are not applied here, no file is read,
and the clock is never asked.

Names are loaded when they are first used: a pack without a query loads nothing of what queries need.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.rank.graph import Edges, Graph, centrality, edges
    from engine.rank.ground import Ground, Links, both_ways
    from engine.rank.lexical import Hits, Inverted, LexicalIndex, invert
    from engine.rank.past import Past, PastIndex, past_of
    from engine.rank.postings import Extractor, FileText, Postings, join
    from engine.rank.query import Place, Query, parse_query, scope_ids, term_ids
    from engine.rank.query_numbers import QuerySettings, query_settings
    from engine.rank.relevance import query_free_value, raise_scopes, recency
    from engine.rank.relevant import SIGNALS, Contributions, blend
    from engine.rank.terms import terms_version

__all__ = [
    "SIGNALS",
    "Contributions",
    "Edges",
    "Extractor",
    "FileText",
    "Graph",
    "Ground",
    "Hits",
    "Inverted",
    "LexicalIndex",
    "Links",
    "Past",
    "PastIndex",
    "Place",
    "Postings",
    "Query",
    "QuerySettings",
    "blend",
    "both_ways",
    "centrality",
    "edges",
    "invert",
    "join",
    "parse_query",
    "past_of",
    "query_free_value",
    "query_settings",
    "raise_scopes",
    "recency",
    "scope_ids",
    "term_ids",
    "terms_version",
]

_HOMES = {
    "Contributions": "relevant",
    "Edges": "graph",
    "Extractor": "postings",
    "FileText": "postings",
    "Graph": "graph",
    "Ground": "ground",
    "Hits": "lexical",
    "Inverted": "lexical",
    "Past": "past",
    "PastIndex": "past",
    "LexicalIndex": "lexical",
    "Links": "ground",
    "Place": "query",
    "Postings": "postings",
    "Query": "query",
    "QuerySettings": "query_numbers",
    "SIGNALS": "relevant",
    "blend": "relevant",
    "both_ways": "ground",
    "centrality": "graph",
    "edges": "graph",
    "invert": "lexical",
    "join": "postings",
    "parse_query": "query",
    "past_of": "past",
    "query_free_value": "relevance",
    "query_settings": "query_numbers",
    "raise_scopes": "relevance",
    "recency": "relevance",
    "scope_ids": "query",
    "term_ids": "query",
    "terms_version": "terms",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
