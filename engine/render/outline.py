"""Runs of chunks without text of their own become as few lines as their scopes allow."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from engine.render.document import Part
from engine.render.lines import gap_line

_OUTLINE = 4


@dataclass(slots=True)
class _Line:
    """One line in the making: the rows of one scope."""

    start: int
    end: int
    scope: int | None = None
    """Row whose members the line lists, -1 at the top of a file, None while there is no name yet."""
    head: str = ""
    members: list[str] = field(default_factory=list)

    def part(self) -> Part:
        """Finish the line."""
        named = bool(self.head or self.members)
        text = gap_line(self.start, self.end, self.head, self.members)
        return Part(self.start, self.end, _OUTLINE if named else 6, text + "\n")


def gap_parts(
    rows: Sequence[int],
    levels: Sequence[int],
    start: Sequence[int],
    end: Sequence[int],
    parent: Sequence[int],
    outline: Callable[[int], str],
) -> list[Part]:
    """Write a run of neighbouring chunks at levels 4-6.

    A scope and its members share a line; a new scope starts a new one. Chunks that are not shown, or have no name,
    only widen the range of the line they stand in.

    Args:
        rows: The chunks of the run, in file order.
        levels: Level per chunk of the repository, as all following sequences.
        start: First lines.
        end: Last lines.
        parent: Row of the enclosing scope, or -1.
        outline: Kind and name of a chunk, or ``""``.

    Returns:
        Parts at level 4 (with names) or 6 (without).
    """
    names = {row: name for row in rows if levels[row] == _OUTLINE and (name := outline(row))}
    heads = {parent[row] for row in names}
    lines: list[_Line] = []
    for row in rows:
        name = names.get(row, "")
        line = lines[-1] if lines else None
        scope = row if row in heads else parent[row]
        if line is None or (name and line.scope is not None and line.scope != scope):
            line = _Line(start[row], end[row])
            lines.append(line)
        line.end = max(line.end, end[row])
        if not name:
            continue
        line.scope = scope
        if row in heads:
            line.head = name
        else:
            line.members.append(name)
    return [line.part() for line in lines]
