"""Value of a chunk for a request: its standing in the reference graph and how recently it was changed.

In: columns of a scanned repository, identifiers as flat arrays, times of change per path. Out: one relevance per
chunk. Class weights are not applied here, text is not read, and the clock is never asked.
"""

from __future__ import annotations

from engine.rank.graph import Edges, Graph, centrality, edges
from engine.rank.relevance import query_free_value, raise_scopes, recency

__all__ = ["Edges", "Graph", "centrality", "edges", "query_free_value", "raise_scopes", "recency"]
