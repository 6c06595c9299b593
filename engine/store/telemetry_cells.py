"""Cells: what calls are filtered and grouped by, found by their parts and made when they are new."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, select

from engine.budgets.labels import category_name, plain, provider_name
from engine.store.rows import insert
from engine.store.telemetry_rows import CellKey
from engine.store.telemetry_tables import cells
from engine.telemetry.filters import EventFilter
from engine.telemetry.words import Outcome


@dataclass(frozen=True, slots=True)
class CellRow:
    """A cell as it is kept."""

    id: int
    category: str
    complexity: str
    provider: str
    model: str
    outcome: Outcome


def keep_cells(connection: Connection, keys: Iterable[CellKey]) -> Mapping[CellKey, int]:
    """Return the ids of cells; those that are new are made."""
    wanted = set(keys)
    known = _known(connection, wanted)
    new = sorted(wanted - known.keys())
    if new:
        names = ("category", "complexity", "provider", "model", "outcome")
        connection.execute(
            insert(connection, cells).on_conflict_do_nothing(), [dict(zip(names, key, strict=True)) for key in new]
        )
        known = _known(connection, wanted)
    return known


def find_cells(connection: Connection, wanted: EventFilter) -> tuple[CellRow, ...]:
    """Return the cells whose calls a filter may hold for; its times are not looked at."""
    conditions: list[ColumnElement[bool]] = [
        column.in_(values)
        for column, values in (
            (cells.c.category, list(map(category_name, wanted.categories))),
            (cells.c.complexity, list(map(plain, wanted.complexities))),
            (cells.c.provider, list(map(provider_name, wanted.providers))),
            (cells.c.model, wanted.models),
            (cells.c.outcome, [outcome.value for outcome in wanted.outcomes]),
        )
        if values
    ]
    rows = connection.execute(select(cells).where(*conditions).order_by(cells.c.id))
    return tuple(
        CellRow(row.id, row.category, row.complexity, row.provider, row.model, Outcome(row.outcome)) for row in rows
    )


def _known(connection: Connection, wanted: set[CellKey]) -> dict[CellKey, int]:
    models = sorted({key[3] for key in wanted})
    found: dict[CellKey, int] = {}
    for start in range(0, len(models), 500):
        rows = connection.execute(select(cells).where(cells.c.model.in_(models[start : start + 500])))
        found.update({(row.category, row.complexity, row.provider, row.model, row.outcome): row.id for row in rows})
    return {key: found[key] for key in wanted & found.keys()}
