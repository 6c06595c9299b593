"""Importers of plugins: entry points of ``packsight.importers``, named for the program whose logs they read.

An entry point names an ``Importer`` of the same name. It is asked after packsight's own importers whether a log is its
program's. A plugin that fails on a log leaves a bad line; events that it cannot mean are bad lines too.
"""

from __future__ import annotations

import dataclasses
import datetime
import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from engine.plugins import Bad, Plugin, leave_out, sound
from engine.telemetry.event import Event
from engine.telemetry.importers.bad_line import BadLine
from engine.telemetry.importers.importer import Importer
from engine.telemetry.importers.log import Found, Log

GROUP = "packsight.importers"
_MOST_PLACES = 100


@cache
def importers(own: Sequence[str]) -> tuple[Importer, ...]:
    """Importers of plugins, held to what importers promise.

    Args:
        own: Names of packsight's own.
    """

    def check(made: object, plugin: Plugin) -> Importer:
        if plugin.name in own:
            raise Bad(f"packsight has an importer {plugin.name!r} of its own")
        if not isinstance(made, Importer):
            raise Bad(f"{plugin.value} is no Importer")
        if made.name != plugin.name:
            raise Bad(f"its name is {str(made.name)[:40]!r}, its entry point's {plugin.name!r}")
        for part in (made.claims, made.locations, made.events):
            if not callable(part):
                raise Bad("claims, locations and events are functions")
        return _Held(plugin, made).importer()

    return tuple(made for _, made in sound(GROUP, check))


class _Held:
    """An importer whose failures stay with it."""

    def __init__(self, plugin: Plugin, made: Importer) -> None:
        self._plugin = plugin
        self._made = made
        self._broken = False

    def importer(self) -> Importer:
        """The importer that is asked instead."""
        return dataclasses.replace(self._made, claims=self._claims, locations=self._locations, events=self._events)

    def _claims(self, record: Mapping[str, object]) -> bool:
        if self._broken:
            return False
        try:
            return self._made.claims(record) is True
        except Exception as error:
            self._fail(error)
            return False

    def _locations(self, environment: Mapping[str, str], home: Path) -> tuple[Path, ...]:
        if self._broken:
            return ()
        try:
            places = tuple(self._made.locations(environment, home))
            if len(places) > _MOST_PLACES or not all(isinstance(place, Path) for place in places):
                raise Bad("locations gave other than a few paths")
        except Exception as error:
            self._fail(error)
            return ()
        return places

    def _events(self, log: Log) -> Iterator[Found]:
        try:
            for found in self._made.events(log):
                if not isinstance(found, BadLine) and not _is_event_of(found, self._plugin.name):
                    yield log.bad(0, f"plugin {self._plugin.name} gave something that is no event of its own")
                    return
                yield found
            json.dumps(log.cursor.to_json())
        except Exception as error:
            # What the plugin remembers of the log may be what is wrong: the next import reads it from the same place.
            log.cursor = log.since
            yield log.bad(0, f"plugin {self._plugin.name} failed: {type(error).__name__}")

    def _fail(self, error: Exception) -> None:
        self._broken = True
        leave_out(self._plugin, str(error) if isinstance(error, Bad) else type(error).__name__)


def _is_event_of(found: object, source: str) -> bool:
    return (
        isinstance(found, Event)
        and found.source == source
        and isinstance(found.timestamp, datetime.datetime)
        and found.timestamp.tzinfo is not None
        and isinstance(found.dedupe_key, str)
        and found.dedupe_key != ""
    )
