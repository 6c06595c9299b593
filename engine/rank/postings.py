"""The terms of the chunks of files, as packed arrays: made for many files at once, kept for each blob."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.columns import Ints
from engine.rank.terms import terms_of

COUNT_BITS = 6
MOST = (1 << COUNT_BITS) - 1
"""Highest number of occurrences that is told apart."""
IN_HEAD, IN_SYMBOL = 1 << COUNT_BITS, 1 << (COUNT_BITS + 1)
"""Flags above the count: the term stands in the first lines (signature, first words of documentation), in the name."""
HEAD_BYTES = 240
"""How much of a chunk counts as its head, to the end of that line."""
MAX_CHUNK_BYTES = 64 * 1024
"""More of one chunk is data; its beginning speaks for it."""
_KNOWN_WORDS = 400_000
"""Words whose terms are remembered; past it the memory starts again."""
_WORDS = bytes(byte if byte >= 128 or chr(byte).isalnum() or byte == 0x5F else 0x20 for byte in range(256))

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
    spoken: Sequence[bool]
    """Whether the text of each chunk counts; of machine-made text only the name does."""


class _Vocabulary(dict[bytes, int]):
    """Rows of words in a table of their terms, filled as words are met."""

    def __init__(self) -> None:
        super().__init__()
        self.ends: list[int] = [0]
        self.terms: list[int] = []

    def __missing__(self, word: bytes) -> int:
        row = self[word] = len(self.ends) - 1
        self.terms.extend(terms_of(word))
        self.ends.append(len(self.terms))
        return row


class Extractor:
    """Takes the terms out of files, remembering what words stand for."""

    def __init__(self) -> None:
        self._vocabulary = _Vocabulary()

    def extract(self, files: Sequence[FileText]) -> list[bytes]:
        """Packed terms of each file; see ``join``."""
        if len(self._vocabulary) > _KNOWN_WORDS:
            self._vocabulary = _Vocabulary()
        chunks = sum(len(file.starts) for file in files)
        body, head, name = _Field(self._vocabulary), _Field(self._vocabulary), _Field(self._vocabulary)
        for file in files:
            spaced = file.data.translate(_WORDS)
            ends = [*file.starts[1:], len(file.data)]
            for start, end, symbol, spoken in zip(file.starts, ends, file.symbols, file.spoken, strict=True):
                name.add(symbol.encode("utf-8", "replace").translate(_WORDS).split())
                if not spoken:
                    body.add([])
                    head.add([])
                    continue
                body.add(spaced[start : min(end, start + MAX_CHUNK_BYTES)].split())
                line = file.data.find(b"\n", min(end, start + HEAD_BYTES), min(end, start + 2 * HEAD_BYTES))
                head.add(spaced[start : line if line >= 0 else min(end, start + HEAD_BYTES)].split())
        table = np.array(self._vocabulary.terms, np.uint64)
        limits = np.array(self._vocabulary.ends, np.int64)
        keys, counts = np.unique(body.keys(table, limits), return_counts=True)
        marks = np.minimum(counts, MOST).astype(np.uint8)
        for field, flag in ((head, IN_HEAD), (name, IN_SYMBOL)):
            also = np.unique(field.keys(table, limits))
            merged = np.union1d(keys, also)
            wider = np.zeros(len(merged), np.uint8)
            wider[np.searchsorted(merged, keys)] = marks
            wider[np.searchsorted(merged, also)] |= flag
            keys, marks = merged, wider
        chunk = (keys >> np.uint64(32)).astype(np.int64)
        terms = (keys & np.uint64(0xFFFFFFFF)).astype("<u4")
        sizes = np.bincount(chunk, minlength=chunks)
        lengths = np.minimum(body.lengths(), 0xFFFF)
        out, first, at = [], 0, 0
        for file in files:
            behind = first + len(file.starts)
            to = at + int(sizes[first:behind].sum())
            header = np.array([len(file.starts), to - at], "<u4")
            parts = header, sizes[first:behind].astype("<u4"), lengths[first:behind].astype("<u2"), terms[at:to]
            out.append(b"".join(part.tobytes() for part in (*parts, marks[at:to])))
            first, at = behind, to
        return out


class _Field:
    """The words of one field, chunk after chunk."""

    def __init__(self, vocabulary: _Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._rows: list[npt.NDArray[np.int32]] = []
        self._sizes: list[int] = []

    def add(self, found: list[bytes]) -> None:
        """Take the words of the next chunk."""
        self._sizes.append(len(found))
        self._rows.append(np.fromiter(map(self._vocabulary.__getitem__, found), np.int32, len(found)))

    def lengths(self) -> npt.NDArray[np.int64]:
        """Number of words by chunk."""
        return np.array(self._sizes, np.int64)

    def keys(self, table: npt.NDArray[np.uint64], limits: npt.NDArray[np.int64]) -> npt.NDArray[np.uint64]:
        """Chunk number and term of every occurrence, in one number each."""
        rows = np.concatenate(self._rows) if self._rows else np.zeros(0, np.int32)
        chunk = np.repeat(np.arange(len(self._sizes), dtype=np.uint64), self.lengths())
        sizes = (limits[1:] - limits[:-1])[rows]
        at = np.repeat(limits[rows] - np.cumsum(sizes) + sizes, sizes) + np.arange(sizes.sum())
        keys: npt.NDArray[np.uint64] = (np.repeat(chunk, sizes) << np.uint64(32)) | table[at]
        return keys


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
