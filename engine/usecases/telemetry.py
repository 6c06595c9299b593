"""Recorded calls: record, list, show, report, export. Answers are the commands' JSON."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from engine.errors import Cancelled, UsageError
from engine.events import Emit, IsCancelled, Progress, Warned
from engine.store.address import address_of
from engine.telemetry.event import Event
from engine.telemetry.filters import EventFilter
from engine.telemetry.json_form import event_json, pack_json
from engine.telemetry.pack_event import PackEvent
from engine.telemetry.periods import Period, first_day
from engine.usecases.pack_records import take_packs, waiting_packs
from engine.usecases.telemetry_writer import open_recorder, spool_of

if TYPE_CHECKING:
    from engine.store.database import Database
    from engine.store.telemetry_read import Page
    from engine.telemetry.recorder import Recorder

FORMATS = ("jsonl", "csv", "otlp")
_SPANS = 200
"""Spans of a line of OTLP."""


@dataclass(frozen=True, slots=True)
class Telemetry:
    """The recorded calls of one database."""

    url: str
    """``""`` is the user's own file."""
    emit: Emit
    cancelled: IsCancelled

    def recorder(self) -> Recorder:
        """The writer that never breaks a call; what every provider writes through."""
        return open_recorder(self.url)

    def record(self, events: Iterable[Event]) -> dict[str, Any]:
        """Write events now, or keep them in a file while a server is in trouble; say what became of them.

        Returns:
            Numbers of events ``added``, ``updated``, ``unchanged`` and ``refused`` by reason; and, when a server is in
            trouble, how many are ``waiting`` for it.

        Raises:
            InputError: the file of the database cannot be written, or the disk takes nothing; whole batches before
                that are kept.
        """
        from engine.usecases.telemetry_batches import write_or_keep

        done, waiting, trouble = write_or_keep(self.url, events)
        if trouble:
            self.emit(Warned(f"{trouble}; calls wait here and are written when it is back"))
        counts = {"added": done.added, "updated": done.updated, "unchanged": done.unchanged}
        return {**counts, "refused": dict(done.refused), **({"waiting": waiting} if trouble else {})}

    def record_packs(self, packs: Iterable[PackEvent]) -> int:
        """Write packs; returns how many were possible.

        Raises:
            InputError: the database cannot be written.
        """
        from engine.store.database import open_database
        from engine.store.telemetry_packs import write_packs

        with open_database(self.url, create=True) as database:
            return write_packs(database, packs)

    def page(self, wanted: EventFilter, limit: int = 100, offset: int = 0) -> Page:
        """A page of events, newest first, and how many there are in all.

        Raises:
            InputError: the database cannot be read.
        """
        from engine.store.telemetry_read import Page, list_events

        database = self._open()
        if database is None:
            return Page(0, offset, ())
        with database:
            return list_events(database, wanted, limit, offset)

    def events(self, wanted: EventFilter, limit: int = 100, offset: int = 0) -> dict[str, Any]:
        """The same as JSON.

        Raises:
            InputError: the database cannot be read.
        """
        return page_json(self.page(wanted, limit, offset))

    def spread_events(self, wanted: EventFilter, number: int) -> dict[str, Any]:
        """``spread`` as JSON.

        Raises:
            InputError: the database cannot be read.
        """
        return page_json(self.spread(wanted, number))

    def show(self, event_id: str) -> dict[str, Any]:
        """One event as JSON.

        Raises:
            InputError: there is none of this id, or the database cannot be read.
        """
        from engine.store.database import open_database
        from engine.store.telemetry_read import get_event

        with open_database(self.url, create=False) as database:
            return event_json(get_event(database, event_id))

    def report(self, wanted: EventFilter) -> dict[str, Any]:
        """Truncation and waste by category, complexity, provider and model, and of all together.

        Raises:
            InputError: the database cannot be read.
        """
        from engine.telemetry.report import full_report, group_report
        from engine.telemetry.rollup import Tally, nothing
        from engine.telemetry.words import Outcome

        database = self._open()
        if database is None:
            return {"groups": [], "total": full_report({}), "refused": []}
        from engine.store.telemetry_figures import figures
        from engine.store.telemetry_refusals import refused_rows

        with database:
            found = figures(
                database,
                wanted,
                lambda day, cell: ((cell.category, cell.complexity, cell.provider, cell.model), cell.outcome),
            )
            refused = refused_rows(database)
        groups: dict[tuple[str, str, str, str], Tally] = {}
        for (name, _), tally in found.items():
            groups[name] = groups.get(name, nothing()) + tally
        cut = {name: tally for (name, outcome), tally in found.items() if outcome is Outcome.TRUNCATED}
        by_outcome: dict[Outcome, Tally] = {}
        for (_, outcome), tally in found.items():
            by_outcome[outcome] = by_outcome.get(outcome, nothing()) + tally
        names = ("category", "complexity", "provider", "model")
        order = sorted(groups, key=lambda name: (-groups[name].sum_of("n"), name))
        return {
            "groups": [
                {**dict(zip(names, name, strict=True)), **group_report(groups[name], cut.get(name, nothing()))}
                for name in order
            ],
            "total": full_report(by_outcome),
            "refused": [
                {"source": source, "reason": reason, "rows": rows} for (source, reason), rows in refused.items()
            ],
        }

    def daily(self, wanted: EventFilter) -> list[dict[str, Any]]:
        """Figures by day; the same as ``periods``.

        Raises:
            InputError: the database cannot be read.
        """
        return self.periods(wanted, Period.DAY)

    def periods(self, wanted: EventFilter, period: Period) -> list[dict[str, Any]]:
        """Calls, tokens, cost and truncation by day, week or month (UTC), oldest first; empty ones are left out.

        Each is called by its first day, under the name of the period.

        Raises:
            InputError: the database cannot be read.
        """
        from engine.telemetry.moments import day_start
        from engine.telemetry.report import group_report
        from engine.telemetry.rollup import nothing
        from engine.telemetry.words import Outcome

        database = self._open()
        if database is None:
            return []
        from engine.store.telemetry_figures import figures

        with database:
            found = figures(
                database, wanted, lambda day, cell: (first_day(day, period), cell.outcome is Outcome.TRUNCATED)
            )
        told = []
        for day in sorted({day for day, _ in found}):
            cut = found.get((day, True), nothing())
            whole = cut + found.get((day, False), nothing())
            told.append({period.value: day_start(day).date().isoformat(), **group_report(whole, cut)})
        return told

    def spread(self, wanted: EventFilter, number: int) -> Page:
        """At most ``number`` events, newest first, evenly over the time of all of them, and how many there are in all.

        Raises:
            InputError: the database cannot be read.
        """
        from engine.store.telemetry_read import Page, list_events

        database = self._open()
        if database is None:
            return Page(0, 0, ())
        from engine.store.telemetry_spread import spread_events

        with database:
            return Page(list_events(database, wanted, 0).total, 0, spread_events(database, wanted, number))

    def packs(self, limit: int = 100, offset: int = 0) -> dict[str, Any]:
        """Packs that were made, newest first, and how far their counts were from what was sent.

        Raises:
            InputError: the database cannot be read.
        """
        database = self._open()
        if database is None:
            return {"total": 0, "packs": [], "errors": []}
        from engine.store.telemetry_input import input_errors
        from engine.store.telemetry_packs import list_packs

        with database:
            total, found = list_packs(database, limit, offset)
            errors = [asdict(one) for one in input_errors(database)]
        return {"total": total, "packs": [pack_json(pack) for pack in found], "errors": errors}

    def export(self, wanted: EventFilter, format_name: str) -> Iterator[str]:
        """Write events oldest first, line by line, without holding them all.

        Raises:
            UsageError: there is no such format.
            InputError: the database cannot be read.
            Cancelled: on request.
        """
        if format_name not in FORMATS:
            raise UsageError(f"there is no format '{format_name[:40]}'", f"formats: {', '.join(FORMATS)}")
        database = self._open()
        if database is None:
            return
        from engine.store.telemetry_read import each_event

        with database:
            yield from _written(self._counted(each_event(database, wanted)), format_name)

    def send(self, endpoint: str, *, timeout_s: float = 10.0) -> dict[str, Any]:
        """Send what a collector does not have; arguments, errors and JSON values are those of ``send_to``."""
        from engine.usecases.telemetry_send import send_to

        return send_to(endpoint, timeout_s, self._open, self.emit, self.cancelled)

    def _counted(self, events: Iterator[Event]) -> Iterator[Event]:
        for number, event in enumerate(events, 1):
            if number % 1000 == 0:
                self.emit(Progress("export", number, 0))
                if self.cancelled():
                    raise Cancelled("interrupted")
            yield event

    def _open(self) -> Database | None:
        """The database with what waited in files, None while nothing was ever recorded."""
        if len(spool_of(self.url)):
            self.recorder().catch_up()
        is_waited_for = bool(waiting_packs(self.url))
        if not is_waited_for and not address_of(self.url).exists:
            return None
        from engine.store.database import open_database

        database = open_database(self.url, create=is_waited_for)
        take_packs(database, self.url)
        return database


def page_json(page: Page) -> dict[str, Any]:
    """Write a page."""
    return {"total": page.total, "offset": page.offset, "events": [event_json(event) for event in page.events]}


def _written(events: Iterator[Event], format_name: str) -> Iterator[str]:
    if format_name == "jsonl":
        for event in events:
            yield json.dumps(event_json(event), separators=(",", ":")) + "\n"
    elif format_name == "otlp":
        from engine import __version__
        from engine.telemetry.otlp import otlp_line

        while part := list(islice(events, _SPANS)):
            yield otlp_line(part, __version__) + "\n"
    else:
        from engine.telemetry.tabular import csv_head, csv_line, csv_row

        blank = Event(timestamp=datetime.datetime.now(datetime.UTC), source="", dedupe_key="")
        yield csv_line(csv_head(blank))
        for event in events:
            yield csv_line(csv_row(event))
