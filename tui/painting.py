"""From a piece of a line and the styles on its parts to segments."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from rich.segment import Segment
from rich.style import Style

Layer = tuple[int, int, Style]
"""First character, end and style; later layers lie on earlier ones."""


def paint(line: str, first: int, end: int, base: Style, layers: Iterable[Layer]) -> list[Segment]:
    """Style the characters ``first`` to ``end`` of a line."""
    inside = [
        (max(start, first), min(stop, end), style) for start, stop, style in layers if start < end and stop > first
    ]
    edges = sorted({first, end, *(start for start, _, _ in inside), *(stop for _, stop, _ in inside)})
    segments: list[Segment] = []
    for start, stop in pairwise(edges):
        style = base
        for begin, behind, layer in inside:
            if begin <= start and behind >= stop:
                style += layer
        segments.append(Segment(line[start:stop], style))
    return segments
