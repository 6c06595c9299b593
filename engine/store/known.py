"""Under which of several names something was saved for a repository."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Sequence

from engine.errors import InputError
from engine.store.address import Address
from engine.store.glance import BUSY_TIMEOUT_S, at_newest_revision
from engine.store.keys import storable
from engine.store.reach import ServerTrouble
from engine.store.team.copy import last_known

_SAVED = """
SELECT identity FROM repositories WHERE identity = ? AND (
EXISTS (SELECT 1 FROM budgets WHERE budgets.repository_id = repositories.id)
OR EXISTS (SELECT 1 FROM profiles WHERE profiles.repository_id = repositories.id))
"""


def first_known(address: Address, identities: Sequence[str]) -> str | None:
    """The first name under which a budget or a profile is saved, or None; a database in trouble knows none.

    Args:
        address: Where the database is; nothing is made.
        identities: What a repository may be known by, the best name first.
    """
    if not identities or not address.exists:
        return None
    if address.path is None:
        try:
            return _asked(address.url, identities)
        except ServerTrouble:
            copy = last_known(address)
            return None if copy is None else first_known(copy.address, identities)
        except InputError:
            return None
    uri = f"{address.path.absolute().as_uri()}?mode=rw"
    # A file that is damaged or of an older program is left to whoever opens it properly, and says what is wrong.
    with (
        contextlib.suppress(sqlite3.Error, UnicodeError),
        contextlib.closing(sqlite3.connect(uri, uri=True, timeout=BUSY_TIMEOUT_S, isolation_level=None)) as database,
    ):
        if at_newest_revision(database):
            return next((one for one in identities if database.execute(_SAVED, (storable(one),)).fetchone()), None)
    return None


def _asked(url: str, identities: Sequence[str]) -> str | None:
    """The same of a server."""
    from sqlalchemy import exists, or_, select

    from engine.store.database import open_database
    from engine.store.tables import budgets, profiles, repositories

    saved = or_(
        exists().where(budgets.c.repository_id == repositories.c.id),
        exists().where(profiles.c.repository_id == repositories.c.id),
    )
    with open_database(url, create=False) as database, database.read() as connection:
        for identity in identities:
            wanted = select(repositories.c.id).where(repositories.c.identity == storable(identity), saved)
            if connection.scalar(wanted) is not None:
                return identity
    return None
