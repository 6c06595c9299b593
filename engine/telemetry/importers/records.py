"""Records of a log, however its file holds them: a line each, an array, objects one after another, rows of CSV."""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO

from engine.telemetry.importers.bad_line import BadLine
from engine.telemetry.importers.lines import blocks
from engine.telemetry.importers.log import Log
from engine.telemetry.importers.objects import pieces

HEAD_BYTES = 1 << 14
"""Bytes at the start of a file that tell how it holds its records."""
_LONGEST_CELL = 16 << 20
_LIST_AT_TOP = re.compile(rb'\s*\{\s*"(?:data|observations|spans|logs|rows|results|items)"\s*:\s*(?=\[)')


class Holding(StrEnum):
    """How a file holds its records."""

    LINES = "lines"
    """One JSON object a line; read on from where it ended."""
    STREAM = "stream"
    """JSON objects one after another, pretty-printed; read on from where it ended."""
    ARRAY = "array"
    """One array, alone or as the first thing in an object; read whole when it has changed."""
    CSV = "csv"
    """Rows under a header; read whole when it has changed."""
    DATABASE = "database"
    """SQLite."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Record:
    """One record."""

    line: int
    """Line on which it begins."""
    value: dict[str, object]
    """The decoded object; every cell of a CSV row is text."""


def holding(stream: BinaryIO) -> Holding:
    """Return how a file holds its records, by its first bytes."""
    from engine.telemetry.importers.json_text import parse_object

    stream.seek(0)
    head = stream.read(HEAD_BYTES)
    if head.startswith(b"SQLite format 3\0"):
        return Holding.DATABASE
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text[:1] == b"[":
        return Holding.ARRAY
    if text[:1] == b"{":
        if _LIST_AT_TOP.match(text):
            return Holding.ARRAY
        first, newline, _ = text.partition(b"\n")
        if not newline:
            return Holding.LINES if len(head) == HEAD_BYTES or first.rstrip().endswith(b"}") else Holding.STREAM
        try:
            parse_object(first)
        except ValueError:
            return Holding.LINES if re.search(rb'\n\{"', text) else Holding.STREAM
        return Holding.LINES
    if re.search(rb'\n\{"', text):
        return Holding.LINES
    header = text.partition(b"\n")[0]
    return Holding.CSV if b"," in header and b"\0" not in head else Holding.UNKNOWN


def records(log: Log, stream: BinaryIO) -> Iterator[Record | BadLine]:
    """Yield the records of a log that are new since ``log.since``, and what is broken.

    Sets ``log.done_bytes``, and ``log.resume`` past everything that is whole.
    """
    kind = holding(stream)
    size = os.fstat(stream.fileno()).st_size
    if kind in (Holding.LINES, Holding.STREAM):
        log.begin(stream)
    offset, line = log.resume
    if kind is Holding.LINES:
        yield from _lines(log, stream, offset, line)
    elif kind is Holding.CSV:
        yield from _rows(log, stream)
    elif kind is Holding.STREAM:
        yield from _objects(log, stream, offset, line)
    elif kind is Holding.ARRAY:
        stream.seek(0)
        found = _LIST_AT_TOP.match(stream.read(HEAD_BYTES))
        yield from _objects(log, stream, found.end() if found else 0, 0)
    else:
        yield log.bad(0, "neither JSON nor CSV")
    if kind not in (Holding.LINES, Holding.STREAM):
        log.resume = size, 0


def _lines(log: Log, stream: BinaryIO, offset: int, line: int) -> Iterator[Record | BadLine]:
    from engine.telemetry.importers.json_text import parse_object

    for block in blocks(stream, offset, line):
        if block.overlong:
            yield log.bad(block.line, "longer than a line can be")
            continue
        offset, line = block.offset, block.line - 1
        log.done_bytes = offset
        for raw in block.lines:
            end = offset + len(raw) + (not block.last)
            line += 1
            text = raw.strip().removeprefix(b"\xef\xbb\xbf")
            if text:
                try:
                    yield Record(line, parse_object(text))
                except ValueError as error:
                    if block.last:
                        return
                    yield log.bad(line, str(error))
            offset = end
            log.resume = offset, line - block.last


def _objects(log: Log, stream: BinaryIO, offset: int, line: int) -> Iterator[Record | BadLine]:
    from engine.telemetry.importers.json_text import parse_object

    for piece in pieces(stream, offset, line):
        log.done_bytes = piece.end
        log.resume = piece.end, piece.lines_to_end
        if piece.data is None:
            yield log.bad(piece.line, "an object that is broken off, or longer than one can be")
            continue
        try:
            yield Record(piece.line, parse_object(piece.data))
        except ValueError as error:
            yield log.bad(piece.line, str(error))


def _rows(log: Log, stream: BinaryIO) -> Iterator[Record | BadLine]:
    stream.seek(0)
    # The module's limit is for the whole process; it is only ever raised.
    csv.field_size_limit(max(csv.field_size_limit(), _LONGEST_CELL))
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", errors="replace", newline="")
    rows = csv.reader(iter(lambda: text.readline(_LONGEST_CELL), ""))
    header: list[str] = []
    try:
        while True:
            line = rows.line_num + 1
            try:
                row = next(rows)
            except StopIteration:
                return
            except csv.Error:
                yield log.bad(line, "no CSV")
                continue
            log.done_bytes = stream.tell()
            if not header:
                header = [name.strip() for name in row]
            elif row:
                yield Record(line, dict(zip(header, row, strict=False)))
    finally:
        text.detach()
