"""Line-structured text without a grammar: INI and its relatives, and prose in paragraphs."""

from __future__ import annotations

import re

from engine.chunk.config import Key, assemble
from engine.chunk.definitions import clean_name
from engine.chunk.lines import blocks
from engine.chunk.spans import FileChunks, Role, Span

_SECTION = re.compile(rb"\s*\[([^\]\n]*)\]\s*(?:[#;].*)?$")
_PAIR = re.compile(rb"(?:export\s+)?([A-Za-z_@*\"'][^=:\n]{0,150}?)\s*[=:]")
_TEXT_ROWS = 60


def chunk_ini(lines: list[bytes], language: str) -> FileChunks:
    """Sections and keys of ``.ini``, ``.cfg``, ``.properties``, ``.env`` and the like."""
    roles = bytearray(len(lines))
    keys: list[Key] = []
    depth = 1
    for row, line in enumerate(lines):
        text = line.strip()
        if not text:
            roles[row] = Role.BLANK
        elif text[:1] in b"#;!" or text[:2] == b"//":
            roles[row] = Role.COMMENT
        elif text[:1] == b"[" and (section := _SECTION.match(line)):
            keys.append((row, 1, clean_name(section[1])))
            depth = 2
        elif not line[:1].isspace() and (pair := _PAIR.match(line)):
            keys.append((row, depth, clean_name(pair[1])))
    return assemble(language, "lines", roles, keys, [])


def chunk_text(lines: list[bytes], language: str) -> FileChunks:
    """Prose in blocks of paragraphs."""
    roles = bytearray([Role.PARA if line.strip() else Role.BLANK for line in lines])
    row = 0
    while row < len(roles) and roles[row] == Role.BLANK:
        row += 1
    if row < len(roles):
        roles[row] = Role.PARA_FIRST
        row += 1
        while row < len(roles) and roles[row] == Role.PARA:
            roles[row] = Role.PARA_LEAD
            row += 1
    spans = [Span("section", "", -1, first, last) for first, last in blocks(roles, _TEXT_ROWS)]
    return FileChunks(language, "lines", "", spans, bytes(roles), [[] for _ in spans])
