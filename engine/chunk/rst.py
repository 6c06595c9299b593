"""reStructuredText and documents like it: underlined headings, directives, literal blocks, by their lines."""

from __future__ import annotations

import re

from engine.chunk.sections import Heading, build
from engine.chunk.spans import FileChunks, Role

# What titles are underlined with.
_MARKS = b"=-~^\"'`#*+.:_<>"
_RULE = re.compile(rb"([=\-~^\"'`#*+.:_<>])\1{2,}\s*$")
_DIRECTIVE = re.compile(rb"\s*\.\.\s+(?:\|[^|\n]*\|\s+)?([\w:.+-]+)::")
_CODE = re.compile(
    rb"(?:code|code-block|sourcecode|literalinclude|parsed-literal|console|doctest|testcode|highlight|math|productionlist|raw|prompt|snippet|ipython|testsetup|testoutput)$"
)
_NOISE = re.compile(
    rb"(?:toctree|contents|image|figure|highlight|index|currentmodule|sectionauthor|codeauthor|meta|raw|role|default-role|include|sectnum|only|tabularcolumns|module)$"
)
# Plain integers: a member of an enumeration is looked up slowly, and lines are many.
_BLANK, _HEADING, _FENCE, _DECORATION = int(Role.BLANK), int(Role.HEADING), int(Role.FENCE), int(Role.DECORATION)
_PARA, _PARA_FIRST, _PARA_LEAD = int(Role.PARA), int(Role.PARA_FIRST), int(Role.PARA_LEAD)


def chunk_rst(lines: list[bytes], language: str) -> FileChunks:
    """Cut a document with underlined headings into sections."""
    roles = bytearray([_PARA if line.strip() else _BLANK for line in lines])
    headings = _headings(lines, roles)
    waiting, in_lead, session = True, False, False
    block, block_indent, block_role, pending = -1, 0, _FENCE, False
    for row, line in enumerate(lines):
        role = roles[row]
        if role == _HEADING:
            waiting, in_lead, block, pending = True, False, -1, False
            continue
        if role == _BLANK:
            in_lead = False
            if block >= 0 and block_role == _FENCE and _continues(lines, row, block):
                roles[row] = _FENCE
            continue
        indent = len(line) - len(line.lstrip())
        if block >= 0 and indent > block:
            roles[row] = block_role
            continue
        if pending:
            pending = False
            if indent > block_indent:
                block, block_role = block_indent, _FENCE
                roles[row] = _FENCE
                continue
        block = -1
        text = line.lstrip()
        found = _DIRECTIVE.match(line[:300]) if text.startswith(b"..") else None
        if found:
            name = found[1].rpartition(b":")[2]
            if _CODE.match(name):
                block, block_role = indent, _FENCE
            elif _NOISE.match(name):
                block, block_role = indent, _DECORATION
            roles[row] = block_role if block >= 0 else _PARA
            continue
        if text.startswith(b".. ") or text.rstrip() == b"..":
            roles[row] = _DECORATION
            block, block_role = indent, _DECORATION
            continue
        session = text.startswith((b">>> ", b"... ", b"$ ")) or (session and roles[row - 1] == _FENCE)
        if session:
            roles[row] = _FENCE
        elif in_lead:
            roles[row] = _PARA_LEAD
        elif waiting:
            roles[row] = _PARA_FIRST
            waiting, in_lead = False, True
        if text.rstrip().endswith(b"::"):
            pending, block_indent = True, indent
    return build(language, "lines", roles, headings)


def _headings(lines: list[bytes], roles: bytearray) -> list[Heading]:
    """Find underlined titles; the order in which underlines appear says how deep each is (docutils)."""
    styles: list[bytes] = []
    found: list[Heading] = []
    for row in range(1, len(lines)):
        rule = lines[row]
        if rule[:1] not in _MARKS or len(rule := rule.rstrip()) < 3 or not _RULE.match(rule):
            continue
        title = lines[row - 1].strip()
        over = row > 1 and lines[row - 2].rstrip() == rule
        if not title or roles[row - 1] == _HEADING or _RULE.match(title) or len(title) > len(rule) + 3:
            continue
        if lines[row - 1][:1].isspace() and not over:
            continue
        if row > 1 and not over and lines[row - 2].strip() and roles[row - 2] != _HEADING:
            continue
        style = rule[:1] + (b"o" if over else b"")
        if style not in styles:
            styles.append(style)
        first = row - 2 if over else row - 1
        for at in range(first, row + 1):
            roles[at] = _HEADING
        found.append(Heading(first, styles.index(style) + 1, title))
    return found


def _continues(lines: list[bytes], row: int, indent: int) -> bool:
    """Whether an indented block goes on behind a blank row."""
    for line in lines[row : row + 50]:
        text = line.lstrip()
        if text:
            return len(line) - len(text) > indent
    return False
