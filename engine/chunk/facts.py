"""What the steps behind the parser ask for: definitions, and rows of statements, comments and strings."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine.chunk.definitions import Definition, collect

if TYPE_CHECKING:
    from tree_sitter import Node

RowPair = tuple[int, int]
"""First and last row."""
_MAX_CHILDREN = 20_000


@dataclass(slots=True)
class Facts:
    """A source file as seen by a grammar, or by a reader that knows its language well enough. Rows count from 0."""

    units: Callable[[list[Definition]], list[int]]
    """Rows where a statement starts, for every scope that holds one of the definitions; in order."""
    definitions: list[Definition] = field(default_factory=list)
    """In order of position, linked, without their final kinds: see ``engine.chunk.definitions.settle``."""
    heads: list[int] = field(default_factory=list)
    """Rows where a simple statement or a return starts, in order."""
    statements: list[RowPair] = field(default_factory=list)
    """Simple statements of several rows."""
    outcomes: list[RowPair] = field(default_factory=list)
    asserts: list[RowPair] = field(default_factory=list)
    imports: list[tuple[int, int, int, int]] = field(default_factory=list)
    """First row, row behind the last, first byte, byte behind the last."""
    comments: list[tuple[int, int, int, int]] = field(default_factory=list)
    """First row and column, last row and column; in order."""
    documented: list[int] = field(default_factory=list)
    """Rows whose comments above them are documentation."""
    attributes: set[int] = field(default_factory=set)
    """Rows that hold nothing but an attribute of what follows."""
    strings: list[RowPair] = field(default_factory=list)
    """Strings of several rows that are no documentation."""
    docs: list[tuple[int, int, int]] = field(default_factory=list)
    """First row and column and last row of docstrings."""
    calls: list[list[int]] = field(default_factory=list)
    """Bytes where an expression starts that calls a name; those together that are known to call the same one."""


def from_captures(data: bytes, lines: list[bytes], root: Node, found: dict[str, list[Node]]) -> Facts:
    """Facts of a parsed file.

    Args:
        data: text of the file.
        lines: its lines.
        root: the tree.
        found: captures of the language's query.
    """
    docs = {node.start_byte: node for node in found.get("doc", ())}
    statements, outcomes = _pairs(found, "stmt"), _pairs(found, "outcome")
    comments = [(node.start_byte, *node.start_point, *node.end_point) for node in found.get("comment", ())]
    # A query gives captures in no particular order.
    comments.sort()
    return Facts(
        units=lambda items: unit_rows(root, items),
        definitions=collect(data, found),
        heads=sorted({first for first, _ in (*statements, *outcomes)}),
        statements=[pair for pair in statements if pair[1] > pair[0]],
        outcomes=outcomes,
        asserts=_pairs(found, "assert"),
        imports=[_import(node) for node in found.get("import", ())],
        comments=[comment[1:] for comment in comments],
        documented=[node.start_point[0] for node in found.get("documented", ())],
        attributes={
            row
            for node in found.get("attr", ())
            for row in range(node.start_point[0], node.end_point[0] + 1)
            if not lines[node.end_point[0]][node.end_point[1] :].strip()
        },
        strings=[
            (first, last)
            for node in found.get("string", ())
            if (last := node.end_point[0]) > (first := node.start_point[0]) and node.start_byte not in docs
        ],
        docs=[(*node.start_point, node.end_point[0]) for node in docs.values()],
        calls=[[node.start_byte] for node in found.get("callee", ())],
    )


def _pairs(found: dict[str, list[Node]], tag: str) -> list[RowPair]:
    return [(node.start_point[0], node.end_point[0]) for node in found.get(tag, ())]


def _import(node: Node) -> tuple[int, int, int, int]:
    first, (last, column) = node.start_point[0], node.end_point
    return first, last + 1 if column or last == first else last, node.start_byte, node.end_byte


def unit_rows(root: Node, items: list[Definition]) -> list[int]:
    """Rows where a statement starts, for every scope whose inside is cut further.

    Only nodes that hold definitions are opened, so this never walks a whole tree.
    """
    starts = [item.start_byte for item in items]
    whole = {(item.start_byte, item.end_byte) for item in items if not item.split}
    found: set[int] = set()
    stack = [root]
    while stack:
        node = stack.pop()
        if node.child_count > _MAX_CHILDREN:
            continue
        for child in node.children:
            first, begin = child.start_point[0], child.start_byte
            found.add(first)
            if child.end_point[0] > first and (begin, child.end_byte) not in whole:
                at = bisect_left(starts, begin)
                if at < len(starts) and starts[at] < child.end_byte:
                    stack.append(child)
    return sorted(found)
