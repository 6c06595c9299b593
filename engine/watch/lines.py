"""Reading lines of bounded size from a client that may send anything."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

_CHUNK = 1 << 16


class Readable(Protocol):
    """What lines are read from."""

    def readline(self, size: int, /) -> bytes:
        """Read up to a line end or so many bytes; nothing at the end."""
        ...


def lines(stream: Readable, most_bytes: int) -> Iterator[bytes | None]:
    """Yield lines without their ends; None stands for one that is too long, which is read past and not kept.

    Args:
        stream: What to read.
        most_bytes: Longest line, its end not counted.
    """
    while line := stream.readline(most_bytes + 2):
        ended = line.endswith(b"\n")
        text = line.rstrip(b"\r\n") if ended else line
        if len(text) <= most_bytes:
            yield text
            continue
        while not ended and (line := stream.readline(_CHUNK)):
            ended = line.endswith(b"\n")
        yield None
