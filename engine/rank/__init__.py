"""Value of a chunk for a request: what its words, its name and its path say about a query, its standing in the
reference graph, and how recently it was changed.

In: columns of a scanned repository, identifiers and terms as flat arrays, times of change per path, the text of a
query. Out: one relevance per chunk, with what each signal added. Class weights are not applied here, no file is read,
and the clock is never asked.
"""

from __future__ import annotations

from engine.rank.graph import Edges, Graph, centrality, edges
from engine.rank.ground import Ground
from engine.rank.lexical import Hits, LexicalIndex
from engine.rank.postings import Extractor, FileText, Postings, join
from engine.rank.query import Place, Query, parse_query, term_ids
from engine.rank.query_settings import QuerySettings, query_settings
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
    "LexicalIndex",
    "Place",
    "Postings",
    "Query",
    "QuerySettings",
    "blend",
    "centrality",
    "edges",
    "join",
    "parse_query",
    "query_free_value",
    "query_settings",
    "raise_scopes",
    "recency",
    "term_ids",
    "terms_version",
]
