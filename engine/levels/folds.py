"""Line edits from depths: the deepest level that keeps each line decides all three levels at once.

A depth is 0 (gone at level 1), 1 (folded at level 2), 2 (deleted at level 3) or 3 (kept). Levels nest by construction.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from engine.levels.ladder import MARKER, LevelEdits
from engine.levels.rules import FoldRule
from engine.model import Edit

_gone_runs = re.compile(b"\x00+").finditer
_folded_runs = re.compile(b"[\x00\x01]+").finditer
_deleted_runs = re.compile(b"[\x00\x01\x02]+").finditer


class Folded(NamedTuple):
    """Edits of the three levels and the units that each lost."""

    edits: LevelEdits
    lost: tuple[int, int, int]


def marker(indent: str, lines: int) -> str:
    """The line that stands for ``lines`` folded lines."""
    return f"{indent}{MARKER} {lines} line{'s' if lines != 1 else ''}\n"


def indentation(data: bytes, start: int, most: int) -> str:
    """White space that the first line with text from ``start`` on begins with, at most ``most`` bytes of it."""
    head = data[start : start + most].lstrip(b"\r\n")
    text = head.lstrip(b" \t")
    return head[: len(head) - len(text)].decode("ascii") if len(text) < len(head) else ""


def fold_lines(
    data: bytes, starts: list[int], first: int, depths: bytes | bytearray, prefix: list[int], rule: FoldRule
) -> Folded:
    """Edits of levels 1 to 3 for the lines ``first : first + len(depths)``.

    Args:
        data: text of the file.
        starts: offset of every line, ``len(data)`` last.
        first: index of the chunk's first line.
        depths: one depth per line of the chunk.
        prefix: units of information before each line of the file.
        rule: when a fold pays.
    """
    count = len(depths) + 1
    at, units = starts[first : first + count], prefix[first : first + count]
    trimmed: list[Edit] = []
    lost_trimmed = 0
    if 0 in depths:
        trimmed, lost_trimmed = _drop(at, units, _gone_runs(depths))
    condensed, lost_condensed = trimmed, lost_trimmed
    if 1 in depths:
        folds, lost_condensed = _condense(data, at, depths, units, rule)
        condensed = folds if lost_condensed != lost_trimmed or folds != trimmed else trimmed
    elif 2 not in depths:
        return Folded((trimmed, trimmed, trimmed), (lost_trimmed, lost_trimmed, lost_trimmed))
    capsule, lost_capsule = _drop(at, units, _deleted_runs(depths))
    return Folded((trimmed, condensed, capsule), (lost_trimmed, lost_condensed, lost_capsule))


def _drop(at: list[int], units: list[int], runs: Iterable[re.Match[bytes]]) -> tuple[list[Edit], int]:
    spans = [run.span() for run in runs]
    return [Edit(at[a], at[b], "") for a, b in spans], sum([units[b] - units[a] for a, b in spans])


def _condense(
    data: bytes, at: list[int], depths: bytes | bytearray, units: list[int], rule: FoldRule
) -> tuple[list[Edit], int]:
    edits: list[Edit] = []
    lost = 0
    least = _SHORTEST_MARKER + rule.saves_bytes
    for run in _folded_runs(depths):
        a, b = run.span()
        shown = depths.find(1, a, b)
        start, stop = at[a], at[b]
        if shown < 0:
            edits.append(Edit(start, stop, ""))
            lost += units[b] - units[a]
            continue
        size = stop - start
        mixed = depths.find(0, a, b) >= 0
        if mixed and size > least:
            for gone in _gone_runs(depths, a, b):
                x, y = gone.span()
                size -= at[y] - at[x]
        if size > least:
            # Lines that level 1 drops around the run are dropped, not counted.
            hidden = depths.rfind(1, a, b) + 1 - shown
            text = marker(indentation(data, at[shown], rule.indent_bytes), hidden)
            if size >= len(text) + 2 + rule.saves_bytes:
                edits.append(Edit(start, stop, text))
                lost += units[b] - units[a]
                continue
        if mixed:
            dropped, fewer = _drop(at, units, _gone_runs(depths, a, b))
            edits += dropped
            lost += fewer
    return edits, lost


_SHORTEST_MARKER = len(marker("", 1))
