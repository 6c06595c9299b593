"""Source code with a grammar and a query: parse, capture, then roles, traits and spans."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.chunk.facts import from_captures
from engine.chunk.grammars import captures, parse
from engine.chunk.python import read_python
from engine.chunk.roles import mark_code
from engine.chunk.sessions import mark_sessions
from engine.chunk.spans import FileChunks
from engine.chunk.tiling import tile
from engine.chunk.traits import mark_traits

if TYPE_CHECKING:
    from engine.chunk.languages import Language
    from engine.chunk.source import SourceText


def chunk_code(source: SourceText, lines: list[bytes], language: Language, deadline: float) -> FileChunks:
    """Cut a source file along its definitions.

    Raises:
        TooSlow: parsing or querying passed the deadline.
    """
    data = source.data
    facts = read_python(source) if language.reader == "python" else None
    if facts is None:
        tree = parse(language, data, deadline)
        facts = from_captures(data, lines, tree.root_node, captures(language, tree.root_node, deadline))
    roles = mark_code(data, source.line_starts, lines, facts, language)
    del roles[len(lines) :]
    mark_traits(data, source.line_starts, facts.definitions, language.name)
    spans, defines = tile(facts, roles)
    mark_sessions(lines, spans)
    return FileChunks(language.name, "tree", "", spans, bytes(roles), defines)
