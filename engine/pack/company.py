"""What level 5 is worth: a file's one line speaks for its chunks only while the line is all that is shown of the file.

Beside text of its file a chunk at level 5 has no line to be part of: it is worth nothing and costs nothing, and the
report counts it as omitted. Everything that puts a value on levels asks here.
"""

from __future__ import annotations

import numpy as np

from engine.columns import Columns, Floats
from engine.pack.problem import LINE, OUTLINE, Levels, Mask


def told_by_line(columns: Columns, levels: Levels) -> Mask:
    """(n,) chunks that their file's line speaks for: at level 5, in files of which no text is shown."""
    shown = np.bincount(columns.file[levels <= OUTLINE], minlength=len(columns.files)) > 0
    told: Mask = (levels == LINE) & ~shown[columns.file]
    return told


def kept_at(columns: Columns, levels: Levels) -> Floats:
    """(n,) retention of each chunk at its level; 0 when omitted, or at level 5 without a line."""
    picked = columns.retention[np.arange(len(levels)), np.minimum(levels, LINE)]
    return np.where((levels <= OUTLINE) | told_by_line(columns, levels), picked, 0.0)


def line_values(columns: Columns, levels: Levels, value: Floats) -> Floats:
    """(m,) value of each file's line, were it all that is shown of the file.

    Args:
        columns: The scanned repository.
        levels: (n,) levels; what is at level 5 is told by the line.
        value: (n,) value of each chunk.
    """
    told = np.where(levels == LINE, value * columns.retention[:, LINE], 0.0)
    return np.bincount(columns.file, told, len(columns.files)).astype(np.float64)
