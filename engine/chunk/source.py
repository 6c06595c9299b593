"""From the bytes of a file to text that every later step shares."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class SourceText:
    """A file's text as UTF-8 without a byte order mark, and how it maps back to the stored bytes."""

    data: bytes
    """The whole text, UTF-8, line endings untouched."""
    encoding: str
    """``utf-8``, ``utf-8-sig``, ``utf-16-le``, ``utf-16-be`` (``-bare`` behind them: without a byte order mark),
    ``latin-1`` (also for what is not valid UTF-8)."""
    line_starts: list[int]
    """Byte offset in ``data`` of every line (a line ends behind ``\\n``), with ``len(data)`` as a last entry."""
    size_bytes: int
    """Length of the file as stored."""
    lines: list[bytes] | None = None
    """The lines of ``data`` without their newlines, where somebody split it already; the first to use them takes
    them."""

    def take_lines(self) -> list[bytes]:
        """Split ``data`` into lines, unless that was done; an empty one behind the last newline does not count."""
        lines, self.lines = self.lines, None
        if lines is None:
            lines = self.data.split(b"\n")
        if not lines[-1]:
            lines.pop()
        return lines
