"""Cutting lines of text by terminal cells: wide and combining characters stay whole, huge lines stay cheap."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache

from rich.cells import cell_len, get_character_cell_size, split_graphemes

_NOT_NARROW = re.compile(
    "[^ -~\xa0-\xac\xae-\u02ff\u0370-\u0482\u2010-\u2027\u22ef\u2400-\u2426\u2500-\u25fc\u2800-\u28ff]"
)
"""Anything that may not take exactly one cell. The ranges are narrow ones that text of programs is made of."""

_PIECE = 2_048
"""Characters between two positions whose cell is remembered."""
_LONGEST_GRAPHEME = 64
"""Characters that are looked ahead for the end of a grapheme; text that piles up more is cut in it."""


def is_narrow(line: str) -> bool:
    """Whether each character is known to take one cell, so that characters and cells are the same."""
    return line.isascii() or _NOT_NARROW.search(line) is None


def cut(line: str, first_cell: int, cells: int) -> tuple[int, int, int]:
    """Find the characters of a line that stand in some of its cells.

    Args:
        line: Visible text of one line.
        first_cell: First cell of the window.
        cells: Width of the window.

    Returns:
        First character, end, and empty cells before them: a wide character that the window's left edge cuts is left
        out, and so is one that its right edge cuts.
    """
    if (len(line) <= _PIECE and is_narrow(line)) or (len(line) > _PIECE and _narrow_long(line)):
        return min(first_cell, len(line)), min(first_cell + cells, len(line)), 0
    positions, starts = _pieces(line)
    piece = max(0, bisect_right(starts, first_cell) - 1)
    position, cell = positions[piece], starts[piece]
    first = end = -1
    pad = 0
    while position < len(line):
        text = line[position : positions[piece + 1]] if piece + 1 < len(positions) else line[position:]
        for begin, stop, width in split_graphemes(text)[0]:
            if first < 0 and cell >= first_cell and (cell + width > first_cell or width == 0):
                first, end, pad = position + begin, position + begin, cell - first_cell
            if first >= 0:
                if cell + width > first_cell + cells:
                    return first, end, pad
                end = position + stop
            cell += width
        position += len(text)
        piece += 1
    return (first, end, pad) if first >= 0 else (len(line), len(line), 0)


def cell_of(line: str, character: int) -> int:
    """Cell that a character of a line starts at."""
    if len(line) <= _PIECE or not _narrow_long(line):
        if len(line) <= _PIECE:
            return cell_len(line[:character])
        positions, starts = _pieces(line)
        piece = max(0, bisect_right(positions, character) - 1)
        return starts[piece] + cell_len(line[positions[piece] : character])
    return min(character, len(line))


def width_bound(line: str) -> int:
    """Cells that a line takes at most, without measuring long lines with wide characters exactly."""
    if is_narrow(line):
        return len(line)
    return cell_len(line) if len(line) <= _PIECE else 2 * len(line)


def breaks(line: str, width: int) -> list[int]:
    """First characters of the rows that a line takes when it is folded at ``width`` cells."""
    starts, used = [0], 0
    for begin, end, cells in split_graphemes(line)[0]:
        if end - begin > 1:
            # What a joiner without a letter before it joins is drawn all the same, though it is counted as nothing.
            cells = max(cells, cell_len(line[begin:end]))
        if used + cells > width and used:
            starts.append(begin)
            used = 0
        used += cells
    return starts


@lru_cache(maxsize=64)
def _narrow_long(line: str) -> bool:
    return is_narrow(line)


@lru_cache(maxsize=64)
def _pieces(line: str) -> tuple[list[int], list[int]]:
    """Characters at which graphemes begin, some thousands apart, and their cells."""
    positions, starts = [0], [0]
    while positions[-1] + _PIECE < len(line):
        at = positions[-1] + _PIECE
        for _ in range(_LONGEST_GRAPHEME):
            if at >= len(line) or (get_character_cell_size(line[at]) and line[at - 1] != "\u200d"):
                break
            at += 1
        starts.append(starts[-1] + cell_len(line[positions[-1] : at]))
        positions.append(at)
    return positions, starts
