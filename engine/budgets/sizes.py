"""How much harder an existing file is to change: by its length, its imports and its nesting."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from engine.budgets.tables import deliverables as tables

_IMPORT = re.compile(rb"^\s*(?:import|from|#include|use|using|require|package)\b", re.MULTILINE)
_INDENT = re.compile(rb"^[ \t]*(?=\S)", re.MULTILINE)
_TAB_COLUMNS = 4


def size_factor(path: Path) -> float:
    """Return what the marginal of changing a file is multiplied by; 1.0 for one that cannot be read."""
    size = tables()["size"]
    try:
        if path.stat().st_size > size["largest_bytes"]:
            return float(size["most"])
        data = path.read_bytes()
    except OSError:
        return 1.0
    deepest = max((len(blank.expandtabs(_TAB_COLUMNS)) for blank in _INDENT.findall(data)), default=0)
    factor = (
        _row(size["lines"], data.count(b"\n") + 1)
        * _row(size["imports"], len(_IMPORT.findall(data)))
        * _row(size["indent"], deepest)
    )
    return max(float(size["least"]), min(float(size["most"]), factor))


def line_count(path: Path) -> int:
    """Lines of a file, 0 for one that cannot be read; of one that is too large to be read, its bytes."""
    try:
        size_bytes = path.stat().st_size
        if size_bytes > tables()["size"]["largest_bytes"]:
            return size_bytes
        with path.open("rb") as file:
            return sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 16), b"")) + 1
    except OSError:
        return 0


def _row(rows: Sequence[Sequence[float]], number: int) -> float:
    return next(factor for below, factor in rows if number < below or not below)
