"""Blocks of a Python file while it is read, and what of them lies outside of functions."""

from __future__ import annotations

from bisect import bisect_left

from engine.chunk.definitions import Definition


class Scope:
    """A statement, clause or block outside of functions that may hold definitions."""

    __slots__ = ("definition", "first", "inside", "last", "rows", "start")

    def __init__(self, first: int, start: int, definition: Definition | None = None) -> None:
        self.first = self.last = first
        self.start = start
        self.definition = definition
        self.rows: list[int] = []
        """Rows where its parts start."""
        self.inside: list[Scope] = []


class Block:
    """A block that is being read."""

    __slots__ = ("around", "compound", "definition", "header", "indent", "index", "scope")

    def __init__(
        self,
        indent: int,
        index: int,
        definition: Definition | None = None,
        scope: Scope | None = None,
        header: Scope | None = None,
        around: Scope | None = None,
    ) -> None:
        self.indent = indent
        """Of its statements; of its header while none was read."""
        self.index = index
        """Number of the definition that its statements are in, or -1."""
        self.definition = definition
        """What ends with the block."""
        self.scope = scope
        """Its statements, outside of functions."""
        self.header = header
        """The statement or clause that it belongs to."""
        self.around = around
        """The statement that the clause belongs to."""
        self.compound: Scope | None = None
        """The statement before, where clauses may follow it."""

    def enter(self, first: int, at: int, indent: int, waiting: list[tuple[int, int]]) -> None:
        """Begin with a statement.

        Args:
            first: its row.
            at: its first byte.
            indent: its indentation.
            waiting: row and indentation of the comments between the header and it; taken.
        """
        if self.definition is not None and self.definition.kind != "demo":
            self.definition.body_row, self.definition.body_byte = first, at
        if self.scope is not None and self.header is not None:
            self.header.rows += [first, *(row for row, _ in waiting)]
            self.scope.first, self.scope.start = first, at
        waiting.clear()
        self.indent = indent

    def close(self, last: int, waiting: list[tuple[int, int]], starts: list[int]) -> int:
        """End behind those comments that are indented like the block.

        Args:
            last: last row of its statements.
            waiting: row and indentation of the comments behind them; those in the block are taken.
            starts: byte offset of every row.

        Returns:
            Its last row.
        """
        taken = 0
        while taken < len(waiting) and waiting[taken][1] >= self.indent:
            taken += 1
        if taken:
            last = waiting[taken - 1][0]
            if self.scope is not None:
                self.scope.rows += [row for row, _ in waiting[:taken]]
            del waiting[:taken]
        if self.definition is not None:
            self.definition.last = last + 1
            self.definition.end_byte = starts[last + 1]
        for scope in (self.scope, self.header, self.around):
            if scope is not None:
                scope.last = last
        return last


def unit_rows(root: Scope, starts: list[int], items: list[Definition]) -> list[int]:
    """Rows of statements: see ``engine.chunk.facts.Facts.units``.

    Args:
        root: the file.
        starts: byte offset of every row.
        items: definitions that get spans.
    """
    item_starts = [item.start_byte for item in items]
    whole = {item.start_byte for item in items if not item.split}
    found: set[int] = set()
    scopes = [root]
    while scopes:
        scope = scopes.pop()
        found.update(scope.rows)
        for inner in scope.inside:
            if inner.last > inner.first and not (inner.definition is not None and inner.start in whole):
                at = bisect_left(item_starts, inner.start)
                if at < len(item_starts) and item_starts[at] < starts[inner.last + 1]:
                    scopes.append(inner)
    return sorted(found)
