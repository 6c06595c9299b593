"""Files for tests, made from lines that say their own role."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from engine.chunk.source import SourceText
from engine.chunk.spans import FileChunks, Role, Span, Trait
from engine.levels import Ladder, degrade, text_at
from engine.model import ChunkClass

Line = tuple[Role, str]


@dataclass
class Piece:
    """One chunk of a made-up file."""

    lines: Sequence[Line]
    chunk_class: ChunkClass = ChunkClass.CODE
    kind: str = "function"
    symbol: str = ""
    parent: int = -1
    traits: Trait = Trait.NONE
    defines: list[str] = field(default_factory=list)


@dataclass
class Made:
    """A made-up file with its ladders."""

    source: SourceText
    file: FileChunks
    classes: list[ChunkClass]
    ladders: list[Ladder]
    names: list[str]

    def text(self, chunk: int, level: int) -> str:
        """Text of a chunk at level 0 to 3."""
        span = self.file.spans[chunk]
        starts = self.source.line_starts
        edits = self.ladders[chunk].edits[level - 1] if level else []
        return text_at(self.source.data, starts[span.start], starts[span.end], edits).decode()


def source_of(text: bytes) -> SourceText:
    """Text as the chunker hands it on."""
    starts = [0]
    for line in text.split(b"\n"):
        starts.append(starts[-1] + len(line) + 1)
    starts[-1] -= 1
    if len(starts) > 1 and starts[-1] == starts[-2]:
        starts.pop()
    return SourceText(text, "utf-8", starts, len(text))


def make(*pieces: Piece, language: str = "python", last_newline: bool = True) -> Made:
    """A file of these chunks, degraded."""
    text, roles = "", bytearray()
    spans: list[Span] = []
    for piece in pieces:
        start = len(roles)
        for role, line in piece.lines:
            text += line + "\n"
            roles.append(role)
        spans.append(Span(piece.kind, piece.symbol, piece.parent, start, len(roles), piece.traits))
    if not last_newline and not text.endswith("\n\n") and text != "\n":  # else the last line would be gone
        text = text[:-1]
    source = source_of(text.encode())
    file = FileChunks(language, "tree", "", spans, bytes(roles), [piece.defines for piece in pieces])
    classes = [piece.chunk_class for piece in pieces]
    return Made(source, file, classes, *degrade(source, file, classes))
