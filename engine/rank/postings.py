"""The terms of the chunks of files, as packed arrays: made for many files at once, kept for each blob."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import numpy.typing as npt

from engine.columns import Ints
from engine.rank.terms import terms_of

COUNT_BITS = 6
MOST = (1 << COUNT_BITS) - 1
"""Highest number of occurrences that is told apart."""
IN_SYMBOL = 1 << COUNT_BITS
"""Flag above the count: the term stands in the name."""
MAX_CHUNK_BYTES = 64 * 1024
"""More of one chunk is data; its beginning speaks for it."""
_KNOWN_WORDS = 400_000
"""Words whose terms are remembered; past it the memory starts again."""
_WORDS = bytes(byte if byte >= 128 or chr(byte).isalnum() or byte == 0x5F else 0x20 for byte in range(256))

_FIELD_BITS = 1
"""Bits that tell body and name apart; 31 are left for the chunks of one batch."""
_FLAGS = np.array([0, IN_SYMBOL], np.uint8)
"""What the field of an occurrence adds to the marks of its term."""

Hashes = npt.NDArray[np.uint32]
Marks = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class FileText:
    """What the terms of one file are taken from."""

    data: bytes
    """Its text as UTF-8."""
    starts: Sequence[int]
    """Offset of each chunk, ascending."""
    symbols: Sequence[str]
    """Name of each chunk, or ``""``."""
    read_bytes: Sequence[int]
    """How much of the text of each chunk counts; of none of it, the name still does."""


class _Vocabulary(dict[bytes, int]):
    """Rows of words in a table of their terms, filled as words are met."""

    def __init__(self) -> None:
        super().__init__()
        self.ends = array("q", [0])
        self.terms = array("I")

    def __missing__(self, word: bytes) -> int:
        row = self[word] = len(self.ends) - 1
        self.terms.extend(terms_of(word))
        self.ends.append(len(self.terms))
        return row

    def table(self) -> tuple[Hashes, npt.NDArray[np.int64]]:
        """The terms of all words, and where those of each word end and the next one's begin."""
        return np.array(self.terms, np.uint32), np.array(self.ends, np.int64)


class Extractor:
    """Takes the terms out of files, remembering what words stand for."""

    def __init__(self) -> None:
        self._vocabulary = _Vocabulary()

    def extract(self, files: Sequence[FileText]) -> list[bytes]:
        """Packed terms of each file; see ``join``."""
        if len(self._vocabulary) > _KNOWN_WORDS:
            self._vocabulary = _Vocabulary()
        chunks = sum(len(file.starts) for file in files)
        body, name = _Field(), _Field()
        for file in files:
            spaced = file.data.translate(_WORDS)
            ends = [*file.starts[1:], len(file.data)]
            for start, end, symbol, most in zip(file.starts, ends, file.symbols, file.read_bytes, strict=True):
                name.add(symbol.encode("utf-8", "replace").translate(_WORDS).split() if symbol else [])
                body.add(spaced[start : min(end, start + most)].split())
        rows = [field.rows(self._vocabulary) for field in (body, name)]
        table, limits = self._vocabulary.table()
        occurrences = ((0, body.chunks(), rows[0]), (1, name.chunks(), rows[1]))
        keys = [
            _keys(chunk, row, table, limits) << np.uint64(_FIELD_BITS) | np.uint64(field)
            for field, chunk, row in occurrences
        ]
        chunk, terms, marks = _counted(np.concatenate(keys))
        sizes = np.bincount(chunk, minlength=chunks)
        lengths = np.minimum(body.sizes(), 0xFFFF)
        out, first, at = [], 0, 0
        for file in files:
            behind = first + len(file.starts)
            to = at + int(sizes[first:behind].sum())
            header = np.array([len(file.starts), to - at], "<u4")
            parts = header, sizes[first:behind].astype("<u4"), lengths[first:behind].astype("<u2"), terms[at:to]
            out.append(b"".join(part.tobytes() for part in (*parts, marks[at:to])))
            first, at = behind, to
        return out


