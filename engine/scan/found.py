"""Files as they become known during a scan, for screens that fill while it runs."""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import partial

from engine.events import Emit, FilesFound, FoundFile
from engine.model import CLASSES, ChunkClass
from engine.scan.record import CHUNK_ROW, COUNT_COLUMNS

_EVERY_S = 0.1
"""Between two events: more often than anybody can see costs time and shows nothing."""

Found = tuple[str, bytes, bytes]
"""Path, chunk rows and counts, as the scan has them anyway."""


class Finds:
    """Collects files and tells about them ten times a second. Nothing is added up until a receiver looks."""

    def __init__(self, emit: Emit) -> None:
        self._emit = emit
        self._held: list[Found] = []
        self._told_s = 0.0

    def add(self, path: str, rows: bytes, counts: bytes) -> None:
        """Take a file that holds chunks; others are passed over."""
        if rows:
            self._held.append((path, rows, counts))
        now_s = time.perf_counter()
        if now_s - self._told_s >= _EVERY_S:
            self._told_s = now_s
            self.tell()

    def tell(self) -> None:
        """Tell about what is held."""
        if self._held:
            held, self._held = self._held, []
            self._emit(FilesFound(partial(_measured, held)))


def _measured(found: Sequence[Found]) -> tuple[FoundFile, ...]:
    return tuple(FoundFile(path, _by_class(rows, counts)) for path, rows, counts in found)


def _by_class(rows: bytes, counts: bytes) -> dict[ChunkClass, int]:
    """Tokens at level 0 by class: the class is the first byte of a chunk's row, the count the first of its counts."""
    totals: dict[ChunkClass, int] = {}
    step = 4 * COUNT_COLUMNS
    for index, number in enumerate(rows[:: CHUNK_ROW.size]):
        name = CLASSES[number]
        totals[name] = totals.get(name, 0) + int.from_bytes(counts[index * step : index * step + 4], "little")
    return totals
