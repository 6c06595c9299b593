"""What ``telemetry export`` writes as JSON lines or CSV: calls of another database, with all that was known of them.

Events keep the source that they had, so that a call which both databases know stays one call.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields

from engine.errors import InputError
from engine.telemetry.event import Event
from engine.telemetry.importers.bad_line import Unusable
from engine.telemetry.importers.by_record import by_record
from engine.telemetry.importers.importer import Importer, nowhere
from engine.telemetry.json_form import DERIVED, event_from_json
from engine.telemetry.tabular import FORMULA
from engine.visible import visible_name

SOURCE = "packsight"
_MARKS = frozenset(("source", "dedupe_key", "ceiling_source", "actual_output_tokens", "outcome"))
_LEFT_OUT = frozenset((*DERIVED, "event_id"))
_TEXTS = frozenset(
    field.name for field in fields(Event) if field.type in ("str", "datetime.datetime", "CeilingSource", "Finish")
)


def parse(record: Mapping[str, object], memory: dict[str, object]) -> Iterator[Event]:
    """Yield the event of a line."""
    # Ids are the other database's; in CSV everything is a text.
    values = {name: value for name, value in record.items() if name not in _LEFT_OUT}
    try:
        if isinstance(values.get("actual_output_tokens"), str) or isinstance(values.get("success"), str):
            values = {name: _of_text(name, value) for name, value in values.items() if value != ""}
        event = event_from_json(values)
    except InputError as error:
        raise Unusable(visible_name(error.message)) from None
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise Unusable(visible_name(f"no event: {error}"[:120])) from None
    if event.timestamp.tzinfo is None:
        raise Unusable("its timestamp has no zone")
    yield event


def claims(record: Mapping[str, object]) -> bool:
    """Whether a record is an event as it is exported."""
    return record.keys() >= _MARKS


IMPORTER = Importer(SOURCE, "packsight", claims, nowhere, by_record(parse))


def _of_text(name: str, value: object) -> object:
    if not isinstance(value, str):
        return value
    if name in _TEXTS:
        return value[1:] if value.startswith("'") and value[1:].startswith(FORMULA) else value
    return json.loads({"True": "true", "False": "false"}.get(value, value))
