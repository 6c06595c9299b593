"""Text without a grammar: blocks of lines, cut at blank ones."""

from __future__ import annotations

from engine.chunk.gaps import cut
from engine.chunk.roles import base_roles
from engine.chunk.spans import FileChunks, Role, Span, Trait

_BLOCK_ROWS = 60


def chunk_whole(lines: list[bytes], language: str, note: str, traits: Trait) -> FileChunks:
    """One span for the whole file, for what is shown by its shape alone."""
    roles = bytes([0 if line.strip() else Role.BLANK for line in lines])
    spans = [Span("block", "", -1, 0, len(lines), traits)] if lines else []
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
