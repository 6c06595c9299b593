"""Which calls a reader should see: those to what this file defines or brings in from outside the standard library."""

from __future__ import annotations

import re
import sys
import tomllib
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from engine.chunk.spans import Role

if TYPE_CHECKING:
    from tree_sitter import Node

_CALLEE = rb"(?:new\s+|await\s+)?[$@]?([A-Za-z_][\w$]*)[!?]?(?:\s*(?:\?\.|->|::|\.|:)\s*([A-Za-z_$][\w$]*))?"
_IDENTIFIER = re.compile(rb"([A-Za-z_$][\w$]*)(?:\s+as\s+([A-Za-z_$][\w$]*))?")
_SELF = frozenset({b"self", b"this", b"cls", b"Self", b"super", b"static", b"me"})
_ASSERT, _CALL, _BLANK = int(Role.ASSERT), int(Role.CALL), int(Role.BLANK)
MAX_STATEMENT_ROWS = 8
"""Rows of a long call or return that keep its role; the rest is ordinary code."""


@dataclass(frozen=True, slots=True)
class ImportRule:
    """How one language writes an import."""

    patterns: tuple[re.Pattern[bytes], ...]
    """Groups ``names`` and ``source``."""
    standard: re.Pattern[bytes] | None
    """Sources of the standard library."""
    callee: re.Pattern[bytes]
    """Groups: an assertion, else the first name of a callee and the second."""


@cache
def import_rule(language: str) -> ImportRule:
    """The row of ``calls.toml`` for a language; an empty rule where it has none."""
    raw = tomllib.loads((files("engine.chunk") / "calls.toml").read_text("utf-8"))
    row = {**raw["default"], **raw.get(raw["same"].get(language, language), {})}
    standard = row["standard"]
    if standard == "<python>":
        standard = "(?:" + "|".join(sorted(sys.stdlib_module_names)) + r")\b"
    return ImportRule(
        tuple(re.compile(pattern.encode()) for pattern in row["patterns"]),
        re.compile(standard.encode()) if standard else None,
        re.compile(b"(" + row["asserts"].encode() + b")|" + _CALLEE),
    )


def imported_names(data: bytes, nodes: list[Node], rule: ImportRule) -> set[bytes]:
    """Names that import statements bring in from outside the standard library."""
    names: set[bytes] = set()
    for node in nodes:
        text = data[node.start_byte : min(node.end_byte, node.start_byte + 20_000)]
        for pattern in rule.patterns:
            for found in pattern.finditer(text):
                if rule.standard is not None and rule.standard.match(found["source"]):
                    continue
                for name, alias in _IDENTIFIER.findall(found["names"]):
                    names.add(alias or name)
    return names


def mark_calls(
    data: bytes,
    base: bytes,
    roles: bytearray,
    found: dict[str, list[Node]],
    defined: set[bytes],
    rule: ImportRule,
    heads: list[int],
) -> None:
    """Mark the rows of statements that call a known name, and those that assert."""
    callees = found.get("callee", ())
    if not callees:
        return
    known = defined | imported_names(data, found.get("import", []), rule)
    match = rule.callee.match
    rows: dict[int, int] = {}
    for node in callees:
        hit = match(data, node.start_byte)
        if hit is None:
            continue
        asserts, name, member = hit.groups()
        if asserts:
            rows[node.start_point[0]] = _ASSERT
        elif name in known or (name in _SELF and member in defined):
            rows.setdefault(node.start_point[0], _CALL)
    if not rows:
        return
    for row, role in rows.items():
        roles[row] = role
    marked = sorted(rows)
    for node in found.get("stmt", ()):
        first, last = node.start_point[0], node.end_point[0]
        if last > first and (first in rows or last - first < MAX_STATEMENT_ROWS):
            stop = min(last + 1, first + MAX_STATEMENT_ROWS)
            at = bisect_left(marked, first)
            if at < len(marked) and marked[at] < stop and not holds_statement(heads, first, last):
                fill(base, roles, first, last + 1, max(rows.get(row, 0) for row in range(first, stop)))


def statement_rows(found: dict[str, list[Node]]) -> list[int]:
    """Rows where a simple statement or a return starts, in order."""
    return sorted({node.start_point[0] for tag in ("stmt", "outcome") for node in found.get(tag, ())})


def holds_statement(heads: list[int], first: int, last: int) -> bool:
    """Whether other statements start within the rows behind the first: a call that is given a function."""
    at = bisect_right(heads, first)
    return at < len(heads) and heads[at] <= last


def fill(base: bytes, roles: bytearray, first: int, last: int, role: int) -> None:
    """Give ``role`` to the rows of a statement, blank rows and those behind the first few excepted."""
    last = min(last, first + MAX_STATEMENT_ROWS)
    for row in range(first, last):
        if base[row] != _BLANK:
            roles[row] = role
