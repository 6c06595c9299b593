"""Configuration as a tree of keys: what is at the top, one below, deeper, and the values between."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING

from engine.chunk.comments import mark_comments
from engine.chunk.definitions import MAX_SYMBOL, clean_name
from engine.chunk.gaps import LONG_ROWS, SMALL_ROWS, cut
from engine.chunk.grammars import captures, parse
from engine.chunk.roles import base_roles
from engine.chunk.spans import FileChunks, Role, Span

if TYPE_CHECKING:
    from engine.chunk.languages import Language
    from engine.chunk.source import SourceText

Key = tuple[int, int, str]
"""Row, depth from 1, name."""
_START = attrgetter("start_byte")
_MAX_DEFINES = 30
_NOT_VALUES = frozenset({Role.BLANK, Role.CLOSE, Role.COMMENT, Role.DIRECTIVE, Role.DECORATION, Role.LICENCE})


def chunk_config(source: SourceText, lines: list[bytes], language: Language, deadline: float) -> FileChunks:
    """Cut a configuration file by its keys.

    Raises:
        TooSlow: parsing or querying passed the deadline.
    """
    data = source.data
    tree = parse(language, data, deadline)
    found = captures(language, tree.root_node, deadline)
    roles = bytearray(base_roles(lines))
    comments = [(node.start_byte, *node.start_point, *node.end_point) for node in found.get("comment", ())]
    # A query gives captures in no particular order.
    mark_comments(lines, roles, [comment[1:] for comment in sorted(comments)], language)
    events = [(node.start_byte, 0, -node.end_byte, node.start_point[0]) for node in found.get("pair", ())]
    events += [(node.start_byte, 1, -node.end_byte, 0) for node in found.get("key", ())]
    events.sort()
    ends: list[int] = []
    keys: list[Key] = []
    for start, order, minus_end, row in events:
        if order == 0:
            while ends and ends[-1] <= start:
                ends.pop()
            ends.append(-minus_end)
            keys.append((row, len(ends), ""))
        elif keys:
            row, depth, name = keys[-1]
            word = clean_name(data[start:-minus_end])
            keys[-1] = (row, depth, f"{name}.{word}" if name else word)
    for node in found.get("string", ()):
        first, last = node.start_point[0], min(node.end_point[0] + 1, len(roles))
        if last > first + 1:
            roles[first + 1 : last] = bytes((Role.VALUE,)) * (last - first - 1)
    items = sorted({node.start_point[0] for node in found.get("item", ())})
    return assemble(language.name, "tree", roles, keys, items)


def assemble(language: str, method: str, roles: bytearray, keys: list[Key], items: list[int]) -> FileChunks:
    """Mark key rows and group top-level keys into tables.

    Args:
        language: name for the result.
        method: ``tree`` or ``lines``.
        roles: comments, blanks and closing lines are set, the rest is code.
        keys: in order of position.
        items: rows where an item of a top-level list starts.
    """
    owner: dict[int, Key] = {}
    for key in keys:
        owner.setdefault(key[0], key)
    for row, role in enumerate(roles):
        if row in owner:
            roles[row] = (Role.KEY1, Role.KEY1, Role.KEY2, Role.KEY3)[min(owner[row][1], 3)]
        elif role not in _NOT_VALUES:
            roles[row] = Role.VALUE
    heads = sorted({row for row, key in owner.items() if key[1] == 1} | set(items))
    inner = sorted(row for row, key in owner.items() if key[1] == 2)
    spans: list[Span] = []
    defines: list[list[str]] = []
    # Comments directly above a key are about it.
    starts = [_with_comments(roles, row) for row in heads] or [0]
    starts[0] = 0
    for index, start in enumerate(starts):
        end = starts[index + 1] if index + 1 < len(starts) else len(roles)
        name = owner[heads[index]][2][:MAX_SYMBOL] if heads and heads[index] in owner else ""
        if spans and end - spans[-1].start <= SMALL_ROWS:
            spans[-1].end = end
            defines[-1] = [*defines[-1], name][:_MAX_DEFINES] if name else defines[-1]
        elif end > start:
            pieces = _pieces(roles, inner, start, end) if end - start > LONG_ROWS else [(start, end)]
            parent = len(spans)
            for low, high in pieces:
                spans.append(Span("table", name, parent if low > start else -1, low, high))
                defines.append([name] if name and low == start else [])
    return FileChunks(language, method, "", spans, bytes(roles), defines)


def _with_comments(roles: bytearray, row: int) -> int:
    while row > 0 and roles[row - 1] in (Role.COMMENT, Role.DIRECTIVE, Role.DECORATION):
        row -= 1
    return row


def _pieces(roles: bytearray, inner: list[int], start: int, end: int) -> list[tuple[int, int]]:
    """Cut a long table at its second-level keys, else wherever ``cut`` can."""
    out: list[tuple[int, int]] = []
    low = last = start
    for row in [*(_with_comments(roles, row) for row in inner if start < row < end), end]:
        if row - low > 2 * SMALL_ROWS and last > low:
            out.append((low, last))
            low = last
        last = row
    out.append((low, end))
    return [
        piece for low, high in out for piece in (cut(roles, low, high) if high - low > LONG_ROWS else [(low, high)])
    ]
