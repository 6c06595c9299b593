"""What chunks are worth for what is asked: one place for packs, live packing and searches."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING

from engine.columns import Floats
from engine.events import Emit, IsCancelled
from engine.usecases.repository import Repository
from engine.usecases.value import relevance

if TYPE_CHECKING:
    from engine.rank import Contributions, Query
    from engine.usecases.query import QueryIndex

_MOST_KEPT = 4
"""Queries whose contributions are at hand: five numbers a chunk each."""
_TELLING = 0.15
"""Share of a chunk's relevance from which on a signal is worth a word."""
_WORDS = {
    "lexical": "its words", "symbol": "its name", "path": "its path", "file": "the words of its file",
    "graph": "what it refers to or is used by", "past": "earlier commits that used the words",
    "recent": "changes made to it lately",
}  # fmt: skip


class Asked:
    """Answers what one repository's chunks are worth; the search index is opened by the first query."""

    def __init__(self, repository: Repository, understand: Callable[[str], Query] | None = None) -> None:
        """Take the repository.

        Args:
            repository: The scanned repository.
            understand: What to look for, given the words of a query; they are taken as they are when None.
        """
        self._repository = repository
        self._understand = understand
        self._opened: list[QueryIndex] = []
        self._known: OrderedDict[str, tuple[Contributions, Floats]] = OrderedDict()

    def understanding(self, understand: Callable[[str], Query]) -> Asked:
        """The same index, for queries that are to be understood in a way of their own."""
        other = Asked(self._repository, understand)
        other._opened = self._opened
        return other

    def relevance(self, query: str, emit: Emit, cancelled: IsCancelled) -> Floats:
        """(n,) relevance of every chunk for a query; an empty one asks for nothing in particular.

        Raises:
            Cancelled: ``cancelled`` said so.
        """
        if not query.strip():
            return relevance(self._repository)
        return self._answer(query, emit, cancelled)[1]

    def reason(self, query: str, chunk: int) -> str:
        """What of a chunk answers the query, in words; ``""`` where nothing does, or nobody asked yet."""
        if query not in self._known:
            return ""
        parts, total = self._known[query]
        whole = float(total[chunk])
        if whole <= 0:
            return ""
        shares = {name: float(getattr(parts, name)[chunk]) / whole for name in _WORDS}
        telling = sorted((name for name in _WORDS if shares[name] >= _TELLING), key=lambda name: -shares[name])
        return ", ".join(f"{_WORDS[name]} {shares[name]:.0%}" for name in telling)

    def explain(self, query: str, emit: Emit, cancelled: IsCancelled) -> Contributions:
        """What each signal adds to the relevance of every chunk.

        Raises:
            Cancelled: ``cancelled`` said so.
        """
        return self._answer(query, emit, cancelled)[0]

    def _answer(self, query: str, emit: Emit, cancelled: IsCancelled) -> tuple[Contributions, Floats]:
        known = self._known.get(query)
        if known is None:
            from engine.usecases.query import QueryIndex

            if not self._opened:
                self._opened.append(QueryIndex.open(self._repository, emit, cancelled))
            parts = self._opened[0].explain(self._understand(query) if self._understand else query)
            known = self._known[query] = parts, parts.total
            if len(self._known) > _MOST_KEPT:
                self._known.popitem(last=False)
        self._known.move_to_end(query)
        return known
