"""Events as JSON and back: what is printed, exported as JSON lines, spooled, and taken by ``telemetry record``."""

from __future__ import annotations

import datetime
import difflib
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from decimal import Decimal, InvalidOperation
from typing import Any

from engine.budgets.trace import Step
from engine.errors import InputError
from engine.telemetry.event import Event
from engine.telemetry.pack_event import PackEvent
from engine.telemetry.words import CeilingSource, Finish

DERIVED = (
    "outcome", "prediction_ratio", "intent_waste", "ceiling_waste", "smape_percent", "underestimated",
    "is_truncated_output",
)  # fmt: skip
"""Keys that follow from the others; ignored when an event is read."""


def event_json(event: Event) -> dict[str, Any]:
    """Write an event; moments in ISO 8601, money as a number, the derived figures beside the columns."""
    found: dict[str, Any] = {name: getattr(event, name) for name in _NAMES}
    found["timestamp"] = event.timestamp.astimezone(datetime.UTC).isoformat(timespec="milliseconds")
    found["ceiling_source"], found["finish"] = event.ceiling_source.value, event.finish.value
    found["trace"] = [step._asdict() for step in event.trace]
    found["deliverables"] = list(event.deliverables)
    found["cost_usd"] = None if event.cost_usd is None else float(event.cost_usd)
    return {**found, "outcome": event.outcome.value, **ratios(event)}


def ratios(event: Event) -> dict[str, Any]:
    """The three wastes of one call and its SMAPE, None where a number is missing or the output is 0."""
    output, predicted, selected = event.actual_output_tokens, event.predicted_output_tokens, event.selected_budget
    limit = event.actual_max_tokens if event.ceiling_source.is_measured else selected
    smape = None
    if output is not None and predicted is not None and output + predicted:
        smape = round(200 * abs(predicted - output) / (predicted + output), 2)
    return {
        "prediction_ratio": _ratio(predicted, output),
        "intent_waste": _ratio(selected, output),
        "ceiling_waste": _ratio(limit, output),
        "smape_percent": smape,
        "underestimated": event.underestimated,
        "is_truncated_output": event.is_truncated_output,
    }


def event_from_json(values: Mapping[str, Any]) -> Event:
    """Read an event; every key but ``timestamp``, ``source`` and ``dedupe_key`` may be left out.

    Raises:
        InputError: a key that there is none of, or a value that is no such thing; names it and the nearest key.
    """
    found: dict[str, Any] = {}
    for name, value in values.items():
        if name in DERIVED:
            continue
        if name not in _READERS:
            near = difflib.get_close_matches(name, _NAMES, 1)
            raise InputError(f"an event has no '{name[:60]}'", f"did you mean {near[0]}?" if near else "")
        if value is None and name in _OPTIONAL:
            continue
        try:
            found[name] = _READERS[name](value)
        except (ValueError, TypeError, KeyError, InvalidOperation, OverflowError) as error:
            raise InputError(f"{name} of an event cannot be {str(value)[:60]!r}", str(error)[:120]) from None
    missing = [name for name in _REQUIRED if name not in found]
    if missing:
        raise InputError(f"an event needs {', '.join(missing)}")
    return Event(**found)


def pack_json(event: PackEvent) -> dict[str, Any]:
    """Write a pack event, in the words that reports use."""
    return {
        "event_id": event.event_id,
        "timestamp": event.timestamp.astimezone(datetime.UTC).isoformat(timespec="milliseconds"),
        "dedupe_key": event.dedupe_key,
        "repository": event.repository,
        "model": event.model,
        "encoding": event.encoding,
        "method": event.method,
        "budget": event.budget_tokens,
        "est_used": event.est_used_tokens,
        "actual": event.actual_tokens,
        "sent": event.sent_tokens,
        "quality": event.quality,
        "profile": event.profile,
        "intent": event.intent,
        "made_by": event.made_by,
        "revision": event.revision,
        "seconds": event.seconds,
        "asked": event.asked_tokens,
    }


def _ratio(above: int | None, below: int | None) -> float | None:
    return None if above is None or not below else round(above / below, 4)


def _moment(value: Any) -> datetime.datetime:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return datetime.datetime.fromtimestamp(value, datetime.UTC)
    return datetime.datetime.fromisoformat(str(value))


def _count(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != int(value):
        raise TypeError("expected a whole number")
    return int(value)


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError("expected a number")
    return float(value)


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError("expected true or false")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("expected a text")
    return value


def _steps(value: Any) -> tuple[Step, ...]:
    return tuple(Step(str(one["rule"]), one["before"], one["after"], str(one["why"])) for one in value)


def _paths(value: Any) -> tuple[str, ...]:
    return tuple(map(_text, value))


def _reader(name: str, kind: str) -> Callable[[Any], Any]:
    special: dict[str, Callable[[Any], Any]] = {
        "timestamp": _moment, "trace": _steps, "deliverables": _paths, "ceiling_source": CeilingSource,
        "finish": Finish, "cost_usd": lambda value: Decimal(str(value)),
    }  # fmt: skip
    by_kind = {"int": _count, "float": _number, "bool": _flag, "str": _text}
    return special.get(name) or by_kind[kind.partition(" ")[0]]


_NAMES = tuple(field.name for field in fields(Event))
_READERS = {field.name: _reader(field.name, str(field.type)) for field in fields(Event)}
_OPTIONAL = frozenset(field.name for field in fields(Event) if str(field.type).endswith("None"))
_REQUIRED = tuple(field.name for field in fields(Event) if field.default is MISSING)
