"""Upkeep of the database of what a person would miss: look, upgrade, back up. Answers are the commands' JSON."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

from engine.config import REPOSITORY_FILE, Config
from engine.events import Emit, Warned
from engine.store.address import without_password


def database_url(config: Config, emit: Emit) -> str:
    """The database that settings name, ``""`` for the user's own.

    A repository's file has no say: who wrote it could make packsight open files and servers of their choice.
    """
    setting = config.settings["db"]
    if setting.value and Path(setting.origin).name == REPOSITORY_FILE:
        emit(Warned(f"'db' of {setting.origin} is not followed: name a database with --db or PACKSIGHT_DB"))
        return ""
    return str(setting.value)


def shown_url(url: str) -> str:
    """A database URL as it may be shown."""
    return without_password(url) if url else url


@dataclasses.dataclass(frozen=True, slots=True)
class Upkeep:
    """Upkeep of one database."""

    url: str
    """``""`` is the user's own file."""

    def status(self) -> dict[str, Any]:
        """What the database holds; nothing is made or changed. A server that cannot be reached is part of the answer.

        Returns:
            ``DatabaseStatus`` as plain data; for a server also ``team``: what it shares beside the database, what is
            here in its place, and what waits for it.

        Raises:
            InputError: it is in use.
            UsageError: the URL names no database.
        """
        from engine.store.status import database_status
        from engine.usecases.team import team_status

        return {**dataclasses.asdict(database_status(self.url)), **team_status(self.url)}

    def upgrade(self) -> dict[str, Any]:
        """Make the database, or bring it to the newest revision after a backup.

        Raises:
            InputError: it is newer than the program, another program's, damaged, or cannot be written.
            UsageError: the URL names no database.
        """
        from engine.store.database import open_database
        from engine.store.revisions import SHIPPED

        with open_database(self.url, create=True) as database:
            done = database.migrated
            return {
                "database": database.address.shown,
                "before": SHIPPED.head if done is None else done.before,
                "after": SHIPPED.head,
                "backup": None if done is None or done.backup is None else str(done.backup),
            }

    def back_up(self, target: Path | None) -> dict[str, Any]:
        """Copy the database to ``target``, or to a name beside it.

        Raises:
            InputError: there is none, it is a server's or damaged, or the copy cannot be written.
            UsageError: the URL names no database.
        """
        from engine.store.database import back_up

        written = back_up(self.url, target)
        return {"backup": str(written), "size_bytes": written.stat().st_size}
