"""The lines between definitions: imports, comments, constants and statements, grouped by what they are."""

from __future__ import annotations

from engine.chunk.spans import Role

SMALL_ROWS = 40
"""Neighbouring statements are joined while the result has at most this many rows."""
LONG_ROWS = 150
"""What is longer and splittable is cut at blank rows."""
_DOCS = bytes((Role.DOC_FIRST, Role.DOC_LEAD, Role.DOC))
_COMMENTS = _DOCS + bytes((Role.COMMENT, Role.DIRECTIVE, Role.DECORATION))
# Plain integers: a member of an enumeration is looked up slowly, and lines are many.
_BLANK, _CLOSE, _IMPORT, _LICENCE = int(Role.BLANK), int(Role.CLOSE), int(Role.IMPORT), int(Role.LICENCE)
_NO_START = bytes((Role.STRING, Role.BLANK, Role.CLOSE))
"""What no piece begins with."""
_JOINABLE = frozenset({"const", "statement"})
Segment = tuple[int, int, str]


def segments(
    roles: bytearray, units: list[int], start: int, end: int, consts: dict[int, list[str]], docstrings: set[int]
) -> list[Segment]:
    """Cut rows ``start`` to ``end`` into ``(first, last, kind)``; ``units`` are the rows where statements start."""
    heads = [start] + [row for row in units if start < row < end and roles[row] != _BLANK]
    pieces: list[list[int | str]] = []
    for index, first in enumerate(heads):
        last = heads[index + 1] if index + 1 < len(heads) else end
        role = roles[first]
        if first in docstrings:
            kind = "docstring"
        elif role == _LICENCE:
            kind = "licence"
        elif role in _COMMENTS:
            kind = "comment"
        elif role == _IMPORT:
            kind = "import"
        elif first in consts:
            kind = "const"
        else:
            kind = "statement"
        touches = bool(pieces) and roles[first - 1] != _BLANK
        before = str(pieces[-1][2]) if pieces else ""
        if not pieces:
            pieces.append([first, last, kind])
        elif kind == before == "import" or (touches and kind == before and kind in ("comment", "licence")):
            pieces[-1][1] = last
        elif (
            touches
            and before == "comment"
            and kind not in ("comment", "licence", "docstring")
            and not (kind == "import" and roles[first - 1] in _DOCS)
        ):
            # A comment that touches a statement is about it.
            pieces[-1][1:] = [last, kind]
            _join(pieces)
        elif touches and role == _CLOSE:
            pieces[-1][1] = last
        else:
            pieces.append([first, last, kind])
            _join(pieces)
    out: list[Segment] = []
    for first_row, last_row, name in pieces:
        low, high = int(first_row), int(last_row)
        if high - low > LONG_ROWS and name not in ("import", "licence"):
            out += [(a, b, str(name)) for a, b in cut(roles, low, high)]
        else:
            out.append((low, high, str(name)))
    return out


def _join(pieces: list[list[int | str]]) -> None:
    """Join the last two pieces where both are small and alike."""
    if len(pieces) < 2:
        return
    (first, _, before), (_, last, kind) = pieces[-2], pieces[-1]
    if before == kind == "import":
        pieces[-2:] = [[first, last, "import"]]
    elif before in _JOINABLE and kind in _JOINABLE and int(last) - int(first) <= SMALL_ROWS:
        pieces[-2:] = [[first, last, "const" if before == kind == "const" else "statement"]]


def cut(roles: bytearray | bytes, start: int, end: int, rows: int = LONG_ROWS) -> list[tuple[int, int]]:
    """Cut a long run of rows behind blank ones into pieces of at most about ``rows`` and about one size.

    Where no blank row is near, the cut falls between two lines, never inside a multi-line string or before a bracket
    that closes.
    """
    out: list[tuple[int, int]] = []
    while end - start > rows:
        pieces = -(-(end - start) // rows)
        at = start - (start - end) // pieces
        row = at
        while row > start + rows // 3 and not (roles[row - 1] == _BLANK and roles[row] != _BLANK):
            row -= 1
        if row <= start + rows // 3:
            row = at
            while row < end and roles[row] in _NO_START:
                row += 1
        if row >= end:
            break
        out.append((start, row))
        start = row
    out.append((start, end))
    return out
