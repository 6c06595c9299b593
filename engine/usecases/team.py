"""What a team's server shares, what is here of it, and what waits for it."""

from __future__ import annotations

import contextlib
import datetime
import sqlite3
from typing import Any

from engine.errors import InputError
from engine.store.address import Address, address_of
from engine.store.paths import cache_dir
from engine.usecases.caching import CACHE_FILE
from engine.usecases.outcomes import waiting_outcomes
from engine.usecases.pack_records import waiting_packs
from engine.usecases.telemetry_writer import spool_of


def team_status(db_url: str) -> dict[str, Any]:
    """What ``packsight db status`` says beyond the tables of the database; empty for a file.

    Raises:
        UsageError: ``db_url`` names no database.
    """
    address = address_of(db_url)
    if address.path is not None:
        return {}
    from engine.store.team.copy import last_known

    copy = last_known(address)
    here: dict[str, Any] = {
        "cache": str(cache_dir() / CACHE_FILE),
        "copy": None if copy is None else copy.address.shown,
        "copied_at": None if copy is None else _moment(copy.age_s),
    }
    waiting = {
        "analyses": _waiting_analyses(address),
        "calls": sum(len(events) for _, events, _ in spool_of(db_url).read()),
        "packs": waiting_packs(db_url).count(),
        "outcomes": sum(1 for _ in waiting_outcomes(db_url).read()),
    }
    return {"team": {"shared": _held(address), "here": here, "waiting": waiting}}


def _held(address: Address) -> dict[str, int] | None:
    """What the shared cache holds; None where nobody has made it, or nobody can tell."""
    from engine.store.team import tables
    from engine.store.team.link import Link

    link = Link(address, makes=False)
    try:
        rows = link.ask(tables.HELD, {})
    except InputError:
        return None
    finally:
        link.close()
    return dict(zip(("analyses", "counts", "size_bytes"), rows[0], strict=True))


def _waiting_analyses(address: Address) -> int:
    from engine.store.team.outbox import waiting

    path = cache_dir() / CACHE_FILE
    with contextlib.suppress(sqlite3.Error):
        uri = f"{path.absolute().as_uri()}?mode=ro"
        with contextlib.closing(sqlite3.connect(uri, uri=True, timeout=2)) as db:
            return waiting(db, address)
    return 0


def _moment(age_s: float) -> str:
    made = datetime.datetime.now(datetime.UTC) - datetime.timedelta(seconds=age_s)
    return made.isoformat(timespec="seconds")
