"""Events as rows and back, from one list of columns: writer, reader and table cannot drift apart."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import MISSING, fields
from decimal import Decimal
from operator import attrgetter
from typing import Any

from engine.budgets.labels import category_name, plain, provider_name
from engine.budgets.trace import Step
from engine.store.keys import storable
from engine.telemetry.event import Event
from engine.telemetry.moments import from_us, to_us
from engine.telemetry.rollup import NANO
from engine.telemetry.words import CeilingSource, Finish

IN_CELL = ("category", "complexity", "provider", "model")
"""Columns of an event that its cell holds; the outcome follows from the event."""
CellKey = tuple[str, str, str, str, str]
"""Category, complexity, provider, model, outcome."""
_RENAMED = {"timestamp": "at_us", "cost_usd": "cost_nanousd"}
_NAMES = tuple(field.name for field in fields(Event) if field.name not in (*IN_CELL, "event_id"))
COLUMNS = tuple(_RENAMED.get(name, name) for name in _NAMES)
"""Columns that a writer fills besides ``cell_id``."""

LONGEST_TEXT = 1_000
"""Characters of a text column; what logs call an id may be anything."""
_LONGEST_NAME = 200
"""Characters of names and keys: an entry of an index has a limit on servers."""
_PLAIN = attrgetter(*_NAMES)
_CELL = attrgetter(*IN_CELL)
_TEXTS = frozenset(field.name for field in fields(Event) if field.type == "str")
_DEFAULTS = {field.name: field.default for field in fields(Event) if field.default is not MISSING}
_KEY = frozenset(("source", "dedupe_key"))
_FLAGS = frozenset(field.name for field in fields(Event) if str(field.type).startswith("bool"))


def _json(values: Sequence[object]) -> str:
    return json.dumps(values, ensure_ascii=True, separators=(",", ":")) if values else ""


def _nano(cost: Decimal | None) -> int | None:
    return None if cost is None else int(cost * NANO)


_ENCODERS: dict[str, Callable[[Any], Any]] = {
    "timestamp": to_us,
    "trace": _json,
    "deliverables": _json,
    "cost_usd": _nano,
    "ceiling_source": attrgetter("value"),
    "finish": attrgetter("value"),
}


def columns_of(events: Sequence[Event], *, whole: bool = False) -> dict[str, list[Any]]:
    """Turn events into columns of the table by name, without ``cell_id``.

    Columns in which every event has the default are left out, unless ``whole``: binding a NULL costs the driver more
    than binding a number, and most logs fill a third of the columns.
    """
    found: dict[str, list[Any]] = {}
    for name, column in zip(_NAMES, zip(*map(_PLAIN, events), strict=True), strict=True):
        if not whole and name in _DEFAULTS and column.count(_DEFAULTS[name]) == len(column):
            continue
        if name in _ENCODERS:
            values = list(map(_ENCODERS[name], column))
        elif name in _TEXTS:
            values = _texts(column, _LONGEST_NAME if name in _KEY else LONGEST_TEXT)
        elif name in _FLAGS:
            values = [None if value is None else bool(value) for value in column]
        else:
            values = list(column)
        found[_RENAMED.get(name, name)] = values
    return found


def written(value: str, longest: int = LONGEST_TEXT) -> str:
    """Write a text of a log so that every database takes it: no surrogates, no NUL, nothing endless.

    A text that is cut ends in a digest of the whole, so that different ones stay different.
    """
    text = storable(value).replace("\0", "\\0")
    if len(text) <= longest:
        return text
    digest = hashlib.blake2b(text.encode(), digest_size=8).hexdigest()
    return f"{text[: longest - len(digest) - 1]}~{digest}"


def _texts(column: Sequence[str], longest: int = LONGEST_TEXT) -> list[str]:
    joined = "".join(column)
    plainly = joined.isascii() and "\0" not in joined and max(map(len, column), default=0) <= longest
    return list(column) if plainly else [written(value, longest) for value in column]


def keys_of(events: Sequence[Event]) -> list[tuple[str, str]]:
    """What each event is known by: its source and its key."""
    sources = _texts([event.source for event in events], _LONGEST_NAME)
    return list(zip(sources, _texts([event.dedupe_key for event in events], _LONGEST_NAME), strict=True))


def cells_of(events: Sequence[Event]) -> list[CellKey]:
    """What the cell of each event is known by: labels normalised, whatever their writers call things."""
    if not events:
        return []
    category, complexity, provider, model = zip(*map(_CELL, events), strict=True)
    outcomes = [event.outcome.value for event in events]
    labels = (map(category_name, category), map(plain, complexity), map(provider_name, provider))
    return list(zip(*labels, _texts(model, _LONGEST_NAME), outcomes, strict=True))


def event_of(row: Any) -> Event:
    """Make an event of a row that has all columns of the table and the parts of its cell."""
    values = row._mapping
    made = {name: values[_RENAMED.get(name, name)] for name in _NAMES}
    made["timestamp"] = from_us(made["timestamp"])
    made["ceiling_source"], made["finish"] = CeilingSource(made["ceiling_source"]), Finish(made["finish"])
    made["trace"] = tuple(Step(*step) for step in json.loads(made["trace"] or "[]"))
    made["deliverables"] = tuple(json.loads(made["deliverables"] or "[]"))
    made["cost_usd"] = None if made["cost_usd"] is None else Decimal(made["cost_usd"]) / NANO
    return Event(event_id=str(values["id"]), **{name: values[name] for name in IN_CELL}, **made)
