"""Whether an analysis that another machine made has a shape that the analyser could have given it.

What cannot be told without the file itself stays open: names, and how many tokens a chunk has. A row that lies about
those makes a pack worse, never wrong: its text comes from the file, and the finished text is counted again.
"""

from __future__ import annotations

import sys
from array import array
from itertools import pairwise
from typing import Any

import msgpack

from engine.levels.recipe import is_recipe
from engine.model import CLASSES
from engine.scan.record import CHUNK_ROW, COUNT_COLUMNS, KINDS, Damaged
from engine.scan.settings import MAX_FILE_BYTES
from engine.store.team.wire import PLAIN, unpacked_detail

_LONGEST_NAME = 2_000
_MOST_NAMES = 16
_TOKENS_PER_BYTE = 2
"""No vocabulary has more; some spell rare characters byte by byte with a mark in front."""
_CHUNK_TOKENS = 256
"""For the line that names a chunk."""


def check_analysis(key: bytes, head: bytes, rows: bytes, graph: bytes, detail: bytes) -> int:
    """Look at everything but the counts.

    Returns:
        Number of chunks.

    Raises:
        Damaged: it cannot be an analysis of the blob that ``key`` names.
    """
    skip_reason, lines, size_bytes = _head(key, head)
    chunks = len(rows) // CHUNK_ROW.size
    if skip_reason:
        _require(not (rows or graph or detail), "a skipped file has chunks")
        return 0
    _require(chunks > 0 and chunks * CHUNK_ROW.size == len(rows), "chunk rows")
    _rows(rows, lines, size_bytes)
    _graph(graph, chunks)
    _detail(detail, chunks)
    return chunks


def check_counts(counts: bytes, head: bytes, rows: bytes) -> None:
    """Look at counts of an analysis that was believed.

    Raises:
        Damaged: they cannot be counts of it.
    """
    chunks = len(rows) // CHUNK_ROW.size
    _require(len(counts) == chunks * COUNT_COLUMNS * 4, "counts")
    numbers = _numbers(counts)
    size_bytes = msgpack.unpackb(head)[5]
    full = numbers[::COUNT_COLUMNS]
    _require(sum(full) <= _most_text(size_bytes) * _TOKENS_PER_BYTE + chunks * _CHUNK_TOKENS, "too many tokens")
    for column in range(1, 5):
        _require(all(map(int.__ge__, full, numbers[column::COUNT_COLUMNS])), "a level costs more than the text")
    _require(max(numbers[5::COUNT_COLUMNS], default=0) <= _CHUNK_TOKENS, "a line of too many tokens")


def _head(key: bytes, head: bytes) -> tuple[str, int, int]:
    values = _msgpack(head)
    _require(isinstance(values, list) and len(values) == 7, "head")
    blob_id, skip_reason, language, note, lines, size_bytes, names = values
    texts = (blob_id, skip_reason, language, note)
    _require(all(isinstance(text, str) and len(text) <= _LONGEST_NAME for text in texts), "head")
    _require(all(text.isprintable() for text in texts), "head")
    # The key is the blob id and a digest of what else the analysis depends on.
    _require(len(blob_id) in (40, 64) and key.hex().startswith(blob_id), "blob id")
    _require(type(lines) is int and type(size_bytes) is int, "head")
    _require(0 <= lines <= _most_text(size_bytes) + 1 and 0 <= size_bytes <= MAX_FILE_BYTES * 2, "size")
    _require(isinstance(names, list) and len(names) <= _MOST_NAMES, "names")
    _texts(names)
    return skip_reason, lines, size_bytes


def _rows(rows: bytes, lines: int, size_bytes: int) -> None:
    table = list(CHUNK_ROW.iter_unpack(rows))
    first, last = table[0], table[-1]
    _require(first[3] == 1 and first[5] == 0 and last[4] == lines, "chunks do not span the file")
    _require(0 <= last[5] <= _most_text(size_bytes), "a chunk begins behind the file")
    for index, row in enumerate(table):
        if not (row[0] < len(CLASSES) and row[1] < len(KINDS) and -1 <= row[2] < index and row[3] <= row[4]):
            raise Damaged("shared analysis: impossible chunk")
    for one, other in pairwise(table):
        if one[4] + 1 != other[3] or one[5] >= other[5]:
            raise Damaged("shared analysis: chunks do not tile the file")


def _graph(graph: bytes, chunks: int) -> None:
    _require(len(graph) >= 8 and len(graph) % 4 == 0, "graph")
    numbers = _numbers(graph)
    defined, referred = numbers[0], numbers[1]
    _require(len(numbers) == 2 + 2 * (defined + referred), "graph")
    behind = 2 + 2 * defined
    owners = (*numbers[2 : 2 + defined], *numbers[behind : behind + referred])
    _require(max(owners, default=0) < chunks, "graph")


def _detail(detail: bytes, chunks: int) -> None:
    values = unpacked_detail(detail)
    _require(isinstance(values, list) and len(values) == 4, "detail")
    symbols, outlines, edits, rules = values
    for column in (symbols, outlines, rules):
        _require(isinstance(column, list) and len(column) == chunks, "detail")
        _texts(column)
    _require(isinstance(edits, bytes), "edits")
    found = _msgpack(edits)
    _require(isinstance(found, list) and len(found) == 4, "edits")
    _, count, strings, numbers = found
    _require(type(count) is int and count == chunks, "edits")
    _require(isinstance(strings, list) and isinstance(numbers, list), "edits")
    # Text of others never stands in a pack as if it were of the file.
    _require(all(isinstance(one, str) and (PLAIN.fullmatch(one) or is_recipe(one)) for one in strings), "edits")
    _require({*map(type, numbers)} <= {int} and max(map(abs, numbers), default=0) < 1 << 31, "edits")


def _texts(found: list[Any]) -> None:
    _require({*map(type, found)} <= {str} and max(map(len, found), default=0) <= _LONGEST_NAME, "names")


def _most_text(size_bytes: int) -> int:
    """Bytes of UTF-8 that a file can turn into: two bytes of some encodings are three there, and one byte is two."""
    return 3 * size_bytes


def _numbers(data: bytes) -> array[int]:
    numbers = array("I", data)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


def _msgpack(data: bytes) -> Any:
    try:
        return msgpack.unpackb(data, unicode_errors="surrogatepass")
    except Exception as error:  # hostile bytes fail in many ways; callers know one
        raise Damaged(f"shared analysis: {type(error).__name__}") from error


def _require(fits: object, what: str) -> None:
    if not fits:
        raise Damaged(f"shared analysis: {what}")
