"""Folds long configuration values inside their line and keeps the key."""

from __future__ import annotations

import re

from engine.chunk.spans import Role
from engine.levels.folds import Folded
from engine.levels.ladder import MARKER
from engine.levels.retention import Meter
from engine.model import Edit

_KEYED = frozenset({Role.KEY1, Role.KEY2, Role.KEY3, Role.SIGNATURE})
# A quoted key may hold the separator; the key ends at the first one outside quotes.
_key = re.compile(
    rb"[ \t]*(?:-[ \t]+)?(?:\"[^\"\n]{0,100}\"|'[^'\n]{0,100}'|[^:=\n\"']{1,100})[ \t]*[:=]+>?[ \t]*"
).match


def fold_values(
    data: bytes,
    starts: list[int],
    first: int,
    depths: bytes | bytearray,
    folded: Folded,
    meter: Meter,
    roles: bytes,
    weights: tuple[int, ...],
    longest: int,
) -> Folded:
    """``folded`` with the values of kept lines over ``longest`` bytes replaced by ``…`` at levels 2 and 3."""
    (trimmed, condensed, capsule), (lost_trimmed, lost_condensed, lost_capsule) = folded
    inline: list[tuple[int, Edit, int]] = []
    for offset, depth in enumerate(depths):
        line = first + offset
        if depth < 2 or starts[line + 1] - starts[line] <= longest or roles[line] not in _KEYED:
            continue
        found = _key(data, starts[line], starts[line + 1])
        stop = starts[line + 1]
        while stop > starts[line] and data[stop - 1] in b"\r\n":
            stop -= 1
        if found and stop - found.end() > len(MARKER.encode()):
            units = meter.words(found.end(), stop + 1) * weights[roles[line]]
            inline.append((depth, Edit(found.end(), stop, MARKER), units))
    if not inline:
        return folded
    condensed = sorted([*condensed, *(edit for _, edit, _ in inline)], key=_start)
    capsule = sorted([*capsule, *(edit for depth, edit, _ in inline if depth == 3)], key=_start)
    lost_condensed += sum(units for _, _, units in inline)
    lost_capsule += sum(units for depth, _, units in inline if depth == 3)
    return Folded((trimmed, condensed, capsule), (lost_trimmed, lost_condensed, lost_capsule))


def _start(edit: Edit) -> int:
    return edit.start
