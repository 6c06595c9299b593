"""Grammars and queries, imported on first use, and the two calls into them that may take long: parse and captures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.resources import files
from time import thread_time
from typing import TYPE_CHECKING

from engine.chunk.languages import Language

if TYPE_CHECKING:
    import tree_sitter

_PIECE_BYTES = 65536
_PREDICATE_PIECE_BYTES = 512
"""The text that query predicates look at comes through the same callback, once per node."""
_MAX_WIDTH = 20_000
"""Most children of the root: an error node with more makes queries quadratic (8 s at 100,000 lone brackets)."""
_CALLS_PER_LOOK = 16
"""Progress calls of the parser, one for each 100 of its steps, between two looks at the clock."""
_MATCH_LIMIT = 8192
"""Patterns in progress at a time."""
_MAX_DEPTH = 250
"""No pattern starts deeper. Unfinished patterns of every level above are tried at each node, which is quadratic on
nested input (4 s for 2,000 nested callbacks); source code of real projects stays under 60 levels."""

_NARROW = bytes(byte if byte < 128 else ord("a") for byte in range(256))
"""Makes letters of whatever is not ASCII, byte for byte: places in the text stay."""


class TooSlow(Exception):
    """The deadline passed while parsing or querying, or would have."""

    def __init__(self, note: str = "deadline") -> None:
        super().__init__(note)
        self.note = note
        """Why there is no tree, as ``FileChunks.note``."""


@dataclass(slots=True)
class Grammar:
    """A parser and the query that goes with it."""

    parser: tree_sitter.Parser
    query: tree_sitter.Query


@cache
def grammar(language: Language) -> Grammar:
    """Load a grammar and compile its query, once per process."""
    from tree_sitter import Language as Binding
    from tree_sitter import Parser, Query

    module, _, function = language.grammar.partition(":")
    binding = Binding(getattr(import_module(module), function or "language")())
    text = language.query_text or (files("engine.chunk") / "queries" / f"{language.query}.scm").read_text("utf-8")
    return Grammar(Parser(binding), Query(binding, text))


def _passed(deadline: float) -> Callable[[int, bool], bool]:
    """Say whether the deadline passed, asking the clock now and then: that is a call into the system each time."""
    calls = 0

    def passed(_offset: int, _has_error: bool) -> bool:
        nonlocal calls
        calls += 1
        return calls % _CALLS_PER_LOOK == 0 and thread_time() > deadline

    return passed


def parse(language: Language, data: bytes, deadline: float) -> tree_sitter.Tree:
    """Parse until ``deadline`` (of ``time.thread_time``, so that a busy machine does not change what a file becomes).

    Raises:
        TooSlow: the deadline passed, the parser gave up, or the tree is too wide to be queried.
    """
    parser = grammar(language).parser
    piece_bytes = _PIECE_BYTES
    seen = data.translate(_NARROW) if language.narrow and not data.isascii() else data
    try:
        # The progress callback is ignored for a bytes source, so the text is fed through a read callback.
        tree = parser.parse(
            lambda offset, _: seen[offset : offset + piece_bytes],
            progress_callback=_passed(deadline),
        )
    except ValueError as error:
        # Without a reset the next parse would resume this one.
        parser.reset()
        raise TooSlow from error
    if tree is None:
        parser.reset()
        raise TooSlow
    if tree.root_node.child_count > _MAX_WIDTH:
        raise TooSlow("too wide")
    piece_bytes, seen = _PREDICATE_PIECE_BYTES, data
    return tree


def captures(language: Language, root: tree_sitter.Node, deadline: float) -> dict[str, list[tree_sitter.Node]]:
    """Run the language's query over a tree.

    A progress callback in a cursor crashes the process (tree-sitter 0.26.1), so the time of a query is bounded by the
    size of what is parsed, by the match limit and by the depth at which patterns may start.

    Raises:
        TooSlow: the deadline had passed before.
    """
    from tree_sitter import QueryCursor

    if thread_time() > deadline:
        raise TooSlow
    cursor = QueryCursor(grammar(language).query, match_limit=_MATCH_LIMIT)
    cursor.set_max_start_depth(_MAX_DEPTH)
    return cursor.captures(root)
