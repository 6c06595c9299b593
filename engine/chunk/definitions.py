"""Captured nodes to definitions: names and bodies found for each, wrappers applied, nesting known.

``captures()`` gives lists of nodes without saying which name belongs to which definition; one sweep in order of
position recovers that, because a definition's own name and body come before those of anything inside it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node

FUNCTIONS = frozenset({"function", "method", "test", "fixture", "demo", "const", "type"})
"""Kinds whose inside is a body: definitions in there are nested and get no span of their own."""
_HOLDS_ANYTHING = frozenset({"module", "namespace", "suite"})
_RANK = {"const": 0, "type": 1, "object": 2, "test": 5, "fixture": 5, "suite": 5, "demo": 5}
_MANY_NAMES = frozenset({"const", "type"})
_WHOLE_NAMES = frozenset({"rule", "element", "table", "test", "suite", "fixture", "demo", "statement"})
_DEFINITION = 2
# A body may start on the same byte as the first definition in it, so the enclosing one takes it first.
_ORDER = {"wrap": 0, "body": 1, "name": 3, "scope": 3}
_PLAIN = re.compile(rb"[A-Za-z_$][A-Za-z0-9_$]*")
_UNPRINTABLE = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029]+")
MAX_SYMBOL = 200
_LONG_ELEMENT = 40
_MAX_NAMES = 30


@dataclass(slots=True)
class Definition:
    """One definition and where its parts lie; rows count from 0, ends are exclusive."""

    kind: str
    """Kind of span it would be."""
    start_byte: int
    end_byte: int
    first: int
    """First row, wrappers such as decorators or ``export`` included."""
    row: int
    """Row where the definition proper starts."""
    last: int
    """Row behind the last one."""
    parent: int
    """Index of the enclosing definition, or -1."""
    nested: bool
    """Inside the body of a function."""
    names: list[str] = field(default_factory=list)
    scope: str = ""
    """Name of the receiver, for languages that write it beside the method."""
    body_row: int = -1
    body_byte: int = -1
    name_end: int = -1
    split: bool = False
    """Holds members that are spans of their own."""
    is_span: bool = False
    children: list[int] = field(default_factory=list)
    traits: int = 0
    """Value of a ``Trait``."""
    symbol: str = ""


def clean_name(raw: bytes) -> str:
    """A name fit for a symbol: one line, no control characters, no quotes around it, at most 200 characters."""
    if len(raw) <= MAX_SYMBOL and _PLAIN.fullmatch(raw):
        return raw.decode("ascii")
    text = raw[: 4 * MAX_SYMBOL].decode("utf-8", "replace")
    text = _UNPRINTABLE.sub(" ", text).strip(" :")
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'`":
        text = text[1:-1].strip()
    return "".join(filter(str.isprintable, text.replace("::", ".")))[:MAX_SYMBOL]


def unqualified(item: Definition) -> list[str]:
    """Names of a definition without what they are qualified with."""
    if item.kind in _WHOLE_NAMES:
        return item.names if item.kind not in ("element", "demo") else []
    return [name.rpartition(".")[2] or name for name in item.names]


def collect(data: bytes, found: dict[str, list[Node]]) -> list[Definition]:
    """Definitions in order of position, linked to the definition that encloses them."""
    events: list[tuple[int, int, int, int, int, str, Node]] = []
    for tag, nodes in found.items():
        if tag.startswith("def."):
            kind, order = tag[4:], _DEFINITION
        elif tag in _ORDER:
            kind, order = tag, _ORDER[tag]
        else:
            continue
        rank = -_RANK.get(kind, 3)
        for node in nodes:
            events.append((node.start_byte, order, -node.end_byte, rank, len(events), kind, node))
    events.sort()
    out: list[Definition] = []
    stack: list[Definition] = []
    indexes: list[int] = []
    wrap_row, wrap_end, wrap_last = -1, -1, -1
    for start, order, minus_end, _, _, kind, node in events:
        while stack and stack[-1].end_byte <= start:
            stack.pop()
            indexes.pop()
        if order == _DEFINITION:
            if out and out[-1].start_byte == start and out[-1].end_byte == -minus_end:
                continue
            row, (last, column) = node.start_point[0], node.end_point
            parent = stack[-1] if stack else None
            new = Definition(
                kind,
                start,
                -minus_end,
                row,
                row,
                last + 1 if column or last == row else last,
                indexes[-1] if indexes else -1,
                parent is not None and (parent.nested or parent.kind in FUNCTIONS),
            )
            if start < wrap_end:
                new.first, new.last, wrap_end = wrap_row, max(new.last, wrap_last), -1
            stack.append(new)
            indexes.append(len(out))
            if parent is not None:
                parent.children.append(len(out))
            out.append(new)
        elif kind == "wrap":
            if start >= wrap_end:
                wrap_row, wrap_end, wrap_last = node.start_point[0], -minus_end, node.end_point[0] + 1
        elif stack:
            top = stack[-1]
            if kind == "name":
                if not top.names or (top.kind in _MANY_NAMES and len(top.names) < _MAX_NAMES and top.body_byte < 0):
                    name = clean_name(data[start:-minus_end])
                    top.names.append(name.replace(":", ".") if top.kind in ("function", "method") else name)
                    top.name_end = -minus_end
            elif kind == "scope":
                top.scope = clean_name(data[start:-minus_end])
            elif top.body_byte < 0:
                top.body_row, top.body_byte = node.start_point[0], start
    settle(out)
    return out


def settle(definitions: list[Definition]) -> None:
    """Say which containers are split, which definitions are spans, and what each is called in full."""
    for item in reversed(definitions):
        if item.nested or item.parent < 0:
            continue
        above = definitions[item.parent]
        if above.kind in FUNCTIONS:
            continue
        if (
            item.split
            or (item.kind in FUNCTIONS and item.kind not in ("const", "type"))
            or above.kind in _HOLDS_ANYTHING
        ):
            above.split = True
    for item in definitions:
        if item.kind == "element" and item.children and item.last - item.row > _LONG_ELEMENT:
            item.split = True
        owner = definitions[item.parent] if item.parent >= 0 else None
        item.is_span = not item.nested and (owner is None or (owner.is_span and owner.split))
        if item.kind == "entry" and not item.split:
            item.is_span = False
        elif item.kind == "object" and not item.split:
            item.kind = "const"
        if item.kind == "function" and owner is not None and owner.kind not in _HOLDS_ANYTHING | FUNCTIONS:
            item.kind = "method"
        name = item.names[0] if item.names else ("default" if item.kind in ("function", "class", "object") else "")
        if item.scope:
            name = f"{item.scope}.{name}"
        if owner is not None and owner.symbol and name and item.kind != "element":
            name = f"{owner.symbol}.{name}" if owner.kind != "suite" else f"{owner.symbol} {name}"
        item.symbol = name[:MAX_SYMBOL]
