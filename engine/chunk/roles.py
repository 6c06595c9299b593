"""One role per line of source code, written in layers: what matters more is written later."""

from __future__ import annotations

from itertools import repeat
from operator import not_
from typing import TYPE_CHECKING

from engine.chunk.calls import fill, holds_statement, import_rule, mark_calls
from engine.chunk.comments import mark_adjacent_doc, mark_comments, mark_doc
from engine.chunk.definitions import Definition
from engine.chunk.facts import Facts
from engine.chunk.spans import Role

if TYPE_CHECKING:
    from engine.chunk.languages import Language

CLOSERS = b" \t\r\f\v)]},;"
_END_WORDS = frozenset(
    {b"end", b"fi", b"done", b"esac", b"endif", b"#endif", b"endef", b"</div>", b"</html>", b"</body>"}
)
_END_LANGUAGES = frozenset({"ruby", "lua", "bash", "elixir", "make", "c", "cpp", "html"})
# Plain integers: a member of an enumeration is looked up slowly, and lines are many.
_CLOSE, _BLANK = int(Role.CLOSE), int(Role.BLANK)
_NESTED, _SIGNATURE, _DIRECTIVE = int(Role.NESTED), int(Role.SIGNATURE), int(Role.DIRECTIVE)
_BETWEEN = bytes((Role.COMMENT, Role.BLANK, Role.DECORATION, Role.DOC))
"""What may stand between a signature and its body."""
_ASSERT, _OUTCOME, _IMPORT = int(Role.ASSERT), int(Role.OUTCOME), int(Role.IMPORT)
_MAX_SIGNATURE_ROWS = 40
_COMMENTS = bytes((Role.COMMENT, Role.DIRECTIVE, Role.DECORATION, Role.DOC_FIRST, Role.DOC_LEAD, Role.DOC))


def base_roles(lines: list[bytes], end_words: bool = False) -> bytes:
    """Blank lines and lines of closing brackets (or words such as ``end``); everything else is code."""
    base = bytearray(map(not_, map(bytes.strip, lines, repeat(CLOSERS))))
    row = base.find(1)
    while row >= 0:
        base[row] = _CLOSE if lines[row].strip() else _BLANK
        row = base.find(1, row + 1)
    if not end_words:
        return bytes(base)
    return bytes(
        [_CLOSE if line.strip(CLOSERS) in _END_WORDS else role for line, role in zip(lines, base, strict=True)]
    )


def mark_code(data: bytes, starts: list[int], lines: list[bytes], facts: Facts, language: Language) -> bytearray:
    """Roles of every line of a source file."""
    base = base_roles(lines, language.name in _END_LANGUAGES)
    roles = bytearray(base)
    rule = import_rule(language.name)
    defined = {
        name.rpartition(".")[2].encode()
        for item in facts.definitions
        if item.kind not in ("const",)
        for name in item.names[:1]
    }
    heads = facts.heads
    mark_calls(data, starts, base, roles, facts, defined, rule)
    for pairs, role in ((facts.asserts, _ASSERT), (facts.outcomes, _OUTCOME)):
        for first, last in pairs:
            if last == first or holds_statement(heads, first, last):
                roles[first] = role
            else:
                fill(base, roles, first, last + 1, role)
    for first, behind, _, _ in facts.imports:
        for row in range(first, behind):
            if base[row] != _BLANK:
                roles[row] = _IMPORT
    mark_comments(lines, roles, facts.comments, language)
    for row in facts.documented:
        mark_adjacent_doc(lines, roles, row)
    _mark_signatures(data, lines, roles, facts.definitions, facts.attributes, language)
    _mark_strings(lines, roles, facts)
    return roles


def _mark_signatures(
    data: bytes,
    lines: list[bytes],
    roles: bytearray,
    definitions: list[Definition],
    attributes: set[int],
    language: Language,
) -> None:
    """Mark the signature rows of definitions, and find where each really starts: attributes and comments above it."""
    for item in definitions:
        kind = item.kind
        if kind in ("entry", "element") and not item.split:
            continue
        in_function = item.nested
        top = item.first
        while top > 0 and (top - 1 in attributes or roles[top - 1] == _DIRECTIVE):
            top -= 1
        if kind == "statement" or (kind == "const" and roles[item.row] == Role.IMPORT):
            continue
        if language.doc_adjacent and (item.is_span or not in_function) and kind != "demo":
            mark_adjacent_doc(lines, roles, top)
        end = _signature_end(data, lines, roles, item)
        role = _NESTED if in_function else _SIGNATURE
        start = item.first
        while start - 1 in attributes:
            start -= 1
        for row in range(start, end):
            if roles[row] != _NESTED:
                roles[row] = role
        if not item.is_span:
            continue
        while top > 0 and (roles[top - 1] in _COMMENTS or top - 1 in attributes):
            top -= 1
        item.first = min(item.first, top)


def _signature_end(data: bytes, lines: list[bytes], roles: bytearray, item: Definition) -> int:
    """Row behind the signature of a definition."""
    if item.kind in ("const", "demo", "object", "entry", "element", "rule", "statement", "table"):
        return item.row + 1
    if item.body_row < 0:
        if item.kind in ("type", "struct"):
            return item.row + 1
        return min(item.last, item.row + _MAX_SIGNATURE_ROWS)
    end = item.body_row
    line = lines[end]
    column = len(line) - len(line.lstrip())
    at = item.body_byte
    before = data[at - column : at]
    opens = data[at : at + 1] in (b"{", b"=") or data[at : at + 2] == b"do"
    if end <= item.row or opens or before.strip() or b"\n" in before:
        end += 1
    else:
        while end - 1 > item.row and roles[end - 1] in _BETWEEN:
            end -= 1
    return max(item.row + 1, min(end, item.row + _MAX_SIGNATURE_ROWS))


def _mark_strings(lines: list[bytes], roles: bytearray, facts: Facts) -> None:
    """Protect continuation rows of strings, then mark docstrings."""
    for first, last in facts.strings:
        roles[first + 1 : last + 1] = bytes((Role.STRING,)) * (last - first)
    for row, column, last in facts.docs:
        before = lines[row][:column].strip()
        if not before or before.startswith(b"@"):
            mark_doc(lines, roles, row, last + 1, column)
