"""An importer: the log of a stove that asks a model how long things take, one JSON object a line."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping

from engine.extending import CeilingSource, Event, Importer, Unusable, by_record, nowhere


def claims(record: Mapping[str, object]) -> bool:
    """Whether a line is the stove's."""
    return record.get("device") == "stove"


def parse(record: Mapping[str, object], memory: dict[str, object]) -> Iterator[Event]:
    """Give the event of a line."""
    tokens, ceiling = record.get("tokens"), record.get("ceiling")
    if not isinstance(tokens, int):
        raise Unusable("tokens is no count")
    yield Event(
        timestamp=datetime.datetime.fromisoformat(str(record["at"])),
        source="stove",
        dedupe_key=str(record["id"]),
        model=str(record.get("model", "")),
        category="docs",
        complexity="low",
        actual_output_tokens=tokens,
        actual_max_tokens=ceiling if isinstance(ceiling, int) else None,
        ceiling_source=CeilingSource.IMPORTED if isinstance(ceiling, int) else CeilingSource.UNKNOWN,
        truncated=False,
    )


STOVE = Importer("stove", "The stove", claims, nowhere, by_record(parse))
