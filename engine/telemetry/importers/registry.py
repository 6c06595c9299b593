"""Which importers there are, and which of them a file belongs to: by what is in it, never by its name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path

from engine.errors import UsageError
from engine.plugins import installed
from engine.telemetry.importers import (
    claude_code,
    codex,
    gemini_sessions,
    gemini_telemetry,
    langfuse,
    litellm,
    llm_db,
    otlp,
    own_export,
    phoenix,
)
from engine.telemetry.importers.bad_line import BadLine
from engine.telemetry.importers.cursor import Cursor, is_regular
from engine.telemetry.importers.importer import Importer
from engine.telemetry.importers.log import Log
from engine.telemetry.importers.records import Holding, holding, records

IMPORTERS: tuple[Importer, ...] = (
    claude_code.IMPORTER,
    codex.IMPORTER,
    gemini_sessions.IMPORTER,
    gemini_telemetry.IMPORTER,
    litellm.IMPORTER,
    langfuse.IMPORTER,
    phoenix.IMPORTER,
    otlp.IMPORTER,
    llm_db.IMPORTER,
    own_export.IMPORTER,
)
"""In the order they are asked: a format that others are written in comes after them."""
_NAMES = tuple(one.name for one in IMPORTERS)
_RECORDS_SEEN = 40
_BYTES_SEEN = 4 << 20


def importers() -> tuple[Importer, ...]:
    """Return all importers: packsight's own, then those of plugins."""
    if not installed("packsight.importers"):
        return IMPORTERS
    from engine.telemetry.importers import plugged

    return (*IMPORTERS, *plugged.importers(_NAMES))


def importer(name: str) -> Importer:
    """Return an importer by its name.

    Raises:
        UsageError: there is none of that name.
    """
    found = next((one for one in importers() if one.name == name), None)
    if found is None:
        names = ", ".join(one.name for one in importers())
        raise UsageError(f"no importer is called {name}", f"one of: {names}")
    return found


def detect(path: Path) -> Importer | None:
    """Return the importer that a file belongs to, by its first records; None for a file of nobody's."""
    if not is_regular(path):
        return None
    try:
        with open(path, "rb") as stream:
            if holding(stream) is Holding.DATABASE:
                return llm_db.IMPORTER if llm_db.is_llm(path) else None
            for record in _first_records(path):
                found = next((one for one in importers() if one.claims(record)), None)
                if found is not None:
                    return found
    except OSError:
        return None
    return None


def default_locations(environment: Mapping[str, str], home: Path) -> dict[str, tuple[Path, ...]]:
    """Return the files and folders that exist where each program writes by default, by importer."""
    found = {
        one.name: tuple(place for place in one.locations(environment, home) if _exists(place)) for one in importers()
    }
    return {name: places for name, places in found.items() if places}


def _first_records(path: Path) -> Iterator[Mapping[str, object]]:
    log = Log(path, Cursor())
    with open(path, "rb") as stream:
        for record in islice(records(log, stream), _RECORDS_SEEN):
            if not isinstance(record, BadLine):
                yield record.value
            if log.done_bytes > _BYTES_SEEN:
                return


def _exists(place: Path) -> bool:
    try:
        return place.exists()
    except OSError:
        return False
