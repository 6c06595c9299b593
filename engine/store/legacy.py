"""Calls of an earlier orchestrator's telemetry table, taken over with every doubt about their ceilings kept.

Its events had ``selected_budget`` long before ``actual_max_tokens``. A later script of that program added the column
and filled it from ``selected_budget`` without leaving a mark, so an equal number there may be measured or made up. Its
own tables are read, never changed.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from sqlalchemy import Connection, MetaData, Table, select

from engine.budgets.labels import category_name, plain
from engine.store.revisions import LEGACY_TABLE
from engine.store.telemetry_write import BATCH, Written, put_events
from engine.telemetry.event import LONGEST_DELIVERABLE, MOST_DELIVERABLES, Event
from engine.telemetry.moments import EPOCH
from engine.telemetry.words import CeilingSource, Finish

SOURCE = "token-estimation-v2"
"""How events that were taken over are named."""
_FINISH = {
    "max_tokens": Finish.LENGTH,
    "length": Finish.LENGTH,
    "end_turn": Finish.STOP,
    "stop": Finish.STOP,
    "stop_sequence": Finish.STOP,
    "tool_use": Finish.TOOL_USE,
    "refusal": Finish.REFUSAL,
}
_PROVIDERS = {"claude": "anthropic", "gpt": "openai", "o1": "openai", "o3": "openai", "gemini": "gemini"}


def take_over(connection: Connection) -> Written:
    """Copy the calls of the older table; those that are there already stay as they are.

    Rows that cannot be true are refused and counted, as everywhere.
    """
    old = Table(LEGACY_TABLE, MetaData(), autoload_with=connection)
    done = Written()
    # All types as they are stored: the columns were made by several programs, and say little about what is inside.
    rows = connection.exec_driver_sql(str(select(old).compile(dialect=connection.dialect)))
    made = (event_of_legacy(row, number) for number, row in enumerate(_mappings(rows)))
    while part := list(islice(made, BATCH)):
        done += put_events(connection, part)
    return done


def event_of_legacy(row: Mapping[str, Any], number: int) -> Event:
    """Make an event of a row of the older table, whatever columns it has."""
    selected, ceiling = _count(row.get("selected_budget")), _count(row.get("actual_max_tokens"))
    source = CeilingSource.UNKNOWN
    if ceiling is None and selected:
        ceiling, source = selected, CeilingSource.BACKFILL
    elif ceiling is not None and ceiling != selected:
        source = CeilingSource.SENT
    finish = _FINISH.get(str(row.get("stop_reason") or "").lower(), Finish.UNKNOWN)
    cut = bool(row.get("truncated")) or bool(row.get("is_truncated_output")) or finish is Finish.LENGTH
    output = _count(row.get("actual_output_tokens"))
    paths = _paths(row.get("deliverables_json"))
    model = str(row.get("model") or "")
    return Event(
        timestamp=_moment(row.get("timestamp")) or _moment(row.get("created_at")) or EPOCH,
        source=SOURCE,
        dedupe_key=str(row.get("event_id") or row.get("id") or f"row {number}"),
        provider=next((name for prefix, name in _PROVIDERS.items() if model.lower().startswith(prefix)), ""),
        model=model,
        category=category_name(str(row.get("category") or "")),
        complexity=plain(str(row.get("complexity") or "")),
        predicted_output_tokens=_count(row.get("predicted_output_tokens")),
        selected_budget=selected,
        actual_max_tokens=ceiling,
        ceiling_source=source,
        actual_output_tokens=output,
        success=bool(row.get("success", True)),
        truncated=cut,
        complete=output is not None,
        finish=finish,
        stop_reason=str(row.get("stop_reason") or ""),
        estimator_version=SOURCE,
        deliverable_count=max(_count(row.get("deliverable_count")) or 0, len(paths)),
        deliverables=paths,
        api_reference_required=_flag(row.get("api_reference_required")),
        examples_required=_flag(row.get("examples_required")),
        research_required=_flag(row.get("research_required")),
        usage_guide_required=_flag(row.get("usage_guide_required")),
        context_quality=str(row.get("context_quality") or ""),
        is_sot_file=_flag(row.get("is_sot_file")),
        sot_file_name=str(row.get("sot_file_name") or ""),
        sot_entry_count_hint=_count(row.get("sot_entry_count_hint")),
        run_id=str(row.get("run_id") or ""),
        phase_id=str(row.get("phase_id") or ""),
    )


def _mappings(rows: Any) -> Iterator[Mapping[str, Any]]:
    for row in rows:
        yield row._mapping


def _count(value: object) -> int | None:
    return int(value) if isinstance(value, int | float) else None


def _flag(value: object) -> bool | None:
    return None if value is None else bool(value)


def _moment(value: object) -> datetime.datetime | None:
    if isinstance(value, str):
        try:
            value = datetime.datetime.fromisoformat(value)
        except ValueError:
            return None
    if not isinstance(value, datetime.datetime):
        return None
    return value if value.tzinfo else value.replace(tzinfo=datetime.UTC)


def _paths(value: object) -> tuple[str, ...]:
    try:
        found = json.loads(value) if isinstance(value, str | bytes) else value
    except ValueError:
        return ()
    if not isinstance(found, list):
        return ()
    return tuple(str(path)[:LONGEST_DELIVERABLE] for path in found[:MOST_DELIVERABLES])
