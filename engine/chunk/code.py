"""Source code with a grammar and a query: parse, capture, then roles, traits and spans."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.chunk.definitions import collect
from engine.chunk.grammars import captures, parse
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
    tree = parse(language, data, deadline)
    found = captures(language, tree.root_node, deadline)
    definitions = collect(data, found)
    roles = mark_code(data, lines, found, definitions, language)
    del roles[len(lines) :]
    mark_traits(data, source.line_starts, definitions, language.name)
    consts: dict[int, list[str]] = {}
    for item in definitions:
        if item.kind == "const" and item.parent < 0:
            consts.setdefault(item.row, []).extend(item.names)
    docstrings = {node.start_point[0] for node in found.get("doc", ())}
    spans, defines = tile(tree.root_node, roles, definitions, consts, docstrings)
    mark_sessions(lines, spans)
    return FileChunks(language.name, "tree", "", spans, bytes(roles), defines)
