"""From a piece of a line and the styles on its parts to segments."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from itertools import pairwise

from rich.cells import split_graphemes
from rich.segment import Segment
from rich.style import Style

from tui.cells import is_narrow

Layer = tuple[int, int, Style]
"""First character, end and style; later layers lie on earlier ones."""


def paint(line: str, first: int, end: int, base: Style, layers: Iterable[Layer]) -> list[Segment]:
    """Style the characters ``first`` to ``end`` of a line."""
    inside = [
        (max(start, first), min(stop, end), style) for start, stop, style in layers if start < end and stop > first
    ]
    if inside and not is_narrow(line[first:end]):
        inside = _at_graphemes(line, first, end, inside)
    edges = sorted({first, end, *(start for start, _, _ in inside), *(stop for _, stop, _ in inside)})
    segments: list[Segment] = []
    for start, stop in pairwise(edges):
        style = base
        for begin, behind, layer in inside:
            if begin <= start and behind >= stop:
                style += layer
        segments.append(Segment(line[start:stop], style))
    return segments


def _at_graphemes(line: str, first: int, end: int, layers: list[Layer]) -> list[Layer]:
    """Let styles begin and end where graphemes do: a grapheme in two segments would take other cells than in one."""
    begins = [first + begin for begin, _, _ in split_graphemes(line[first:end])[0]]

    def snapped(edge: int) -> int:
        return end if edge >= end else begins[bisect_right(begins, edge) - 1]

    return [(snapped(start), snapped(stop), style) for start, stop, style in layers]
