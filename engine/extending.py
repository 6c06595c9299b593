"""What authors of plugins import: one stable place for the words of every extension point. See ``docs/extending.md``.

In: nothing of anybody's. Out: the classes that an entry point's object is made of. Nothing but names is here, and those
are kept: a release that changed what one means would change the first number of the version.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from engine.chunk.plugged import Cut, LanguagePlugin
from engine.chunk.spans import Role, Span, Trait
from engine.levels.plugged import LevelChunk, LevelsPlugin
from engine.model import ChunkClass, Method

if TYPE_CHECKING:
    from engine.render.document import Document, FileSection, Part
    from engine.render.plugged import FormatPlugin
    from engine.telemetry.event import Event
    from engine.telemetry.importers.bad_line import BadLine, Unusable
    from engine.telemetry.importers.by_record import by_record
    from engine.telemetry.importers.importer import Importer, nowhere
    from engine.telemetry.words import CeilingSource, Finish

__all__ = [
    "BadLine",
    "CeilingSource",
    "ChunkClass",
    "Cut",
    "Document",
    "Event",
    "FileSection",
    "Finish",
    "FormatPlugin",
    "Importer",
    "LanguagePlugin",
    "LevelChunk",
    "LevelsPlugin",
    "Method",
    "Part",
    "Role",
    "Span",
    "Trait",
    "Unusable",
    "by_record",
    "nowhere",
]

_HOMES = {
    "BadLine": "engine.telemetry.importers.bad_line",
    "CeilingSource": "engine.telemetry.words",
    "Document": "engine.render.document",
    "Event": "engine.telemetry.event",
    "FileSection": "engine.render.document",
    "Finish": "engine.telemetry.words",
    "FormatPlugin": "engine.render.plugged",
    "Importer": "engine.telemetry.importers.importer",
    "Part": "engine.render.document",
    "Unusable": "engine.telemetry.importers.bad_line",
    "by_record": "engine.telemetry.importers.by_record",
    "nowhere": "engine.telemetry.importers.importer",
}
"""Names of rooms that a worker does not need: a language is not to load what writes packs."""


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value
