"""Lines of big files in blocks, with memory bounded whatever is in the file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

BLOCK_BYTES = 1 << 15
"""Bytes read at once."""
LONGEST_LINE = 32 << 20
"""Bytes of a line that is read: answers with images are some MB, anything longer is no log line."""


@dataclass(frozen=True, slots=True)
class Block:
    """Some whole lines."""

    offset: int
    """Where in the file the first begins."""
    line: int
    """Number of the first, from 1."""
    lines: list[bytes]
    """The lines, without their newlines."""
    overlong: bool = False
    """Stands for one line that is longer than is read; ``lines`` is empty."""
    last: bool = False
    """One line without a newline at the end of the file: written half, or the last of a finished file."""


def blocks(stream: BinaryIO, offset: int, line: int, longest: int = LONGEST_LINE) -> Iterator[Block]:
    """Yield the lines of a file from an offset on.

    Args:
        stream: The file.
        offset: Where a line begins.
        line: Lines before it.
        longest: Bytes of a line beyond which it is passed over.
    """
    stream.seek(offset)
    rest: list[bytes] = []
    held = 0
    passing = False
    while chunk := stream.read(BLOCK_BYTES):
        end = chunk.rfind(b"\n") + 1
        if not end:
            held += len(chunk)
            passing = passing or held > longest
            if passing:
                rest.clear()
            else:
                rest.append(chunk)
            continue
        if passing:
            first = chunk.find(b"\n") + 1
            yield Block(offset, line + 1, [], overlong=True)
            offset, line, passing = offset + held + first, line + 1, False
            whole = chunk[first:end]
        else:
            whole = b"".join((*rest, chunk[:end])) if rest else chunk[:end]
        rest, held = ([chunk[end:]], len(chunk) - end) if end < len(chunk) else ([], 0)
        if whole:
            lines = whole.split(b"\n")
            lines.pop()
            yield Block(offset, line + 1, lines)
            offset, line = offset + len(whole), line + len(lines)
    if held and not passing:
        yield Block(offset, line + 1, [b"".join(rest)], last=True)
