"""What must hold for every cut file."""

from __future__ import annotations

from engine.chunk import FileChunks, Role, SourceText, chunk_source, decode


def check(source: SourceText, chunks: FileChunks) -> None:
    """Spans tile the lines, roles are one per line, parents precede, no span starts blank, but inside a string."""
    rows = len(source.line_starts) - 1 if source.data else 0
    assert len(chunks.roles) == rows
    assert len(chunks.defines) == len(chunks.spans)
    assert set(chunks.roles) <= set(map(int, Role))
    row = 0
    for index, span in enumerate(chunks.spans):
        assert span.start == row
        assert span.end > span.start
        assert -1 <= span.parent < index
        assert len(span.symbol) <= 200
        assert span.symbol.isprintable()
        first = source.data[source.line_starts[span.start] : source.line_starts[span.start + 1]]
        assert index == 0 or first.strip() or chunks.roles[span.start] == Role.STRING
        row = span.end
    assert row == rows


def cut(text: str | bytes, language: str | None, deadline_s: float = 5.0) -> FileChunks:
    """Cut a text and check what must hold."""
    source = decode(text.encode() if isinstance(text, str) else text)
    chunks = chunk_source(source, language, deadline_s=deadline_s)
    check(source, chunks)
    return chunks


def roles(text: str, language: str) -> list[str]:
    """Names of the roles, one per line."""
    return [Role(role).name for role in cut(text, language).roles]


def outline(chunks: FileChunks) -> list[tuple[str, str, int, int, int]]:
    """Kind, symbol, parent, first and last line (from 1) of every span."""
    return [(span.kind, span.symbol, span.parent, span.start + 1, span.end) for span in chunks.spans]
