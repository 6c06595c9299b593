"""Aligned plain text for people: the same number is written the same way everywhere."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence


def table(head: Sequence[str], rows: Sequence[Sequence[object]], *, indent: str = "") -> str:
    """Align columns: numbers to the right with thousands separators, words to the left."""
    texts_of = [[_cell(value) for value in row] for row in rows]
    numeric = [all(isinstance(row[i], int | float) for row in rows) and bool(rows) for i in range(len(head))]
    widths = [max(cells(text) for text in column) for column in zip(head, *texts_of, strict=True)]
    lines = []
    for row in [list(head), *texts_of]:
        texts = [
            _pad(width - cells(text), text, right) for text, width, right in zip(row, widths, numeric, strict=True)
        ]
        lines.append((indent + "  ".join(texts)).rstrip())
    return "\n".join(lines)


def cells(text: str) -> int:
    """Columns that a terminal needs for a text."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text
    )


def middle(text: str, columns: int) -> str:
    """Cut the middle out of a text that is too wide; the ends tell paths apart."""
    if cells(text) <= columns:
        return text
    head = _first(text, columns // 2)
    tail = _first(text[::-1], columns - 1 - columns // 2)[::-1]
    # A mark belongs to the letter before it, which is gone.
    while tail and unicodedata.combining(tail[0]):
        tail = tail[1:]
    return f"{head}…{tail}"


def _first(text: str, columns: int) -> str:
    taken = 0
    for index, char in enumerate(text):
        taken += cells(char)
        if taken > columns:
            return text[:index]
    return text


def _pad(blanks: int, text: str, right: bool) -> str:
    return " " * blanks + text if right else text + " " * blanks


def _cell(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    return f"{value:,}" if isinstance(value, int) else f"{value:,.1f}"


def bar(share: float, width: int = 20) -> str:
    """A bar of eighths of a cell, so that small shares are visible."""
    eighths = round(max(0.0, min(1.0, share)) * width * 8)
    return "█" * (eighths // 8) + (" ▏▎▍▌▋▊▉"[eighths % 8] if eighths % 8 else "")
