"""Reading of logs in which a record stands for itself: what most importers are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from engine.telemetry.event import Event
from engine.telemetry.importers.bad_line import BadLine, Unusable
from engine.telemetry.importers.log import Found, Log, Read
from engine.telemetry.importers.records import records

Parse = Callable[[Mapping[str, object], dict[str, object]], Iterable[Event]]
"""Makes the events of a record, none for one that describes no call; raises ``Unusable`` when it should and cannot.

The second argument is the importer's memory of the log, kept from one import to the next.
"""


def by_record(parse: Parse, rest: Callable[[dict[str, object]], Iterable[Event]] | None = None) -> Read:
    """Return a function that reads a log with ``parse``, record by record.

    Args:
        parse: Makes events of a record.
        rest: Makes events of what is still in the memory at the end of the log.
    """

    def read(log: Log) -> Iterator[Found]:
        with open(log.path, "rb") as stream:
            for record in records(log, stream):
                if isinstance(record, BadLine):
                    yield record
                    continue
                try:
                    yield from parse(record.value, log.state)
                except Unusable as problem:
                    yield log.bad(record.line, str(problem))
            try:
                yield from rest(log.state) if rest is not None else ()
            except Unusable as problem:
                yield log.bad(log.resume[1], str(problem))
            log.finish(stream)

    return read
