"""Packs written down when they are made, and taken over by whoever opens the database next."""

from __future__ import annotations

import contextlib
import hashlib
from typing import TYPE_CHECKING

from engine.errors import PacksightError
from engine.store.address import address_of
from engine.store.paths import data_dir
from engine.telemetry.pack_spool import PackSpool

if TYPE_CHECKING:
    from pathlib import Path

    from engine.store.database import Database

CALLS_FOLDER = "telemetry-spool"
PACKS_FOLDER = "telemetry-packs"


def spool_folder(db_url: str, kind: str) -> Path:
    """Where what a database has to take over waits.

    Args:
        db_url: ``""`` is the user's own file.
        kind: ``CALLS_FOLDER`` or ``PACKS_FOLDER``.

    Raises:
        UsageError: the URL names no database.
    """
    address = address_of(db_url)
    # Without the password, so that what waits is found again when the password has changed.
    name = str(address.path.absolute()) if address.path is not None else address.shown
    return data_dir() / kind / hashlib.blake2b(name.encode("utf-8", "replace"), digest_size=8).hexdigest()


def waiting_packs(db_url: str) -> PackSpool:
    """The packs that wait for a database.

    Raises:
        UsageError: the URL names no database.
    """
    return PackSpool(spool_folder(db_url, PACKS_FOLDER))


def take_packs(database: Database, db_url: str) -> int:
    """Write the packs that wait, and return how many that were; a database that takes none leaves them waiting."""
    from engine.store.telemetry_packs import write_packs

    spool, taken = waiting_packs(db_url), 0
    if not spool:
        return 0
    with contextlib.suppress(PacksightError):
        for path, packs in spool.take():
            taken += write_packs(database, packs)
            spool.remove(path)
    return taken
