"""Documents as sections: a heading and what follows it, up to the next heading."""

from __future__ import annotations

import re
from dataclasses import dataclass

from engine.chunk.definitions import clean_name
from engine.chunk.gaps import LONG_ROWS, cut
from engine.chunk.spans import FileChunks, Role, Span, Trait

_EXAMPLES = re.compile(
    r"(?i)\b(?:examples?|usage|quick ?start|getting started|tutorial|walkthrough|how to use|synopsis|demo)\b"
)
_MIN_FENCE_ROWS = 3


@dataclass(slots=True)
class Heading:
    """Where a section starts."""

    row: int
    level: int
    """1 for the outermost."""
    title: bytes


def build(language: str, method: str, roles: bytearray, headings: list[Heading], matter: int = 0) -> FileChunks:
    """Sections to spans; a section's parent is the nearest earlier section of a lower level.

    Args:
        language: name for the result.
        method: ``tree`` or ``lines``.
        roles: one per line.
        headings: in order of rows.
        matter: row behind the front matter, 0 where there is none.
    """
    rows = len(roles)
    spans: list[Span] = []
    defines: list[list[str]] = []
    marks = [heading for heading in headings if heading.row >= matter]
    start = _text_row(roles, 0)
    if matter:
        matter = _text_row(roles, matter)
        spans.append(Span("table", "", -1, 0, matter))
        defines.append([])
    first = marks[0].row if marks else rows
    if first > matter and (matter or start < first):
        _add(spans, defines, roles, Span("section", "", -1, matter, first), [])
    above: list[tuple[int, int, bool]] = []
    for index, mark in enumerate(marks):
        end = marks[index + 1].row if index + 1 < len(marks) else rows
        title = clean_name(mark.title)
        while above and above[-1][0] >= mark.level:
            above.pop()
        example = bool(_EXAMPLES.search(title)) or bool(above and above[-1][2])
        begin = 0 if not spans else mark.row
        span = Span("section", title, above[-1][1] if above else -1, begin, end)
        above.append((mark.level, len(spans), example))
        _add(spans, defines, roles, span, [title] if title else [], example)
    if not spans and rows:
        _add(spans, defines, roles, Span("section", "", -1, 0, rows), [])
    return FileChunks(language, method, "", spans, bytes(roles), defines)


def _text_row(roles: bytearray, row: int) -> int:
    while row < len(roles) and roles[row] == Role.BLANK:
        row += 1
    return row


def _add(
    spans: list[Span], defines: list[list[str]], roles: bytearray, span: Span, names: list[str], example: bool = False
) -> None:
    """Append a section, long ones in pieces and the fences of an examples section as spans of their own."""
    index = len(spans)
    pieces = _fences(roles, span.start, span.end) if example else [(span.start, span.end, False)]
    for first, last, fence in pieces:
        for low, high in cut(roles, first, last) if last - first > LONG_ROWS else [(first, last)]:
            is_first = len(spans) == index
            spans.append(
                Span(
                    "fence" if fence else "section",
                    span.symbol,
                    span.parent if is_first else index,
                    low,
                    high,
                    Trait.EXAMPLE if fence else Trait.NONE,
                )
            )
            defines.append(names if is_first else [])


def _fences(roles: bytearray, start: int, end: int) -> list[tuple[int, int, bool]]:
    """Cut rows at runs of fence lines; blank rows go to the piece before them."""
    out: list[tuple[int, int, bool]] = []
    row = low = start
    while row < end:
        if roles[row] != Role.FENCE:
            row += 1
            continue
        first = row
        while row < end and roles[row] == Role.FENCE:
            row += 1
        fence_rows = row - first
        row = min(_text_row(roles, row), end)
        if fence_rows < _MIN_FENCE_ROWS or first == start:
            continue
        if first > low:
            out.append((low, first, False))
        out.append((first, row, True))
        low = row
    if low < end:
        out.append((low, end, False))
    return out
