"""Python by its lines: of files that are plainly Python, the facts that the grammar gives in a third of its time.

Statements are told by their first word and blocks by their indentation, once strings and comments are out of the way.
Whatever is not told so surely, a statement behind a colon or a word with two meanings, is left to the grammar.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from engine.chunk.definitions import FUNCTIONS, Definition, clean_name, settle
from engine.chunk.facts import Facts
from engine.chunk.python_blocks import Block, Scope, unit_rows
from engine.chunk.python_calls import call_starts, spreads
from engine.chunk.python_text import PythonText, read_text

if TYPE_CHECKING:
    from engine.chunk.source import SourceText

_HEAD = re.compile(rb"\n( *)(\w+|[^\w\n]?)")
_DEFINITION = re.compile(rb"(?:async )?(?:def|class) ([A-Za-z_]\w*)")
_CONSTANT = re.compile(rb"([A-Za-z_]\w*) *(?::|=(?!=))")
_MAIN = re.compile(rb'if (__name__ *== *"+) *:')
# The grammar takes `type(a).b = c` for the alias of a type.
_CLEAR = re.compile(rb"(?!type\()\w+(?:[(.,\[]| *=)")
_LITERAL = re.compile(rb'[A-Za-z]{0,2}"')
_SIMPLE, _COMMENT, _FUNCTION, _CLASS, _BLOCK, _CLAUSE, _DECORATOR, _ASYNC = range(8)
_IMPORT, _OUTCOME, _ASSERT, _OTHER, _SOFT, _TEXT, _NEVER = range(8, 15)
_KINDS = {
    b"#": _COMMENT, b"def": _FUNCTION, b"class": _CLASS, b"@": _DECORATOR, b"async": _ASYNC,
    b"if": _BLOCK, b"for": _BLOCK, b"while": _BLOCK, b"try": _BLOCK, b"with": _BLOCK,
    b"elif": _CLAUSE, b"else": _CLAUSE, b"except": _CLAUSE, b"finally": _CLAUSE,
    b"import": _IMPORT, b"from": _IMPORT, b"return": _OUTCOME, b"raise": _OUTCOME, b"yield": _OUTCOME,
    b"assert": _ASSERT, b"pass": _OTHER, b"break": _OTHER, b"continue": _OTHER, b"del": _OTHER, b"global": _OTHER,
    b"nonlocal": _OTHER, b"print": _SOFT, b"exec": _SOFT, b"match": _SOFT, b"case": _SOFT, b"type": _SOFT,
    **dict.fromkeys(b'" r b u f R B U F br rb fr rf bR Rb Br rB fR Rf Fr rF BR RB FR RF'.split(), _TEXT),
    **dict.fromkeys(b"cdef cpdef ctypedef cimport ! $ % & ' ) + , / : ; < = > ? ] ^ | }".split(), _NEVER),
}  # fmt: skip
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
        self._last = 0
        """Last row of what was read."""
        self._waiting: list[tuple[int, int]] = []
        """Comments on lines of their own whose block is not known yet: row and indentation."""

    def read(self) -> Facts | None:
        text, starts, facts, waiting = self._text, self._starts, self._facts, self._waiting
        code, rows, joined = text.code, text.rows, text.joined
        statements, heads = facts.statements, facts.heads
        commented = {comment[0] for comment in text.comments}
        kind_of = _KINDS.get
        top = Block(0, -1, scope=self._root)
        blocks = [top]
        opened: Block | None = None
        fresh = True
        decorated = -1
        resume = 0
        for line, (margin, word) in enumerate(_HEAD.findall(b"\n" + code)):
            if line < resume or not word:
                continue
            indent = len(margin)
            kind = kind_of(word, _SIMPLE)
            first = rows[line]
            if kind == _COMMENT:
                waiting.append((first, indent))
                continue
            at = starts[first] + indent
            if opened is not None:
                if indent <= opened.indent or len(blocks) > _MAX_DEPTH:
                    return None
                self._enter(opened, first, at, indent)
                top, opened, fresh = opened, None, True
                blocks.append(top)
            elif indent != top.indent:
                while top.indent > indent:
                    self._close(blocks.pop())
                    top = blocks[-1]
                if top.indent != indent:
                    return None
            resume = joined[line] + 1 if line in joined else line + 1
            self._last = last = rows[resume] - 1
            scope = top.scope
            if kind == _SIMPLE and scope is None and decorated < 0:
                # Most lines of most files: statements in functions.
                fresh = False
                heads.append(first)
                if last > first:
                    statements.append((first, last))
                if waiting:
                    waiting.clear()
                continue
            if scope is not None:
                if kind != _CLAUSE:
                    scope.rows.append(first)
                    if last > first and last in commented and not _FUNCTION <= kind <= _ASYNC:
                        scope.rows.append(last)
                elif top.compound is None:
                    return None
                else:
                    scope = top.compound
                if waiting:
                    scope.rows += [row for row, _ in waiting]
            if waiting:
                waiting.clear()
            if kind == _SOFT:
                if not _CLEAR.match(code, at) or self._ends_open(at, last):
                    return None
                kind = _SIMPLE
            elif kind == _TEXT:
                if fresh and _LITERAL.match(code, at) and not self._docstring(at, first, last, indent):
                    return None
                kind = _SIMPLE
            fresh = False
            if _FUNCTION <= kind <= _ASYNC:
                if kind == _DECORATOR:
                    if decorated < 0:
                        decorated = first
                    continue
                opened = self._open(kind, top, at, first, last, decorated, line in joined)
                if opened is None or (decorated >= 0 and opened.definition is None):
                    return None
                decorated = -1
                continue
            if decorated >= 0:
                return None
            top.compound = None
            if kind == _SIMPLE:
                heads.append(first)
                if last > first:
                    statements.append((first, last))
                if top.scope is self._root:
                    self._constant(at, first, last)
            elif kind == _IMPORT:
                facts.imports.append((first, last + 1, at, at + len(code[at : starts[last + 1]].rstrip(b" #\n"))))
            elif kind == _OUTCOME:
                heads.append(first)
                facts.outcomes.append((first, last))
                if word == b"yield" and last > first:
                    statements.append((first, last))
            elif kind == _ASSERT:
                facts.asserts.append((first, last))
            elif kind == _NEVER:
                return None
        if opened is not None or decorated >= 0:
            return None
        while len(blocks) > 1:
            self._close(blocks.pop())
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

    def _enter(self, block: Block, first: int, at: int, indent: int) -> None:
        """Let a block begin with the statement at a byte."""
        if block.definition is not None and block.definition.kind != "demo":
            block.definition.body_row, block.definition.body_byte = first, at
        if block.scope is not None and block.header is not None:
            block.header.rows += [first, *(row for row, _ in self._waiting)]
            block.scope.first, block.scope.start = first, at
        self._waiting.clear()
        block.indent = indent

    def _close(self, block: Block) -> None:
        """End a block behind the comments that are indented like it."""
        waiting, taken = self._waiting, 0
        while taken < len(waiting) and waiting[taken][1] >= block.indent:
            taken += 1
        if taken:
            self._last = waiting[taken - 1][0]
            if block.scope is not None:
                block.scope.rows += [row for row, _ in waiting[:taken]]
            del waiting[:taken]
        last = self._last
        if block.definition is not None:
            block.definition.last = last + 1
            block.definition.end_byte = self._starts[last + 1]
        for scope in (block.scope, block.header, block.around):
            if scope is not None:
                scope.last = last

    def _ends_open(self, at: int, last: int) -> bool:
        return self._text.code[at : self._starts[last + 1]].rstrip(b" #\n").endswith(b":")

    def _open(
        self, kind: int, top: Block, at: int, first: int, last: int, decorated: int, joined: bool
    ) -> Block | None:
        """Read a header that a block must follow."""
        code, scope, index = self._text.code, top.scope, top.index
        if not self._ends_open(at, last):
            return None
        found = None
        if kind in (_FUNCTION, _CLASS, _ASYNC):
            found = _DEFINITION.match(code, at)
            if found is None and (kind != _ASYNC or not code.startswith((b"async for ", b"async with "), at)):
                return None
        above, top.compound = top.compound, None
        header = around = None
        definition = None
        if found is not None:
            self._named.add(found.start(1))
            definition = self._define("class" if kind == _CLASS else "function", top.index, at, first, found.span(1))
            if decorated >= 0:
                definition.first = decorated
            index = len(self._facts.definitions) - 1
            if kind != _CLASS:
                return Block(top.indent, index, definition)
        elif scope is self._root and b"__name__" in code[at : self._starts[last + 1]]:
            named = _MAIN.match(code, at)
            if named is None:
                return None
            definition = self._define("demo", -1, at, first, named.span(1))
            return Block(top.indent, len(self._facts.definitions) - 1, definition)
        if scope is None:
            return Block(top.indent, index, definition)
        if kind == _CLAUSE:
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
        if definition is None and kind != _CLAUSE:
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
        new.names.append(clean_name(self._data[name[0] : name[1]]))
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
