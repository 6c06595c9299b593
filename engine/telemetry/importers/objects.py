"""Objects of JSON that is not one line each: arrays, pretty-printed objects one after another, documents with a list.

Objects are cut out by their braces without decoding, so a file of any size is read with the memory of one object.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

BLOCK_BYTES = 1 << 18
"""Bytes read at once."""
LONGEST_OBJECT = 32 << 20
"""Bytes of one object beyond which it is passed over."""
_TO_MARK = re.compile(rb'(?:[^"{}\[\]]++|"[^"\\\n]*+(?:\\[^\n][^"\\\n]*+)*+")*+')
"""Whole strings and whatever else has no meaning here, up to a bracket or a string without its end."""
_STRING_END = re.compile(rb'[^"\\\n]*+(?:\\[^\n][^"\\\n]*+)*+["\n]')
"""The rest of a string; a raw newline ends one too, since JSON has none: the string was torn."""
_QUOTE, _OPEN, _CLOSE, _LIST, _LIST_END = b'"{}[]'
_SPACE = b" \t\r\n"


@dataclass(frozen=True, slots=True)
class Piece:
    """One object of a file."""

    end: int
    """Where it ends in the file: reading can go on there."""
    line: int
    """Line on which it begins."""
    data: bytes | None
    """Its text; None for one that is broken off or longer than is read."""
    lines_to_end: int
    """Newlines of the file before ``end``."""


class _Cutter:
    """What is known between two blocks of a file."""

    def __init__(self, offset: int, line: int, longest: int) -> None:
        self.buffer = b""
        self.base, self.lines = offset, line
        self.longest = longest
        self.at = self.counted = 0
        self.begin = -1
        self.begin_line = 0
        self.stack = bytearray()
        self.in_string = False
        self.too_long = False

    def cut(self, chunk: bytes) -> Iterator[Piece]:
        """Yield the objects that end in the next block."""
        self.buffer += chunk
        while self.at < len(self.buffer):
            if self.in_string:
                if not self._leave_string():
                    break
            elif not self.stack:
                if not self._enter():
                    break
            else:
                found = _TO_MARK.match(self.buffer, self.at)
                start = found.end() if found is not None else self.at
                self.at = start + 1
                if start == len(self.buffer):
                    self.at = start
                    break
                yield from self._mark(start, self.buffer[start])
        self._forget()

    def _leave_string(self) -> bool:
        found = _STRING_END.match(self.buffer, self.at)
        if found is None:
            backslashes = len(self.buffer) - len(self.buffer.rstrip(b"\\"))
            self.at = max(self.at, len(self.buffer) - backslashes % 2)
            return False
        self.at, self.in_string = found.end(), False
        return True

    def _enter(self) -> bool:
        start = self.buffer.find(b"{", self.at)
        if start < 0:
            self.at = len(self.buffer)
            return False
        self._begin(start)
        return True

    def _begin(self, start: int) -> None:
        self.begin, self.at, self.too_long = start, start + 1, False
        self.begin_line = self._lines_to(start) + 1
        self.stack[:] = b"{"

    def _mark(self, start: int, mark: int) -> Iterator[Piece]:
        if mark == _QUOTE:
            self.in_string = True
        elif mark == _OPEN:
            if self._fits(start):
                self.stack.append(mark)
            else:
                yield self._piece(start, None)
                self._begin(start)
        elif mark == _LIST:
            self.stack.append(mark)
        elif mark == _CLOSE or len(self.stack) > 1:
            self.stack.pop()
            if not self.stack:
                yield self._piece(self.at, None if self.too_long else self.buffer[self.begin : self.at])
                self.begin = -1

    def _fits(self, start: int) -> bool:
        """Whether an object may begin here: in a list after ``[`` or ``,``, in an object after ``:``."""
        before = start - 1
        while before >= 0 and self.buffer[before] in _SPACE:
            before -= 1
        return before < 0 or self.buffer[before] in (b"[," if self.stack[-1] == _LIST else b":")

    def _piece(self, end: int, data: bytes | None) -> Piece:
        return Piece(self.base + end, self.begin_line, data, self._lines_to(end))

    def _lines_to(self, place: int) -> int:
        """Newlines of the file before a place of the buffer, which is never before the last one asked about."""
        self.lines += self.buffer.count(b"\n", self.counted, place)
        self.counted = place
        return self.lines

    def _forget(self) -> None:
        if self.begin >= 0 and len(self.buffer) - self.begin > self.longest:
            self.too_long = True
        drop = self.at if self.begin < 0 or self.too_long else self.begin
        if drop > self.counted:
            self._lines_to(drop)
        self.counted -= drop
        self.buffer = self.buffer[drop:]
        self.base += drop
        self.at -= drop
        if self.begin >= 0:
            self.begin = 0


def pieces(stream: BinaryIO, offset: int, line: int, longest: int = LONGEST_OBJECT) -> Iterator[Piece]:
    """Yield the objects at the top of a file, or in the list at its top, from an offset on.

    Whatever lies between them is passed over; an object without its end is left out, and one that another begins inside
    of is broken off.

    Args:
        stream: The file.
        offset: Where to begin, between two objects.
        line: Newlines before it.
        longest: Bytes of an object beyond which only its place is told.
    """
    stream.seek(offset)
    cutter = _Cutter(offset, line, longest)
    while chunk := stream.read(BLOCK_BYTES):
        yield from cutter.cut(chunk)
