"""Python by its lines: of files that are plainly Python, the facts that the grammar gives in a third of its time.

Statements are told by their first word and blocks by their indentation, once strings and comments are out of the way.
Whatever is not told so surely, two statements on a line or a word with two meanings, is left to the grammar.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import partial
from typing import TYPE_CHECKING

from engine.chunk.definitions import FUNCTIONS, MAX_SYMBOL, Definition, clean_name, settle
from engine.chunk.facts import Facts
from engine.chunk.python_blocks import Block, Scope, unit_rows
from engine.chunk.python_calls import call_starts, spreads
from engine.chunk.python_text import PythonText, read_text
from engine.chunk.python_words import (
    ASSERT,
    ASYNC,
    CLASS,
    CLAUSE,
    COMMENT,
    DECORATOR,
    FUNCTION,
    IMPORT,
    KINDS,
    NEVER,
    OTHER,
    OUTCOME,
    SIMPLE,
    SOFT,
    TEXT,
    behind_colon,
    ends_open,
)

if TYPE_CHECKING:
    from engine.chunk.source import SourceText

_HEAD = re.compile(rb"\n( *)(\w+|[^\w\n]?)")
_DEFINITION = re.compile(rb"(?:async )?(?:def|class) ([A-Za-z_]\w*)")
_CONSTANT = re.compile(rb"([A-Za-z_]\w*) *(?::|=(?!=))")
_MAIN = re.compile(rb'if (__name__ *== *"+) *:')
# The grammar takes `type(a).b = c` for the alias of a type. A list may be something that cannot be assigned to.
_CLEAR = re.compile(rb"(?!type\()\w+(?:[(.,\[]| *=)|\[[^=\n]*(?:\n|\Z)")
_WORD = re.compile(rb"\w+|[^\w\s]")
_LITERAL = re.compile(rb'[A-Za-z]{0,2}"')
_MAX_DEPTH = 40
"""Blocks within blocks; far more than people write, and less than where the grammar's query gives up."""
_MAX_STATEMENTS = 15_000
"""Of one block; many more make a tree too wide, see ``engine.chunk.grammars``."""


def read_python(source: SourceText) -> Facts | None:
    """Facts of a Python file, or None where only the grammar can tell."""
    text = read_text(source.data, source.line_starts)
    return None if text is None else _Reader(source, text).read()


