"""A scanned repository as columns: what the pack solver, the reports and the screens compute on.

One row per chunk, files in listing order, chunks of a file in file order. Text is not here: ``Texts`` fetches it for
the few chunks that are shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from engine.model import CLASSES, CORE_CLASSES

__all__ = ["CLASSES", "CORE_CLASSES", "Columns", "FileRow", "Floats", "Ints", "Texts"]

Ints = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class FileRow:
    """One file with chunks."""

    path: str
    """Path as listed (surrogate escapes for bytes that are no UTF-8)."""
    language: str
    lines: int
    blob_id: str
    """Git object id of the bytes that were analysed."""
    names: tuple[str, ...]
    """The few most important names, for the file's one-line form."""


@dataclass(slots=True)
class Columns:
    """``n`` chunks of ``m`` files. Arrays are read-only by convention."""

    files: list[FileRow]
    """Length m."""
    file: Ints
    """(n,) index into ``files``; non-decreasing."""
    chunk_class: npt.NDArray[np.int8]
    """(n,) index into ``CLASSES``."""
    parent: Ints
    """(n,) row of the chunk that opens the enclosing scope (same file, smaller row), or -1."""
    start_line: Ints
    """(n,) first line, from 1."""
    end_line: Ints
    """(n,) last line, inclusive."""
    tokens: Ints
    """(n, 5) tokens of the chunk's text at levels 0-4, non-increasing along a row; level 3 holds the capsule line
    ``… path:start-end`` and level 4 the chunk's name with separator in its scope's outline line."""
    retention: Floats
    """(n, 6) measured share of the information kept at levels 0-5, non-increasing along a row, column 0 is 1."""
    line_tokens: Ints
    """(m,) tokens of the file's one line at level 5."""
    path_tokens: Ints
    """(m,) tokens of the file's path alone."""

    @property
    def chunks(self) -> int:
        """Number of chunks n."""
        return len(self.file)


class Texts(Protocol):
    """Fetches the text of chunks on demand."""

    def text(self, chunk: int, level: int) -> str:
        """Text of a chunk at level 0-3, ending in a newline; at 3 without its capsule line.

        Where a level would not be cheaper than the one above it, the text of that one is returned.
        """
        ...

    def outline(self, chunk: int) -> str:
        """Kind and name of a chunk for its scope's outline line (``def get``), or ``""`` when it has none."""
        ...

    def kind(self, chunk: int) -> str:
        """Kind of a chunk."""
        ...

    def symbol(self, chunk: int) -> str:
        """Qualified name of a chunk or ``""``."""
        ...

    def altered(self, chunk: int, level: int) -> frozenset[str]:
        """What was done to the text of a chunk at level 0-3: ``secrets`` were masked, hidden characters ``mark`` ed or
        ``drop`` ped; nearly always nothing."""
        ...
