"""Saved budget and profile at a glance: every pack asks, and importing SQLAlchemy would cost it a third of a second.

Reads only a SQLite file at the newest revision. Whatever else it meets is left to ``engine.store.budgets`` and
``engine.store.profiles``, which migrate, and name what is wrong.
"""

from __future__ import annotations

import contextlib
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.store.keys import storable
from engine.store.revisions import SHIPPED, VERSION_TABLE

BUSY_TIMEOUT_S = 15.0
"""How long a glance waits for a writer."""
_BUDGET = """
SELECT tokens FROM budgets JOIN repositories ON repositories.id = budgets.repository_id
WHERE repositories.identity = ? AND budgets.model = ?
"""
_PROFILE = """
SELECT profiles.name, profile_versions.version, profile_versions.body FROM profiles
JOIN repositories ON repositories.id = profiles.repository_id
JOIN profile_versions ON profile_versions.profile_id = profiles.id
WHERE repositories.identity = ? AND profiles.model = ? AND (profiles.name = ? OR (? IS NULL AND profiles.active))
ORDER BY profile_versions.version DESC LIMIT 1
"""
_VERSION = """
SELECT estimator_versions.body FROM estimator_versions
WHERE name = (SELECT version FROM estimator_moves ORDER BY number DESC LIMIT 1)
"""


@dataclass(frozen=True, slots=True)
class Glance:
    """What a glance saw."""

    tokens: int | None
    """The saved budget; None when there is none."""


@dataclass(frozen=True, slots=True)
class SeenProfile:
    """The newest version of a profile."""

    name: str
    version: int
    body: str


@dataclass(frozen=True, slots=True)
class ProfileGlance:
    """What a glance saw."""

    profile: SeenProfile | None
    """None when there is none."""


def glance_at_budget(path: Path, repository: str, model: str) -> Glance | None:
    """Read a saved budget; None when the file has to be opened properly to know."""
    seen = _look(path, _BUDGET, (storable(repository), storable(model)))
    return None if seen is None else Glance(seen[0] if seen else None)


def glance_at_profile(path: Path, repository: str, model: str, name: str | None) -> ProfileGlance | None:
    """Read a profile by name, or the active one; None when the file has to be opened properly to know."""
    seen = _look(path, _PROFILE, (storable(repository), storable(model), name, name))
    return None if seen is None else ProfileGlance(SeenProfile(*seen) if seen else None)


def glance_at_version(path: Path) -> str:
    """Read the estimator version in force; ``""`` while it is what ships, and where the file has to be opened properly.

    A file that an earlier program wrote holds nothing that is of use before it is migrated.
    """
    seen = _look(path, _VERSION, ())
    return str(seen[0]) if seen else ""


def at_newest_revision(database: sqlite3.Connection) -> bool:
    """Whether its tables are the ones that this program knows."""
    rows = database.execute(f"SELECT version_num FROM {VERSION_TABLE}").fetchall()  # noqa: S608
    return rows == [(SHIPPED.head,)]


def _look(path: Path, query: str, values: tuple[str | None, ...]) -> tuple[Any, ...] | None:
    """The first row, ``()`` when there is none, None when the file has to be opened properly."""
    uri = f"{path.absolute().as_uri()}?mode=rw"
    try:
        with contextlib.closing(sqlite3.connect(uri, uri=True, timeout=BUSY_TIMEOUT_S, isolation_level=None)) as db:
            db.execute("BEGIN")
            if not at_newest_revision(db):
                return None
            return db.execute(query, values).fetchone() or ()
    except (sqlite3.Error, UnicodeError):
        return None
