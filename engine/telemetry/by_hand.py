"""A call that somebody tells of, with what follows from their words."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping
from typing import Any

from engine.telemetry.event import Event
from engine.telemetry.json_form import event_from_json
from engine.telemetry.words import CeilingSource, Finish

_CUT = (Finish.LENGTH, Finish.CONTEXT)


def event_by_hand(given: Mapping[str, Any]) -> Event:
    """Make an event of keys of its JSON, ``at`` (ISO 8601, by default now) and ``failed``.

    Without ``dedupe_key`` it is a new call. Why it ended says whether it was cut off.

    Raises:
        InputError: a key or value that is none.
    """
    told = {name: value for name, value in given.items() if name not in ("at", "failed", "dedupe_key")}
    values = {
        "timestamp": given.get("at") or datetime.datetime.now(datetime.UTC).isoformat(),
        "source": "packsight",
        "dedupe_key": given.get("dedupe_key") or uuid.uuid4().hex,
        "success": not given.get("failed", False),
        **told,
    }
    if "finish" in told:
        finish = Finish(told["finish"])
        values["truncated"] = finish in _CUT if finish not in (Finish.UNKNOWN, Finish.ERROR) else None
    if "actual_max_tokens" in told:
        values["ceiling_source"] = CeilingSource.SENT.value
    return event_from_json(values)
