"""Which calls a reader should see: those to what this file defines or brings in from outside the standard library."""

from __future__ import annotations

import re
import sys
import tomllib
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from engine.chunk.facts import Facts
from engine.chunk.spans import Role

_CALLEE = rb"(?:new\s+|await\s+)?[$@]?([A-Za-z_][\w$]*)[!?]?(?:\s*(?:\?\.|->|::|\.|:)\s*([A-Za-z_$][\w$]*))?"
_IDENTIFIER = re.compile(rb"([A-Za-z_$][\w$]*)(?:\s+as\s+([A-Za-z_$][\w$]*))?")
_SELF = frozenset({b"self", b"this", b"cls", b"Self", b"super", b"static", b"me"})
_ASSERT, _CALL, _BLANK = int(Role.ASSERT), int(Role.CALL), int(Role.BLANK)
_MAX_IMPORT_BYTES = 20_000
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


def imported_names(data: bytes, facts: Facts, rule: ImportRule) -> set[bytes]:
    """Names that import statements bring in from outside the standard library."""
    names: set[bytes] = set()
    for _, _, start, end in facts.imports:
        text = data[start : min(end, start + _MAX_IMPORT_BYTES)]
        for pattern in rule.patterns:
            for found in pattern.finditer(text):
                if rule.standard is not None and rule.standard.match(found["source"]):
                    continue
                for name, alias in _IDENTIFIER.findall(found["names"]):
                    names.add(alias or name)
    return names


def mark_calls(
    data: bytes,
    starts: list[int],
    base: bytes,
    roles: bytearray,
    facts: Facts,
    defined: set[bytes],
    rule: ImportRule,
) -> None:
    """Mark the rows of statements that call a known name, and those that assert."""
    if not facts.calls:
        return
    known = defined | imported_names(data, facts, rule)
    match = rule.callee.match
    rows: dict[int, int] = {}
    for alike in facts.calls:
        hit = match(data, alike[0])
        if hit is None:
            continue
        asserts, name, member = hit.groups()
        if asserts:
            for start in alike:
                rows[bisect_right(starts, start) - 1] = _ASSERT
        elif name in known or (name in _SELF and member in defined):
            for start in alike:
                rows.setdefault(bisect_right(starts, start) - 1, _CALL)
    if not rows:
        return
    for row, role in rows.items():
        roles[row] = role
    marked = sorted(rows)
    heads = facts.heads
    for first, last in facts.statements:
        if first in rows or last - first < MAX_STATEMENT_ROWS:
            stop = min(last + 1, first + MAX_STATEMENT_ROWS)
            at = bisect_left(marked, first)
            if at < len(marked) and marked[at] < stop and not holds_statement(heads, first, last):
                fill(base, roles, first, last + 1, max(rows.get(row, 0) for row in range(first, stop)))


def holds_statement(heads: list[int], first: int, last: int) -> bool:
    """Whether other statements start within the rows behind the first: a call that is given a function."""
    at = bisect_right(heads, first)
    return at < len(heads) and heads[at] <= last


def fill(base: bytes, roles: bytearray, first: int, last: int, role: int) -> None:
    """Give ``role`` to the rows of a statement, blank rows and those behind the first few excepted.

    Some grammars end a statement that is never closed behind the last row.
    """
    last = min(last, first + MAX_STATEMENT_ROWS, len(roles))
    for row in range(first, last):
        if base[row] != _BLANK:
            roles[row] = role
