"""The saved budget at a glance: every pack asks for it, and importing SQLAlchemy would cost it a third of a second.

Reads only a SQLite file at the newest revision. Whatever else it meets is left to ``engine.store.budgets``, which
migrates, and names what is wrong.
"""

from __future__ import annotations

import contextlib
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from engine.store.keys import storable
from engine.store.revisions import SHIPPED, VERSION_TABLE

_BUSY_TIMEOUT_S = 15.0
_BUDGET = """
SELECT tokens FROM budgets JOIN repositories ON repositories.id = budgets.repository_id
WHERE repositories.identity = ? AND budgets.model = ?
"""


@dataclass(frozen=True, slots=True)
class Glance:
    """What a glance saw."""

    tokens: int | None
    """The saved budget; None when there is none."""


def glance_at_budget(path: Path, repository: str, model: str) -> Glance | None:
    """Read a saved budget; None when the file has to be opened properly to know."""
    uri = f"{path.absolute().as_uri()}?mode=rw"
    try:
        with contextlib.closing(sqlite3.connect(uri, uri=True, timeout=_BUSY_TIMEOUT_S, isolation_level=None)) as db:
            db.execute("BEGIN")
            if db.execute(f"SELECT version_num FROM {VERSION_TABLE}").fetchall() != [(SHIPPED.head,)]:  # noqa: S608
                return None
            row = db.execute(_BUDGET, (storable(repository), storable(model))).fetchone()
    except sqlite3.Error:
        return None
    return Glance(row[0] if row else None)
