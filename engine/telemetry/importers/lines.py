"""Lines of big files in blocks, with memory bounded whatever is in the file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

BLOCK_BYTES = 1 << 16
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
        # Split at once: every other way of keeping the half line at the end copies the whole block once more.
        lines = chunk.split(b"\n")
        last = lines.pop()
        if not lines:
            held += len(last)
            passing = passing or held > longest
            if passing:
                rest.clear()
            else:
                rest.append(last)
            continue
        end = offset + held + len(chunk) - len(last)
        if passing:
            yield Block(offset, line + 1, [], overlong=True)
            offset, line, passing = offset + held + len(lines[0]) + 1, line + 1, False
            del lines[0]
        elif rest:
            rest.append(lines[0])
            lines[0] = b"".join(rest)
        rest, held = ([last], len(last)) if last else ([], 0)
        if lines:
            yield Block(offset, line + 1, lines)
        offset, line = end, line + len(lines)
    if held and not passing:
        yield Block(offset, line + 1, [b"".join(rest)], last=True)
