"""Markdown through its block grammar."""

from __future__ import annotations

import re
from operator import attrgetter
from typing import TYPE_CHECKING

from engine.chunk.grammars import captures, parse
from engine.chunk.sections import Heading, build
from engine.chunk.spans import FileChunks, Role

if TYPE_CHECKING:
    from tree_sitter import Node

    from engine.chunk.languages import Language
    from engine.chunk.source import SourceText

_BADGES = re.compile(
    rb"\s*(?:\[?!\[[^\]\n]*\](?:\([^)\n]*\)|\[[^\]\n]*\])(?:\](?:\([^)\n]*\)|\[[^\]\n]*\]))?\s*\|?\s*)+(?:<br\s*/?>)?\s*$"
)
_CONTENTS = re.compile(rb"\s*(?:[-*+]|\d+[.)])\s+\[[^\]\n]*\]\(#[^)\n]*\)\s*$")
_MARKUP = re.compile(rb"<!--.*?-->|<[^>]*>", re.S)
_RULES = re.compile(rb"[ \t]*[-*_=:|+ \t\r]{3,}$")
_HASHES = re.compile(rb"\s*(#+)\s*(.*?)\s*#*\s*$", re.S)
_START = attrgetter("start_byte")


def chunk_markdown(source: SourceText, lines: list[bytes], language: Language, deadline: float) -> FileChunks:
    """Cut a Markdown file into sections.

    Raises:
        TooSlow: parsing or querying passed the deadline.
    """
    data = source.data
    tree = parse(language, data, deadline)
    found = captures(language, tree.root_node, deadline)
    roles = bytearray([Role.PARA if line.strip() else Role.BLANK for line in lines])
    headings: list[Heading] = []
    matter = 0
    for node in found.get("meta", ()):
        first, last = _rows(node, lines)
        if first == 0:
            matter = last
            _fill(roles, first, last, Role.KEY1)
    # Paragraphs of an underlined heading are captured before the heading overwrites them.
    waiting = True
    events = [(node.start_byte, 1, node) for node in found.get("paragraph", ())]
    events += [(node.start_byte, 0, node) for node in found.get("heading", ())]
    title_end = 0
    for start, order, node in sorted(events, key=lambda event: event[:2]):
        first, last = _rows(node, lines)
        if order == 0:
            title_end, waiting = node.end_byte, True
            _fill(roles, first, last, Role.HEADING)
            headings.append(_heading(data[node.start_byte : node.end_byte], first))
        elif waiting and start >= title_end and not all(_is_decoration(line) for line in lines[first:last]):
            waiting = False
            _fill(roles, first, last, Role.PARA_LEAD)
            roles[first] = Role.PARA_FIRST
    for row, line in enumerate(lines):
        if roles[row] != Role.BLANK and roles[row] != Role.HEADING and _is_decoration(line):
            roles[row] = Role.DECORATION
    for node in found.get("html", ()):
        first, last = _rows(node, lines)
        text = data[node.start_byte : node.end_byte]
        if text.lstrip().startswith(b"<!--") or not _MARKUP.sub(b"", text).strip():
            _fill(roles, first, last, Role.DECORATION)
    for node in found.get("decoration", ()):
        _fill(roles, *_rows(node, lines), Role.DECORATION)
    for node in found.get("fence", ()):
        first, last = _rows(node, lines)
        while last > first and not lines[last - 1].strip():
            last -= 1
        roles[first:last] = bytes((Role.FENCE,)) * (last - first)
    # A lone carriage return ends a line for the grammar and not for us: two headings may share a row.
    by_row = {heading.row: heading for heading in sorted(headings, key=attrgetter("row"), reverse=True)}
    return build(language.name, "tree", roles, sorted(by_row.values(), key=attrgetter("row")), matter)


def _is_decoration(line: bytes) -> bool:
    head = line.lstrip()[:1]
    if head in (b"[", b"!"):
        return _BADGES.match(line[:4000]) is not None
    if head in (b"-", b"*", b"+") or head.isdigit():
        return _CONTENTS.match(line[:4000]) is not None
    return head == b"|" and _RULES.match(line) is not None


def _rows(node: Node, lines: list[bytes]) -> tuple[int, int]:
    first, (last, column) = node.start_point[0], node.end_point
    return first, min(last + 1 if column or last == first else last, len(lines))


def _fill(roles: bytearray, first: int, last: int, role: Role) -> None:
    for row in range(first, last):
        if roles[row] != Role.BLANK:
            roles[row] = role


def _heading(text: bytes, row: int) -> Heading:
    hashes = _HASHES.match(text)
    if hashes:
        return Heading(row, len(hashes[1]), hashes[2])
    title, _, rule = text.rstrip().rpartition(b"\n")
    return Heading(row, 1 if rule.strip().startswith(b"=") else 2, title)
