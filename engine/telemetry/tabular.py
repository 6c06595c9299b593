"""Events as CSV: one row each, the same columns always, lists and traces as JSON inside a field."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from engine.telemetry.event import Event
from engine.telemetry.json_form import event_json

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""Beginnings of a text that a spreadsheet would run; such a text gets an apostrophe in front."""


def csv_line(values: list[Any]) -> str:
    """Write one row."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(values)
    return text.getvalue()


def csv_head(event: Event) -> list[str]:
    """Names of the columns."""
    return list(event_json(event))


def csv_row(event: Event) -> list[Any]:
    """Values of the columns; what is not known is empty."""
    return [_field(value) for value in event_json(event).values()]


def _field(value: Any) -> Any:
    if isinstance(value, list):
        return json.dumps(value) if value else ""
    if isinstance(value, str):
        # A spreadsheet would run it; names of models and files come from strangers.
        value = value.encode("utf-8", "backslashreplace").decode("utf-8").replace("\0", "\\0")
        return f"'{value}" if value.startswith(FORMULA) else value
    return "" if value is None else value
