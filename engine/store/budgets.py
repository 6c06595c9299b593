"""The budget that a person set for a repository and a model."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from sqlalchemy import delete, select

from engine.store.database import Database
from engine.store.keys import storable
from engine.store.rows import find_repository, insert, keep_repository, now
from engine.store.tables import budgets, repositories


@dataclass(frozen=True, slots=True)
class SavedBudget:
    """A budget as it is kept."""

    repository: str
    """Identity of the repository."""
    model: str
    """Id of the model."""
    tokens: int
    saved_at: datetime.datetime
    """In UTC."""


def save_budget(database: Database, repository: str, model: str, tokens: int) -> SavedBudget:
    """Keep a budget of ``tokens`` tokens in place of the one before.

    Raises:
        InputError: the database cannot be written.
    """
    with database.write() as connection:
        moment = now()
        values = {"tokens": tokens, "saved_at": moment}
        connection.execute(
            insert(connection, budgets)
            .values(repository_id=keep_repository(connection, repository), model=storable(model), **values)
            .on_conflict_do_update(index_elements=["repository_id", "model"], set_=values)
        )
    return SavedBudget(repository, model, tokens, moment)


def find_budget(database: Database, repository: str, model: str) -> SavedBudget | None:
    """Return the budget that was kept, or None.

    Raises:
        InputError: the database cannot be read.
    """
    with database.read() as connection:
        row = connection.execute(
            select(budgets.c.tokens, budgets.c.saved_at)
            .join(repositories)
            .where(repositories.c.identity == storable(repository), budgets.c.model == storable(model))
        ).one_or_none()
    return None if row is None else SavedBudget(repository, model, row.tokens, row.saved_at)


def clear_budget(database: Database, repository: str, model: str) -> bool:
    """Forget a budget; returns whether there was one.

    Raises:
        InputError: the database cannot be written.
    """
    with database.write() as connection:
        found = find_repository(connection, repository)
        gone = connection.execute(
            delete(budgets).where(budgets.c.repository_id == found, budgets.c.model == storable(model))
        )
    return bool(gone.rowcount)
