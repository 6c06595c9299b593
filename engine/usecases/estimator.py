"""The version of the estimator that is in force: what the store holds, with the calls of its trials counted."""

from __future__ import annotations

from engine.budgets import Cell, Limits, Task, Trial, Version, decide
from engine.store.address import address_of
from engine.telemetry.versions import read_body


def version_in_force(db_url: str) -> Version:
    """Return the current version; the tables that ship while there is no database, or none was applied.

    Raises:
        InputError: the database cannot be used.
        UsageError: the URL names no database.
    """
    if not address_of(db_url).exists:
        return Version()
    from engine.store.database import open_database
    from engine.store.estimator_versions import current_version
    from engine.store.telemetry_windows import calls_on_trial

    with open_database(db_url, create=False) as database:
        saved = current_version(database)
        if saved is None:
            return Version()
        body = read_body(saved.body)
        trials = tuple(
            Trial(one.category, one.complexity, one.base_tokens, *calls_on_trial(database, one)) for one in body.trials
        )
    return Version(saved.name, body.learned, trials)


def budget_of(cell: Cell, version: Version) -> int:
    """Intent of a task of a cell that names no deliverables, under a version."""
    found = version.find(cell)
    if found is not None:
        return found[1].budget_tokens
    task = Task(category=cell.category, complexity=cell.complexity if cell.complexity in _LEVELS else "")
    return decide(task, Limits(provider=cell.provider), version).selected_budget


_LEVELS = ("low", "medium", "high")
