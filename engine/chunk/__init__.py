"""Cutting: the bytes of a file in, spans that tile its lines and one role per line out.

``decode`` turns bytes into text, ``detect_language`` names the language of a path, ``chunk_source`` cuts. Nothing here
knows what a chunk is worth, what class it has or how it will be shown, and nothing imports tree-sitter before a parse.

The names of cutting are loaded when they are first used: showing a chunk needs nothing of what cutting needs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.chunk.decode import Unreadable, byte_range, decode, encode, line_starts_of, text_of
from engine.on_demand import names

if TYPE_CHECKING:
    from engine.chunk.chunker import chunk_source
    from engine.chunk.languages import detect_language
    from engine.chunk.source import SourceText
    from engine.chunk.spans import FileChunks, Role, Span, Trait

__all__ = [
    "FileChunks",
    "Role",
    "SourceText",
    "Span",
    "Trait",
    "Unreadable",
    "byte_range",
    "chunk_source",
    "decode",
    "detect_language",
    "encode",
    "line_starts_of",
    "text_of",
]

__getattr__ = names(
    __name__,
    {
        "FileChunks": "spans",
        "Role": "spans",
        "SourceText": "source",
        "Span": "spans",
        "Trait": "spans",
        "chunk_source": "chunker",
        "detect_language": "languages",
    },
)
