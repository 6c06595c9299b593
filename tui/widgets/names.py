"""Names of somebody else's making in so many cells: visible, on one line, cut in the middle, cheap however long."""

from __future__ import annotations

from rich.cells import cell_len

from tui.text import content, middle

_LOOKED_AT = 4
"""Characters of each end that are looked at, per cell; escapes only make text longer."""


def shown_name(name: str, cells: int) -> str:
    """Write a name in at most ``cells`` cells."""
    if cells <= 0:
        return ""
    end = cells * _LOOKED_AT
    if len(name) > 2 * end:
        # The ellipsis that stands for the middle falls where ``middle`` cuts anyway.
        name = name[:end] + "…" + name[-end:]
    return middle(content(name).plain, cells)


def wrapped(text: str, cells: int, rows: int) -> list[str]:
    """Fold a message of a few words into at most ``rows`` rows, cut where they do not suffice."""
    if cells <= 0 or rows <= 0:
        return []
    words = content(text[: cells * rows * _LOOKED_AT]).plain.split(" ")
    lines = [""]
    for word in words:
        joined = f"{lines[-1]} {word}" if lines[-1] else word
        if cell_len(joined) <= cells or len(lines) == rows or not lines[-1]:
            lines[-1] = joined
        else:
            lines.append(word)
    return lines
