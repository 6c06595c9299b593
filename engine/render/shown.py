"""Which files have text in a pack, and which only their line."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engine.columns import Columns

DEEPEST_SHOWN = 4
"""Chunks at deeper levels have no text of their own in a file's section."""


def shown_files(columns: Columns, levels: npt.NDArray[np.int8]) -> npt.NDArray[np.int64]:
    """Files with at least one chunk at level 0-4, in listing order."""
    return np.unique(columns.file[levels <= DEEPEST_SHOWN]).astype(np.int64)


def line_files(
    columns: Columns, levels: npt.NDArray[np.int8], file_lines: npt.NDArray[np.bool_]
) -> npt.NDArray[np.int64]:
    """Files that are represented by their one line only: marked so, and with no chunk shown."""
    only = file_lines.copy()
    only[shown_files(columns, levels)] = False
    return np.flatnonzero(only)