def _counted(keys: npt.NDArray[np.uint64]) -> tuple[npt.NDArray[np.int64], Hashes, Marks]:
    """Chunk, term and marks of every term of every chunk, in order.

    Args:
        keys: Chunk, term and field of every occurrence in one number each; one sort brings together what belongs
            together.
    """
    keys.sort()
    same = keys >> np.uint64(_FIELD_BITS)
    starts = np.flatnonzero(np.concatenate([[True], same[1:] != same[:-1]])) if len(same) else np.zeros(0, np.int64)
    field = (keys & np.uint64((1 << _FIELD_BITS) - 1)).astype(np.uint8)
    distinct = same[starts]
    if not len(starts):
        return np.zeros(0, np.int64), np.zeros(0, np.uint32), np.zeros(0, np.uint8)
    flags = np.bitwise_or.reduceat(_FLAGS[field], starts)
    # In each group the occurrences in the body stand first.
    others = np.add.reduceat((field > 0).astype(np.int64), starts)
    counts = np.diff(np.append(starts, len(keys))) - others
    marks = np.minimum(counts, MOST).astype(np.uint8) | flags
    chunk = (distinct >> np.uint64(32)).astype(np.int64)
    return chunk, (distinct & np.uint64(0xFFFFFFFF)).astype("<u4"), marks


class _Field:
    """The words of one field, chunk after chunk."""

    def __init__(self) -> None:
        self._words: list[list[bytes]] = []
        self._sizes = array("q")

    def add(self, found: list[bytes]) -> None:
        """Take the words of the next chunk."""
        self._sizes.append(len(found))
        self._words.append(found)

    def sizes(self) -> npt.NDArray[np.int64]:
        """Number of words by chunk."""
        return np.array(self._sizes, np.int64)

    def chunks(self) -> npt.NDArray[np.int64]:
        """Chunk of every word."""
        return np.repeat(np.arange(len(self._sizes)), self.sizes())

    def rows(self, vocabulary: _Vocabulary) -> npt.NDArray[np.int32]:
        """Row of every word in the vocabulary, which learns those that are new."""
        found = map(vocabulary.__getitem__, chain.from_iterable(self._words))
        return np.fromiter(found, np.int32, sum(self._sizes))


def _keys(
    chunk: npt.NDArray[np.int64], rows: npt.NDArray[np.int32], table: Hashes, limits: npt.NDArray[np.int64]
) -> npt.NDArray[np.uint64]:
    """Chunk number and term of every occurrence, in one number each."""
    sizes = (limits[1:] - limits[:-1])[rows]
    keys: npt.NDArray[np.uint64] = (np.repeat(chunk.astype(np.uint64), sizes) << np.uint64(32)) | table[
        _ranges(limits[rows], sizes)
    ]
    return keys


def _ranges(starts: npt.NDArray[np.int64], sizes: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The numbers of all ranges, one after the other."""
    ranges: npt.NDArray[np.int64] = np.repeat(starts - np.cumsum(sizes) + sizes, sizes) + np.arange(sizes.sum())
    return ranges


@dataclass(frozen=True, slots=True)
class Postings:
    """Terms of many chunks, chunk after chunk."""

    sizes: Ints
    """(n,) number of terms of each chunk."""
    lengths: Ints
    """(n,) number of words of each chunk."""
    terms: Hashes
    """(p,) terms."""
    marks: Marks
    """(p,) occurrences and flags of each."""


def join(stored: Sequence[bytes], chunks: Sequence[int]) -> Postings:
    """Put the terms of files together.

    Args:
        stored: What ``Extractor.extract`` made of each file, or ``b""`` where nothing is known.
        chunks: Number of chunks of each file; what does not agree with it counts as unknown.
    """
    parts: tuple[list[bytes], ...] = ([], [], [], [])
    for data, number in zip(stored, chunks, strict=True):
        known, found = (int.from_bytes(data[at : at + 4], "little") for at in (0, 4))
        if known != number or len(data) != 8 + 6 * known + 5 * found:
            parts[0].append(bytes(4 * number))
            parts[1].append(bytes(2 * number))
            continue
        at = 8
        for part, width in zip(parts, (4 * known, 2 * known, 4 * found, found), strict=True):
            part.append(data[at : at + width])
            at += width
    sizes, lengths, terms, marks = (b"".join(part) for part in parts)
    return Postings(
        np.frombuffer(sizes, "<u4").astype(np.int32),
        np.frombuffer(lengths, "<u2").astype(np.int32),
        np.frombuffer(terms, "<u4"),
        np.frombuffer(marks, np.uint8),
    )