class _Reader:
    """Goes through the statements of one file."""

    def __init__(self, source: SourceText, text: PythonText) -> None:
        self._data = source.data
        self._starts = source.line_starts
        self._text = text
        self._root = Scope(0, 0)
        self._facts = Facts(partial(unit_rows, self._root, source.line_starts), comments=text.comments)
        self._named: set[int] = set()
        """Where names stand that are being defined."""

    def read(self) -> Facts | None:
        text, starts, facts = self._text, self._starts, self._facts
        code, rows, joined = text.code, text.rows, text.joined
        statements, heads = facts.statements, facts.heads
        commented = {comment[0] for comment in text.comments}
        kind_of = KINDS.get
        top = Block(0, -1, scope=self._root)
        blocks = [top]
        opened: Block | None = None
        fresh = True
        decorated = -1
        last = resume = indent = 0
        waiting: list[tuple[int, int]] = []
        """Comments on lines of their own whose block is not known yet: row and indentation."""
        for line, (margin, word) in enumerate(_HEAD.findall(b"\n" + code)):
            if not word:
                continue
            if line < resume:
                if len(margin) < indent and word not in b")]}":
                    # The grammar may end the block there, brackets or not.
                    return None
                continue
            indent = len(margin)
            kind = kind_of(word, SIMPLE)
            first = rows[line]
            if kind == COMMENT:
                waiting.append((first, indent))
                continue
            at = starts[first] + indent
            if opened is not None:
                if indent <= opened.indent or len(blocks) > _MAX_DEPTH:
                    return None
                opened.enter(first, at, indent, waiting)
                top, opened, fresh = opened, None, True
                blocks.append(top)
            elif indent != top.indent:
                while top.indent > indent:
                    last = blocks.pop().close(last, waiting, starts)
                    top = blocks[-1]
                if top.indent != indent:
                    return None
            resume = joined[line] + 1 if line in joined else line + 1
            last = rows[resume] - 1
            scope = top.scope
            if kind == SIMPLE and scope is None and decorated < 0:
                # Most lines of most files: statements in functions.
                fresh = False
                heads.append(first)
                if last > first:
                    statements.append((first, last))
                if waiting:
                    waiting.clear()
                continue
            if scope is not None:
                if kind != CLAUSE:
                    scope.rows.append(first)
                    if last > first and last in commented and not FUNCTION <= kind <= ASYNC:
                        scope.rows.append(last)
                elif top.compound is None:
                    return None
                else:
                    scope = top.compound
                if waiting:
                    scope.rows += [row for row, _ in waiting]
            if waiting:
                waiting.clear()
            if kind == SOFT:
                if not _CLEAR.match(code, at) or ends_open(code, at, starts[last + 1]):
                    return None
                kind = SIMPLE
            elif kind == TEXT:
                if fresh and _LITERAL.match(code, at) and not self._docstring(at, first, last, indent):
                    return None
                kind = SIMPLE
            fresh = False
            if FUNCTION <= kind <= ASYNC:
                if kind == DECORATOR:
                    if decorated < 0:
                        decorated = first
                    continue
                behind = behind_colon(code, at, starts[last + 1])
                opened = self._open(kind, top, at, first, last, decorated, line in joined)
                if behind < 0 or opened is None or (decorated >= 0 and opened.definition is None):
                    return None
                decorated = -1
                if behind:
                    if (scope is not None and last > first and last in commented) or not self._inline(
                        opened, behind, last
                    ):
                        return None
                    opened = None
                continue
            if decorated >= 0:
                return None
            top.compound = None
            if kind == NEVER:
                return None
            self._note(kind, word, at, first, last)
            if kind == SIMPLE and scope is self._root:
                self._constant(at, first, last)
        if opened is not None or decorated >= 0:
            return None
        while len(blocks) > 1:
            last = blocks.pop().close(last, waiting, starts)
        self._root.rows += [row for row, _ in waiting]
        if len(self._root.rows) > _MAX_STATEMENTS:
            return None
        docs = {self._starts[row] + column for row, column, _ in facts.docs}
        facts.strings = [(first, last) for at, first, last in text.strings if at not in docs]
        facts.calls = call_starts(code, self._named, text.ends)
        if b"*" in code and any(
            code[start - 1] == 42 and spreads(code, start) for alike in facts.calls for start in alike
        ):
            return None
        settle(facts.definitions)
        return facts

    def _note(self, kind: int, word: bytes, at: int, first: int, last: int) -> None:
        """Take down a simple statement."""
        facts = self._facts
        if kind in (SIMPLE, OUTCOME):
            facts.heads.append(first)
            if last > first and (kind == SIMPLE or word == b"yield"):
                facts.statements.append((first, last))
        if kind == OUTCOME:
            facts.outcomes.append((first, last))
        elif kind == ASSERT:
            facts.asserts.append((first, last))
        elif kind == IMPORT:
            end = at + len(self._text.code[at : self._starts[last + 1]].rstrip(b" #\n"))
            facts.imports.append((first, last + 1, at, end))

    def _inline(self, block: Block, at: int, last: int) -> bool:
        """Read the one statement of a block that stands behind its header; False where it is none of the simple."""
        found = _WORD.match(self._text.code, at)
        word = found[0] if found else b""
        kind = KINDS.get(word, SIMPLE)
        if kind == TEXT and not _LITERAL.match(self._text.code, at):
            kind = SIMPLE
        if not word or not (kind == SIMPLE or IMPORT <= kind <= OTHER):
            return False
        row = bisect_right(self._starts, at) - 1
        block.enter(row, at, block.indent, [])
        block.close(last, [], self._starts)
        self._note(kind, word, at, row, last)
        return True

    def _open(
        self, kind: int, top: Block, at: int, first: int, last: int, decorated: int, joined: bool
    ) -> Block | None:
        """Read a header that a block must follow."""
        code, scope, index = self._text.code, top.scope, top.index
        found = None
        if kind in (FUNCTION, CLASS, ASYNC):
            found = _DEFINITION.match(code, at)
            if found is None and (kind != ASYNC or not code.startswith((b"async for ", b"async with "), at)):
                return None
        above, top.compound = top.compound, None
        header = around = None
        definition = None
        if found is not None:
            self._named.add(found.start(1))
            definition = self._define("class" if kind == CLASS else "function", top.index, at, first, found.span(1))
            if decorated >= 0:
                definition.first = decorated
            index = len(self._facts.definitions) - 1
            if kind != CLASS:
                return Block(top.indent, index, definition)
        elif scope is self._root and b"__name__" in code[at : self._starts[last + 1]]:
            named = _MAIN.match(code, at)
            if named is None:
                return None
            definition = self._define("demo", -1, at, first, named.span(1))
            return Block(top.indent, len(self._facts.definitions) - 1, definition)
        if scope is None:
            return Block(top.indent, index, definition)
        if kind == CLAUSE:
            around = top.compound = above
            scope = around
            if around is not None:
                around.rows.append(first)
        header = Scope(first, at, definition)
        if last > first:
            if not joined:
                return None
            # Where its colon is.
            header.rows.append(last)
        if definition is None and kind != CLAUSE:
            top.compound = header
        if scope is not None:
            scope.inside.append(header)
        block = Scope(first, at)
        header.inside.append(block)
        return Block(top.indent, index, definition, block, header, around)

    def _define(self, kind: str, parent: int, at: int, first: int, name: tuple[int, int]) -> Definition:
        definitions = self._facts.definitions
        nested = False
        if parent >= 0:
            above = definitions[parent]
            above.children.append(len(definitions))
            nested = above.nested or above.kind in FUNCTIONS
        new = Definition(kind, at, at, first, first, first + 1, parent, nested)
        written = self._data[name[0] : name[1]]
        # Only a demo's name is no identifier, but the condition it runs on.
        new.names.append(clean_name(written) if kind == "demo" else written.decode("ascii")[:MAX_SYMBOL])
        new.name_end = name[1]
        definitions.append(new)
        return new

    def _constant(self, at: int, first: int, last: int) -> None:
        found = _CONSTANT.match(self._text.code, at)
        if found is not None:
            self._define("const", -1, at, first, found.span(1)).last = last + 1

    def _docstring(self, at: int, first: int, last: int, indent: int) -> bool:
        """Note the string that a block starts with; False where it may be one of several values."""
        end = self._text.ends.get(at, -1)
        if end < 0:
            return False
        rest = self._text.code[end : self._starts[last + 1]].lstrip(b" #\n")
        if not rest:
            self._facts.docs.append((first, indent, last))
        return not rest.startswith(b",")
