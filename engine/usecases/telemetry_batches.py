"""Many events at once: into the database, or into files where they wait for a server that is in trouble."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from engine.errors import InputError
from engine.store.database import open_database
from engine.store.reach import ServerTrouble
from engine.store.telemetry_write import BATCH, Written, write_events
from engine.telemetry.check import impossible
from engine.telemetry.event import Event
from engine.usecases.pack_records import take_packs
from engine.usecases.telemetry_writer import open_recorder, spool_of


def write_or_keep(db_url: str, events: Iterable[Event]) -> tuple[Written, int, str]:
    """Write events, a batch to a transaction.

    A batch of which nobody knows whether the server took it waits too: events are known again by their keys.

    Args:
        db_url: ``""`` is the user's own file.
        events: In any number.

    Returns:
        What the database took, how many events wait, and what is wrong with the server, ``""`` when nothing is.

    Raises:
        InputError: the database of a person cannot be written, or neither server nor disk takes the events.
    """
    coming, spool = iter(events), spool_of(db_url)
    done, waiting, trouble = Written(), 0, ""
    try:
        with open_database(db_url, create=True) as database:
            take_packs(database, db_url)
            if len(spool):
                open_recorder(db_url).catch_up()
            while part := list(islice(coming, BATCH)):
                try:
                    done += write_events(database, part)
                except ServerTrouble:
                    waiting += _keep(db_url, part)
                    raise
    except ServerTrouble as error:
        trouble = error.message
        while part := list(islice(coming, BATCH)):
            waiting += _keep(db_url, part)
    return done, waiting, trouble


def _keep(db_url: str, part: list[Event]) -> int:
    if not spool_of(db_url).put(part):
        raise InputError(f"{len(part):,} calls were not written: neither the server nor the disk takes them")
    return sum(impossible(event) is None for event in part)
