"""The revisions of the schema that this program knows, as constants, so that comparing needs no Alembic."""

from __future__ import annotations

from dataclasses import dataclass

VERSION_TABLE = "packsight_version"
"""Table with the revision of a database. Not Alembic's usual name: a team's server may hold other programs' tables."""


LEGACY_TABLE = "token_estimation_v2_events"
"""Table of calls that an earlier orchestrator recorded; a database that holds it is taken over, not refused."""


@dataclass(frozen=True, slots=True)
class Revisions:
    """A line of revisions and where their files are."""

    ids: tuple[str, ...]
    """Revision ids, oldest first."""
    location: str
    """Alembic's script location, ``package:folder`` or a path."""

    @property
    def head(self) -> str:
        """The newest revision."""
        return self.ids[-1]


SHIPPED = Revisions(("0001", "0002", "0003", "0004"), "engine.store:migrations")
"""What this program writes and reads."""
