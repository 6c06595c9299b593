"""Where tokens stand in what is visible of a line."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from tui.document import Document


def token_parts(document: Document, ends: Sequence[int], line: int, first: int, end: int) -> list[tuple[int, int, int]]:
    """Find the tokens between two characters of a shown row.

    Args:
        document: What is shown.
        ends: Offset in its text behind each token, ascending.
        line: Shown row.
        first: First character of the row that is visible.
        end: Character behind the last one.

    Returns:
        First character, end and number of each token that can be seen; tokens of nothing visible are left out.
    """
    if not len(ends) or document.source_line(line) is None:
        return []
    start, raw = document.raw(line)
    number = bisect_right(ends, start + document.text_column(line, first))
    parts: list[tuple[int, int, int]] = []
    while first < end and number < len(ends):
        stop = min(end, document.shown_column(line, min(ends[number] - start, len(raw))))
        if stop > first:
            parts.append((first, stop, number))
            first = stop
        elif ends[number] - start > len(raw):
            break
        number += 1
    return parts
