"""A solution as it comes out in the text, one value per chunk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.columns import Columns
from engine.model import Level
from engine.render.shown import DEEPEST_SHOWN, line_files


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What each chunk got."""

    level: npt.NDArray[np.int8]
    """(n,) 0-4; 5 for the chunks of files shown as a line; 6 for all others without text."""
    tokens: npt.NDArray[np.int64]
    """(n,) tokens at the level; 0 at levels 5 and 6."""
    kept: npt.NDArray[np.float64]
    """(n,) retention at the level; 0 when omitted."""
    short: list[int]
    """Files shown as a line."""


def outcome_of(columns: Columns, levels: npt.NDArray[np.int8], file_lines: npt.NDArray[np.bool_]) -> Outcome:
    """Work out what a solution comes to; arguments as for ``render``."""
    short = line_files(columns, levels, file_lines)
    line = np.zeros(len(columns.files), dtype=bool)
    line[short] = True
    has_text = levels <= DEEPEST_SHOWN
    deep = np.where(line[columns.file], int(Level.EMERGENCY), int(Level.OMITTED))
    level = np.where(has_text, levels, deep).astype(np.int8)
    rows = np.arange(columns.chunks)
    tokens = columns.tokens[rows, np.minimum(level, DEEPEST_SHOWN)].astype(np.int64)
    kept = columns.retention[rows, np.minimum(level, Level.EMERGENCY)]
    return Outcome(
        level=level,
        tokens=np.where(has_text, tokens, 0),
        kept=np.where(level == Level.OMITTED, 0.0, kept),
        short=short.tolist(),
    )


def quality(kept: npt.NDArray[np.float64], value: npt.NDArray[np.float64], tokens: npt.NDArray[Any]) -> float:
    """Value-weighted retention, rounded to four digits; weighted by tokens where nothing has a value.

    Args:
        kept: Retention of each chunk.
        value: Value of each chunk.
        tokens: Tokens of each chunk's full text.

    Returns:
        0 to 1; 1 when there is nothing to keep.
    """
    weight = value if float(value.sum()) > 0 else tokens.astype(np.float64)
    total = float(weight.sum())
    return round(float((kept * weight).sum()) / total, 4) if total > 0 else 1.0
