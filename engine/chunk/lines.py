"""Text without a grammar: blocks of lines, cut at blank ones."""

from __future__ import annotations

from operator import not_

from engine.chunk.gaps import cut
from engine.chunk.roles import base_roles
from engine.chunk.spans import FileChunks, Span, Trait

_BLOCK_ROWS = 60
_PIECE_BYTES = 24_000
"""Length of the pieces that data is cut into; about 8,000 tokens."""


def chunk_whole(lines: list[bytes], language: str, note: str, traits: Trait) -> FileChunks:
    """Large pieces, one for most files, of what is shown by its shape: a lock file must not be all or nothing."""
    # Nothing left of a line makes it blank, and ``Role.BLANK`` is 1.
    roles = bytes(map(not_, map(bytes.strip, lines)))
    rows = max(1, _PIECE_BYTES * len(lines) // max(1, sum(map(len, lines))))
    pieces = [(0, len(lines))] if len(lines) <= rows else blocks(roles, rows)
    spans = [Span("block", "", -1, first, last, traits) for first, last in pieces] if lines else []
    return FileChunks(language, "lines", note, spans, roles, [[] for _ in spans])


def chunk_lines(lines: list[bytes], language: str, note: str, traits: Trait) -> FileChunks:
    """Blocks of about sixty lines that end behind blank ones."""
    roles = base_roles(lines)
    spans = [Span("block", "", -1, first, last, traits) for first, last in blocks(roles, _BLOCK_ROWS)]
    return FileChunks(language, "lines", note, spans, roles, [[] for _ in spans])


def blocks(roles: bytes | bytearray, rows: int) -> list[tuple[int, int]]:
    """Tile all rows with blocks that start on a row with text."""
    if not roles:
        return []
    return cut(roles, 0, len(roles), rows)
