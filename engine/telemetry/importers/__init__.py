"""What other programs wrote down about their calls, read into events: nine kinds of logs, each known by its content.

In: paths of logs, and where each was read to before. Out: events and bad lines, one after another, and where to go on.
Importers read what may still be being written, by anyone: nothing in a log raises, nothing in it is held whole, and no
prompt or answer is taken from it. They write nothing: ``import_all`` hands batches to whoever stores them.
"""

from __future__ import annotations

from engine.telemetry.importers.bad_line import BadLine
from engine.telemetry.importers.cursor import Cursor
from engine.telemetry.importers.importer import Importer
from engine.telemetry.importers.log import Reading
from engine.telemetry.importers.registry import IMPORTERS, default_locations, detect, importer, importers
from engine.telemetry.importers.run import Places, default_paths, import_all
from engine.telemetry.importers.totals import EmitImport, ImportEvent, ImportProgress, Totals, Write, Written

__all__ = [
    "IMPORTERS",
    "BadLine",
    "Cursor",
    "EmitImport",
    "ImportEvent",
    "ImportProgress",
    "Importer",
    "Places",
    "Reading",
    "Totals",
    "Write",
    "Written",
    "default_locations",
    "default_paths",
    "detect",
    "import_all",
    "importer",
    "importers",
]
