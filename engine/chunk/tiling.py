"""Definitions and the lines between them to spans that tile the file."""

from __future__ import annotations

from bisect import bisect_left

from engine.chunk.definitions import FUNCTIONS, Definition, unqualified
from engine.chunk.facts import Facts
from engine.chunk.gaps import LONG_ROWS, SMALL_ROWS, cut, segments
from engine.chunk.spans import Role, Span, Trait
from engine.chunk.traits import IN_A_TEST

LONG_BODY_ROWS = 90
"""A function or a table of more rows is several chunks: who looks for a line of it need not pay for all of them."""
PART_ROWS = 45
"""Rows of such a chunk, about."""
_MAX_DEFINES = 30
_SPAN_KIND = {"object": "const", "entry": "const", "suite": "test", "fixture": "function"}
_BLANK, _DOC_FIRST, _DOC = int(Role.BLANK), int(Role.DOC_FIRST), int(Role.DOC)
_CLOSING = bytes((Role.CLOSE, Role.BLANK))
_MERGED = frozenset({"const", "statement", "type", "rule", "element", "table"})


class Tiler:
    """Appends spans in order; every row that is passed over belongs to the last span."""

    def __init__(self, roles: bytearray, units: list[int], consts: dict[int, list[str]], docstrings: set[int]) -> None:
        self.roles = roles
        self.units = units
        self.consts = consts
        self.docstrings = docstrings
        self.spans: list[Span] = []
        self.defines: list[list[str]] = []
        self.row = 0

    def skip_blank(self, end: int) -> None:
        """Give blank rows to the span before them, so that none starts with one."""
        if self.spans:
            row = self.row
            while row < end and self.roles[row] == _BLANK:
                row += 1
            self.spans[-1].end = self.row = row

    def add(self, span: Span, names: list[str]) -> int:
        """Append a span that starts at the current row; return its index."""
        self.spans.append(span)
        self.defines.append(names)
        self.row = span.end
        return len(self.spans) - 1

    def gap(self, end: int, parent: int, traits: Trait) -> None:
        """Cut the rows up to ``end``, which no definition covers."""
        self.skip_blank(end)
        start = self.row
        if start >= end:
            return
        roles = self.roles
        if self.spans and not roles[start:end].strip(_CLOSING):
            self.spans[-1].end = self.row = end
            return
        low, high = bisect_left(self.units, start), bisect_left(self.units, end)
        for first, last, kind in segments(roles, self.units[low:high], start, end, self.consts, self.docstrings):
            names = [name for row in range(first, last) for name in self.consts.get(row, ())] if self.consts else []
            extra = Trait.NONE
            if kind == "licence":
                extra = Trait.LICENCE
            elif kind in ("comment", "docstring") and any(
                _DOC_FIRST <= roles[row] <= _DOC for row in range(first, last)
            ):
                extra = Trait.DOC
            symbol = names[0] if kind == "const" and names else ""
            both = traits | extra if extra is not Trait.NONE else traits
            self.add(Span(kind, symbol, parent, first, last, both), names[:_MAX_DEFINES])


def tile(facts: Facts, roles: bytearray) -> tuple[list[Span], list[list[str]]]:
    """Cut a file into spans, and say what each defines."""
    rows = len(roles)
    definitions = facts.definitions
    consts: dict[int, list[str]] = {}
    for item in definitions:
        if item.kind == "const" and item.parent < 0:
            consts.setdefault(item.row, []).extend(item.names)
    docstrings = {row for row, _, _ in facts.docs}
    items = [item for item in definitions if item.is_span and item.kind != "const"]
    tiler = Tiler(roles, facts.units(items), consts, docstrings)
    open_scopes: list[tuple[Definition, int]] = []

    def close(last: Definition, index: int) -> None:
        if tiler.row < last.last:
            tiler.gap(min(last.last, rows), index, Trait.IN_TEST if last.traits & IN_A_TEST else Trait.NONE)

    for item in items:
        owner = definitions[item.parent] if item.parent >= 0 else None
        while open_scopes and open_scopes[-1][0] is not owner:
            close(*open_scopes.pop())
        parent = open_scopes[-1][1] if open_scopes else -1
        if item.first > tiler.row:
            tiler.gap(
                item.first, parent, Trait.IN_TEST if owner is not None and owner.traits & IN_A_TEST else Trait.NONE
            )
        names = _names(item, definitions)
        end = min(item.last, rows)
        if item.split:
            spans = [
                definitions[child].first
                for child in item.children
                if definitions[child].is_span and definitions[child].kind != "const"
            ]
            end = max(item.row + 1, min([end, *spans]))
        if tiler.row > item.first:
            tiler.skip_blank(end)
        if end <= tiler.row:
            if tiler.defines:
                tiler.defines[-1] = (tiler.defines[-1] + names)[:_MAX_DEFINES]
            if item.split:
                open_scopes.append((item, len(tiler.spans) - 1))
            continue
        start = tiler.row
        traits = Trait(item.traits) if item.traits else Trait.NONE
        kind = _SPAN_KIND.get(item.kind, item.kind)
        index = len(tiler.spans)
        for first, last in _parts(roles, start, end, item.kind in FUNCTIONS):
            tiler.add(
                Span(kind, item.symbol, parent if first == start else index, first, last, traits),
                names if first == start else [],
            )
        if item.split:
            open_scopes.append((item, index))
    while open_scopes:
        close(*open_scopes.pop())
    tiler.gap(rows, -1, Trait.NONE)
    return merge_small(tiler.spans, tiler.defines)


def _parts(roles: bytearray, start: int, end: int, is_body: bool) -> list[tuple[int, int]]:
    """The rows of a definition in one piece, or in several where it is long; the first one opens the scope of the
    others. Who looks for a line of a function of a thousand lines should not have to pay for all of them."""
    longest, rows = (LONG_BODY_ROWS, PART_ROWS) if is_body else (2 * LONG_ROWS, LONG_ROWS)
    return cut(roles, start, end, rows) if end - start > longest else [(start, end)]


def merge_small(spans: list[Span], defines: list[list[str]]) -> tuple[list[Span], list[list[str]]]:
    """Join neighbours of one small kind and one parent while the result stays small."""
    parents = {span.parent for span in spans}
    kept: list[Span] = []
    names: list[list[str]] = []
    moved: list[int] = []
    owns = last_is_parent = False
    for index, (span, mine) in enumerate(zip(spans, defines, strict=True)):
        parent = moved[span.parent] if span.parent >= 0 else -1
        last = kept[-1] if kept else None
        last_is_parent, owns = owns, index in parents
        if (
            last is not None
            and span.kind in _MERGED
            and span.kind == last.kind
            and parent == last.parent
            and span.end - last.start <= SMALL_ROWS
            and not owns
            and not last_is_parent
        ):
            last.end = span.end
            if span.traits is not last.traits:
                last.traits |= span.traits
            names[-1] = (names[-1] + mine)[:_MAX_DEFINES]
        else:
            span.parent = parent
            kept.append(span)
            names.append(mine)
        moved.append(len(kept) - 1)
    return kept, names


def _names(item: Definition, definitions: list[Definition]) -> list[str]:
    """Unqualified names of a definition and of what it holds without giving it a span."""
    names = unqualified(item)
    if not item.split and item.children and item.kind not in FUNCTIONS:
        for child in item.children[:_MAX_DEFINES]:
            names += unqualified(definitions[child])
    return names[:_MAX_DEFINES]
