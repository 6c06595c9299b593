"""The recorder of calls over the store of a person: what every provider, importer and command writes through."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from engine.telemetry.event import Event
from engine.telemetry.recorder import Recorder
from engine.telemetry.spool import Spool
from engine.usecases.pack_records import CALLS_FOLDER, spool_folder, take_packs

if TYPE_CHECKING:
    from engine.store.database import Database

_PATIENCE_S = 0.5
"""How long a call waits for another writer before its event is spooled."""


class StoreSink:
    """Writes events to the database, opened when the first one comes."""

    def __init__(self, db_url: str) -> None:
        self._url = db_url
        self._database: Database | None = None

    def write(self, events: Sequence[Event]) -> None:
        """Write events.

        Raises:
            InputError: the database is in use, down or cannot be written.
            UsageError: the URL names no database.
        """
        from engine.store.database import open_database
        from engine.store.telemetry_write import write_events

        try:
            if self._database is None:
                self._database = open_database(self._url, create=True, patience_s=_PATIENCE_S)
                take_packs(self._database, self._url)
            write_events(self._database, events)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the database; the next write opens it again."""
        if self._database is not None:
            self._database.close()
            self._database = None


def open_recorder(db_url: str) -> Recorder:
    """Make the recorder of a database; opens nothing yet.

    Args:
        db_url: ``""`` is the user's own file.

    Raises:
        UsageError: the URL names no database.
    """
    return Recorder(StoreSink(db_url), spool_of(db_url))


def spool_of(db_url: str) -> Spool:
    """The files where calls for a database wait.

    Raises:
        UsageError: the URL names no database.
    """
    return Spool(spool_folder(db_url, CALLS_FOLDER))
