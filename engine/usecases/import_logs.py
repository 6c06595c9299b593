"""Import of what other programs logged into the database, each log from where the last import stopped."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import UsageError
from engine.events import Emit, IsCancelled, Progress
from engine.telemetry.event import Event
from engine.telemetry.importers import (
    BadLine,
    Cursor,
    ImportEvent,
    ImportProgress,
    Totals,
    default_paths,
    import_all,
    importer,
    importers,
)
from engine.usecases.pack_records import take_packs

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from engine.store.database import Database
    from engine.store.telemetry_write import Written

Place = tuple[str, str]


def import_logs(
    url: str,
    paths: Sequence[Path],
    emit: Emit,
    cancelled: IsCancelled,
    *,
    source: str = "",
    again: bool = False,
    watch: Callable[[ImportEvent], None] | None = None,
) -> Totals:
    """Import logs into a database, which is made when there is none.

    Args:
        url: The database; ``""`` is the user's own file.
        paths: Logs and folders; none means where the programs write by default.
        emit: Takes progress in kB.
        cancelled: Whether to stop.
        source: The importer of all ``paths``; ``""`` finds each log's by its content.
        again: Read logs from their start, also those that have not changed.
        watch: Takes everything that the import says, each bad line among it.

    Raises:
        UsageError: no importer is called so, or there are no logs where they are by default.
        InputError: the database cannot be written; whole batches before that are kept.
        Cancelled: on request; what was written is kept.
    """
    from engine.store.database import open_database

    using = importer(source) if source else None
    wanted = list(paths) or _default(source)
    with open_database(url, create=True) as database:
        take_packs(database, url)
        places = {} if again else _places(database)
        kept = dict(places)

        def write(events: Sequence[Event]) -> Written:
            from engine.store.telemetry_write import put_events

            with database.write() as connection:
                done = put_events(connection, events)
                _keep(connection, places, kept)
            return done

        def tell(event: ImportEvent) -> None:
            if watch is not None:
                watch(event)
            if isinstance(event, ImportProgress):
                emit(Progress("import kB", event.done_bytes // 1000, event.total_bytes // 1000, event.done_bytes))

        try:
            return import_all(wanted, write, tell, cancelled, places=places, using=using)
        finally:
            if places != kept:
                with database.write() as connection:
                    _keep(connection, places, kept)


def totals_json(totals: Totals) -> dict[str, object]:
    """What an import did, as the command prints it."""
    return {
        "files": totals.files,
        "unchanged_files": totals.unchanged_files,
        "unknown_files": totals.unknown_files,
        "read_bytes": totals.read_bytes,
        "events": totals.read,
        "added": totals.new,
        "updated": totals.updated,
        "unchanged": totals.unchanged,
        "refused": dict(totals.refused),
        "bad_lines": totals.bad_lines,
        "bad": [_bad_json(bad) for bad in totals.bad],
        "by_source": dict(totals.by_source),
        "elapsed_s": round(totals.elapsed_s, 3),
    }


def _bad_json(bad: BadLine) -> dict[str, object]:
    return {"path": bad.path, "line": bad.line, "reason": bad.reason}


def _default(source: str) -> list[Path]:
    import os

    from engine.telemetry.importers import default_locations

    found = default_locations(os.environ, Path.home()).get(source, ()) if source else default_paths()
    if not found:
        what = source or ", ".join(one.name for one in importers())
        raise UsageError(f"there are no logs in the places of {what}", "name a log or a folder of logs")
    return list(found)


def _places(database: Database) -> dict[Place, Cursor]:
    from engine.store.telemetry_places import read_places

    found = {}
    for one in importers():
        for place, state in read_places(database, one.name).items():
            try:
                found[one.name, place] = Cursor.from_json(json.loads(state))
            except ValueError:
                continue
    return found


def _keep(connection: Connection, places: dict[Place, Cursor], kept: dict[Place, Cursor]) -> None:
    """Keep what changed since the last time: never ahead of the events, because a place is known after its events."""
    from engine.store.telemetry_places import put_places

    changed = {place: cursor for place, cursor in places.items() if kept.get(place) is not cursor}
    by_source: dict[str, dict[str, str]] = {}
    for (source, place), cursor in changed.items():
        by_source.setdefault(source, {})[place] = json.dumps(cursor.to_json())
    for source, states in by_source.items():
        put_places(connection, source, states)
    kept.update(changed)
