"""Taking over what was saved for a repository under an earlier name; the earlier one keeps it too."""

from __future__ import annotations

from sqlalchemy import Connection, select

from engine.store.database import Database
from engine.store.rows import find_repository, insert, keep_repository
from engine.store.tables import budgets, profile_versions, profiles


def adopt(database: Database, earlier: str, best: str) -> None:
    """Copy budgets and profiles with their versions to a better name, unless something is saved under that already.

    Args:
        database: An open database.
        earlier: Identity that they are saved under.
        best: Identity that the repository has now.

    Raises:
        InputError: the database cannot be written.
    """
    with database.write() as connection:
        old = find_repository(connection, earlier)
        if old is None or earlier == best:
            return
        new = keep_repository(connection, best)
        if _holds(connection, new):
            return
        for row in connection.execute(select(budgets).where(budgets.c.repository_id == old)).mappings().all():
            connection.execute(insert(connection, budgets).values({**row, "repository_id": new}))
        for row in connection.execute(select(profiles).where(profiles.c.repository_id == old)).mappings().all():
            values = {**row, "repository_id": new}
            before = values.pop("id")
            connection.execute(insert(connection, profiles).values(values))
            of = profiles.c.repository_id == new, profiles.c.model == row["model"], profiles.c.name == row["name"]
            number = connection.scalar(select(profiles.c.id).where(*of))
            bodies = select(profile_versions).where(profile_versions.c.profile_id == before)
            for version in connection.execute(bodies).mappings().all():
                connection.execute(insert(connection, profile_versions).values({**version, "profile_id": number}))


def _holds(connection: Connection, repository_id: int) -> bool:
    tables = (budgets, profiles)
    return any(
        connection.execute(select(table).where(table.c.repository_id == repository_id).limit(1)).first()
        for table in tables
    )
