"""The levels of one chunk: edits, outline fragment, and the measured share of information that stays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from engine.model import Edit

LevelEdits: TypeAlias = tuple[list[Edit], list[Edit], list[Edit]]
"""Edits of levels 1, 2 and 3, each sorted and disjoint, offsets absolute in the text of the file."""

MARKER = "…"
"""First visible character of every line that stands for lines that were folded."""


@dataclass(slots=True)
class Ladder:
    """What the degraded forms of one chunk are. Levels that are the same text share one list of edits."""

    edits: LevelEdits
    """Edits of levels 1, 2, 3; level 3 is without its capsule line."""
    outline: str
    """Level 4: kind and name (``def get``, ``keys a, b``), or ``""`` when nothing is left there."""
    retention: tuple[float, ...]
    """Share of the information kept at levels 0 to 5, from 1.0 down, non-increasing."""


def text_at(data: bytes, start: int, end: int, edits: Sequence[Edit]) -> bytes:
    """Text of the range ``start:end`` of ``data`` with ``edits`` applied.

    Args:
        data: text of the whole file, UTF-8.
        start: offset of the first byte of the chunk.
        end: offset behind its last byte.
        edits: sorted, disjoint edits inside the range.

    Returns:
        The text; it ends in a newline unless it is empty.
    """
    if edits:
        parts: list[bytes] = []
        position = start
        for first, behind, replacement in edits:
            parts.append(data[position:first])
            if replacement:
                parts.append(replacement.encode("utf-8", "surrogatepass"))
            position = behind
        parts.append(data[position:end])
        text = b"".join(parts)
    else:
        text = data[start:end]
    return text if not text or text.endswith(b"\n") else text + b"\n"
