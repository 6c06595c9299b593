"""What the search screen asks of the engine, in the engine's thread, and the plain data it gets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.errors import Cancelled, PacksightError
from engine.events import Emit, IsCancelled
from engine.model import Level
from engine.request import PackRequest
from engine.visible import display_path
from tui.state import Place

if TYPE_CHECKING:
    from engine.columns import Columns
    from engine.config import Config
    from engine.live import Live, Settled

INTENTS = ("incident", "symbol", "config", "api", "search")
"""What a query may be after, in the order in which a person goes through them."""
LIMIT = 100
"""Hits that are listed at most; how many match is told beside them."""
MADE_BY = "app"
"""Who makes packs that are recorded here."""


@dataclass(frozen=True, slots=True)
class Signal:
    """A signal of the ranking, as it is shown."""

    name: str
    """As the engine calls it."""
    letter: str
    """One letter that no other signal has."""
    word: str
    about: str
    variable: str
    """Theme variable of its colour, without the dollar sign."""


SIGNALS = (
    Signal("lexical", "w", "words", "words in its text", "class-code"),
    Signal("symbol", "n", "name", "words in its name", "class-tests"),
    Signal("path", "p", "path", "its path, or a change", "class-config"),
    Signal("file", "f", "file", "words of its file", "class-examples"),
    Signal("graph", "g", "graph", "what refers to it", "class-docs"),
    Signal("past", "h", "history", "commits with the words", "class-data"),
    Signal("recent", "r", "recent", "changed lately", "class-vendored"),
    Signal("prior", "b", "base", "without a query", "class-comments"),
)
"""In the order in which a bar has them."""


@dataclass(frozen=True, slots=True)
class HitFacts:
    """One of the ``results`` of ``packsight search --json``."""

    rank: int
    path: str
    start_line: int
    end_line: int
    symbol: str
    kind: str
    chunk_class: str
    score: float
    level: int
    """In the pack of the search."""
    tokens: int
    """At that level."""
    total: int
    """Of this hit and all before it."""
    prices: tuple[int, ...]
    """Tokens at levels 0-4."""
    prices_total: tuple[int, ...]
    """The same for this hit and all before it."""
    why: tuple[float, ...]
    """What each of ``SIGNALS`` adds to the score."""
    place: Place | None
    """Where the chart has it; None where it has not."""

    @property
    def where(self) -> str:
        """``path:lines``."""
        return f"{self.path}:{self.start_line}-{self.end_line}"

    @property
    def shown_level(self) -> int:
        """Level at which it is read: the one it is packed at, and all of it where the pack has no text of it."""
        return self.level if self.level <= Level.OUTLINE else int(Level.FULL)


@dataclass(frozen=True, slots=True)
class EntityFacts:
    """A thing that the query names."""

    kind: str
    name: str
    line: int
    """Of a frame; else 0."""
    inside: str
    """Function of a frame, where it is told."""


@dataclass(frozen=True, slots=True)
class Found:
    """``packsight search --json`` as the screen shows it."""

    intent: str
    confidence: float
    reasons: tuple[str, ...]
    changes: tuple[str, ...]
    """What the intent changes, in words."""
    entities: tuple[EntityFacts, ...]
    hits: tuple[HitFacts, ...]
    matches: int
    """Chunks that match, listed or not."""
    budget_tokens: int
    actual_tokens: int
    """What the pack of the search comes to."""
    diff: Mapping[str, Any] = field(default_factory=dict)
    """The report's ``diff``; empty without a base revision."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """What a person can do something about."""

    words: str


def worded(error: PacksightError) -> str:
    """An error on one line."""
    return error.message + (f"; {error.hint}" if error.hint else "")


def search(live: Live, request: PackRequest, intent: str, emit: Emit, cancelled: IsCancelled) -> Found | Trouble:
    """Search an open repository.

    Raises:
        Cancelled: on request.
    """
    try:
        told = live.search(request, intent, LIMIT, emit, cancelled).as_json()
    except Cancelled:
        raise
    except PacksightError as error:
        return Trouble(worded(error))
    report = told["token_report"]
    places = _places(live.chart.columns, told["results"])
    return Found(
        intent=told["intent"],
        confidence=told["confidence"],
        reasons=tuple(told["intent_reasons"]),
        changes=tuple(told["intent_changes"]),
        entities=tuple(EntityFacts(one["kind"], one["name"], one["line"], one["in"]) for one in told["entities"]),
        hits=tuple(_hit(one, place) for one, place in zip(told["results"], places, strict=True)),
        matches=told["matches"],
        budget_tokens=report["budget"],
        actual_tokens=report["actual"],
        diff=report.get("diff") or {},
    )


def _hit(one: dict[str, Any], place: Place | None) -> HitFacts:
    return HitFacts(
        rank=one["rank"],
        path=one["path"],
        start_line=one["start_line"],
        end_line=one["end_line"],
        symbol=one["symbol"],
        kind=one["kind"],
        chunk_class=one["class"],
        score=one["score"],
        level=one["level"],
        tokens=one["tokens"],
        total=one["total"],
        prices=tuple(one["prices"]),
        prices_total=tuple(one["prices_total"]),
        why=tuple(one["why"].get(signal.name, 0.0) for signal in SIGNALS),
        place=place,
    )


def _places(columns: Columns, results: list[dict[str, Any]]) -> list[Place | None]:
    """Where the chart has hits: their paths are written as people see them, and rows have no other name."""
    wanted = {one["path"] for one in results}
    files = {name: at for at, row in enumerate(columns.files) if (name := display_path(row.path)) in wanted}
    out: list[Place | None] = []
    for one in results:
        file = files.get(one["path"])
        if file is None:
            out.append(None)
            continue
        first, end = np.searchsorted(columns.file, [file, file + 1]).tolist()
        same = (columns.start_line[first:end] == one["start_line"]) & (columns.end_line[first:end] == one["end_line"])
        # A scope and the only thing in it may share their lines: then the price tells them apart.
        priced = same & (columns.tokens[first:end, 0] == one["prices"][0])
        rows = np.flatnonzero(priced if priced.any() else same)
        out.append(Place(file, first + int(rows[0])) if len(rows) else None)
    return out


def record(engine: Any, config: Config, settled: Settled) -> str:
    """Write down a pack that left the app, as the command line does; returns its id, ``""`` where none is kept."""
    request = settled.pack.request
    key: str = engine.record_pack(request, settled.report, config, made_by=MADE_BY)
    if key and settled.packed is not None:
        engine.remember_shown(key, request, settled.packed, config)
    return key


def mark(engine: Any, config: Config, settled: Settled, key: str, what: str, place: str) -> tuple[str, str] | Trouble:
    """Note that a place was of use, or not, for the pack in force; the pack is recorded first where it was not.

    Returns:
        Id of the pack, and what to say.
    """
    try:
        key = key or record(engine, config, settled)
        if not key:
            return Trouble("nothing is recorded here: the setting 'record' says no")
        engine.outcomes(settled.pack.request.scan.path, config).mark(key, [(what, place)])
    except Cancelled:
        raise
    except PacksightError as error:
        return Trouble(worded(error))
    return key, f"{place} marked {what}; profile learn counts it"
