"""What a search answers: its intent, ranked hits with prices and reasons, and the pack made of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.pack import Problem, Solution
from engine.rank.intent import Intent
from engine.render.summary import summary_lines


@dataclass(frozen=True, slots=True)
class Hit:
    """A chunk that answers the query."""

    rank: int
    """From 1."""
    path: str
    """On one line, harmless to show."""
    start_line: int
    end_line: int
    symbol: str
    kind: str
    chunk_class: str
    score: float
    """Its value as a share of the best hit's, 0-1."""
    why: Mapping[str, float]
    """What each signal adds to the score; they add up to it."""
    level: int
    """Level that the pack shows it at, 0-6."""
    tokens: int
    """Its tokens at that level; 0 where the pack has no text of it."""
    total: int
    """Tokens of this hit and of all before it, as they are shown."""
    prices: tuple[int, ...]
    """Tokens at levels 0-4."""
    prices_total: tuple[int, ...]
    """The same for this hit and all before it."""

    def as_json(self) -> dict[str, Any]:
        """The hit with the keys of the contract."""
        return {
            "rank": self.rank,
            "path": self.path,
            "start_line": self.start_line,
            "end_line": self.end_line,
            "symbol": self.symbol,
            "kind": self.kind,
            "class": self.chunk_class,
            "score": self.score,
            "level": self.level,
            "tokens": self.tokens,
            "total": self.total,
            "prices": list(self.prices),
            "prices_total": list(self.prices_total),
            "why": dict(self.why),
        }


@dataclass(frozen=True, slots=True)
class Searched:
    """The answer to a query."""

    query: str
    """As it was asked, harmless to show."""
    intent: Intent
    changes: tuple[str, ...]
    """What the intent changed, in words."""
    hits: tuple[Hit, ...]
    """The best first; empty when nothing matches."""
    matches: int
    """Chunks that match, listed or not."""
    text: str
    """The pack; empty when nothing matches."""
    report: dict[str, Any]
    solution: Solution | None = None
    """None when nothing matches."""
    problem: Problem | None = None

    def as_json(self) -> dict[str, Any]:
        """The answer with the keys of the contract."""
        return {
            "query": self.query,
            "intent": self.intent.name,
            "confidence": self.intent.confidence,
            "intent_reasons": list(self.intent.reasons),
            "intent_changes": list(self.changes),
            "entities": self.report["entities"],
            "matches": self.matches,
            "results": [hit.as_json() for hit in self.hits],
            "token_report": self.report,
            "text": self.text,
        }

    def summary_lines(self) -> list[str]:
        """The token report in a few aligned lines for people."""
        return summary_lines(self.report)
