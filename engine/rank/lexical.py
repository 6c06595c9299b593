"""Which chunks and files hold the words of a query, and how telling those words are: BM25F over arrays.

Robertson, Zaragoza and Taylor, Simple BM25 extension to multiple weighted fields (2004): occurrences are weighted by
field before they saturate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.columns import Columns, Floats, Ints
from engine.rank.postings import IN_SYMBOL, MOST, Hashes, Marks, Postings
from engine.rank.query_numbers import QuerySettings
from engine.rank.terms import term_id, texts_of

_LONGEST_PATH = 1000


@dataclass(frozen=True, slots=True)
class Hits:
    """How well chunks and files answer, in units of how rare a word is (``ln``)."""

    body: Floats
    """(n,) what the text of a chunk says."""
    symbol: Floats
    """(n,) the part of it that is owed to the chunk's name."""
    file: Floats
    """(m,) what the whole file says."""
    path: Floats
    """(m,) what the path of the file says."""
    scope: Floats
    """(m,) what the path of the file says of the scope of the query, 0-1."""


@dataclass(frozen=True, slots=True)
class Inverted:
    """Terms of all chunks of a repository, and of the paths of its files, sorted for looking them up: plain arrays."""

    lengths: Ints
    """(n,) number of words of each chunk."""
    terms: Hashes
    """Distinct terms, ascending."""
    limits: npt.NDArray[np.int64]
    """Where the rows of each term begin, and the last ones end."""
    chunk: Ints
    """Chunk of each row; ascending for one term."""
    marks: Marks
    """Occurrences and flags of each row."""
    path_terms: Hashes
    """The same of paths."""
    path_limits: npt.NDArray[np.int64]
    path_file: Ints


def invert(columns: Columns, postings: Postings) -> Inverted:
    """Sort the terms of a repository's chunks and paths.

    Args:
        columns: The scanned repository.
        postings: Terms of its chunks.
    """
    terms, limits, order = _sorted(postings.terms)
    chunk = np.repeat(np.arange(columns.chunks, dtype=np.int32), postings.sizes)
    words, owners = _path_terms([row.path for row in columns.files])
    path_terms, path_limits, path_order = _sorted(words)
    rows = terms, limits, chunk[order], postings.marks[order]
    return Inverted(postings.lengths, *rows, path_terms, path_limits, owners[path_order])


class LexicalIndex:
    """Looks terms up."""

    def __init__(self, columns: Columns, postings: Postings | Inverted) -> None:
        """Take what there is to look up.

        Args:
            columns: The scanned repository.
            postings: Terms of its chunks, sorted already or not.
        """
        inverted = invert(columns, postings) if isinstance(postings, Postings) else postings
        self._chunks, self._files = columns.chunks, len(columns.files)
        self._file = columns.file
        self._length = inverted.lengths.astype(np.float64)
        self._file_length = sums(columns.file, self._length, self._files)
        self._terms, self._limits = inverted.terms, inverted.limits
        self._chunk, self._marks = inverted.chunk, inverted.marks
        self._path_words, self._path_limits = inverted.path_terms, inverted.path_limits
        self._path_file = inverted.path_file

    def hits(self, wanted: Sequence[tuple[int, float]], rules: QuerySettings, scope: Sequence[int] = ()) -> Hits:
        """Score every chunk and file.

        Args:
            wanted: Terms and their weights.
            rules: Weights of fields.
            scope: Terms that say which part of the repository is meant.
        """
        ids = np.array([term for term, _ in wanted], np.uint32)
        weight = np.array([strength for _, strength in wanted], np.float64)
        term, rows = _slices(self._terms, self._limits, ids)
        chunk, marks = self._chunk[rows], self._marks[rows]
        rare = _rarity(np.bincount(term, minlength=len(ids)), self._chunks)
        weight *= (rare / np.log1p(max(1, self._chunks))) ** (rules.rarity - 1.0)
        rare = rare * weight
        norm = 1.0 - rules.length + rules.length * self._length / _usual(self._length)
        named = np.where(marks & IN_SYMBOL, rules.symbol, 0.0)
        count = (marks & MOST).astype(np.float64)
        heard = rules.body * count / norm[chunk] + named
        said = rare[term] * heard / (rules.saturation + heard)
        body = sums(chunk, said, self._chunks)
        symbol = sums(chunk, said * named / np.maximum(heard, 1e-9), self._chunks)
        around = self._file_hits(term, chunk, count, weight, rules)
        part = self._path_hits(np.array(scope, np.uint32), np.ones(len(scope)))
        part /= float(part.max(initial=0.0)) or 1.0
        return Hits(body, symbol, around, self._path_hits(ids, weight), part)

    def _file_hits(
        self, term: npt.NDArray[np.intp], chunk: Ints, count: Floats, weight: Floats, rules: QuerySettings
    ) -> Floats:
        """(m,) BM25 with files for documents; rows of a term are in order of chunks, and so of files."""
        if not len(term):
            return np.zeros(self._files)
        file = self._file[chunk]
        first = np.flatnonzero((np.diff(term, prepend=-1) != 0) | (np.diff(file, prepend=-1) != 0))
        times = np.add.reduceat(count, first)
        owner, said = file[first], term[first]
        found = np.bincount(said, minlength=len(weight))
        rare = _rarity(found, self._files) * weight
        norm = 1.0 - rules.file_length + rules.file_length * self._file_length / _usual(self._file_length)
        heard = times / norm[owner]
        return sums(owner, rare[said] * heard / (rules.saturation + heard), self._files)

    def _path_hits(self, ids: Hashes, weight: Floats) -> Floats:
        """(m,) sum of how rare the words of the path are that were asked for."""
        term, rows = _slices(self._path_words, self._path_limits, ids)
        found = np.bincount(term, minlength=len(ids))
        rare = _rarity(found, self._files) * weight
        return sums(self._path_file[rows], rare[term], self._files)


def sums(index: npt.NDArray[Any], amount: Floats, length: int) -> Floats:
    """(length,) sum of the amounts at each index; floats even of nothing."""
    return np.asarray(np.bincount(index, weights=amount, minlength=length), dtype=np.float64)


def _rarity(found: npt.NDArray[np.intp], documents: int) -> Floats:
    """(t,) how rare terms are that were found in so many documents."""
    return np.asarray(np.log1p((documents - found + 0.5) / (found + 0.5)), dtype=np.float64)


def _usual(length: Floats) -> float:
    """Mean length, at least 1."""
    return max(1.0, float(length.sum()) / max(1, len(length)))


def _sorted(terms: Hashes) -> tuple[Hashes, npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Distinct terms, where the rows of each begin (and end), and the order that sorts the rows."""
    # One sort of plain numbers is several times as fast as a stable sort of positions.
    keys = (terms.astype(np.uint64) << np.uint64(32)) | np.arange(len(terms), dtype=np.uint64)
    keys.sort()
    ordered = keys >> np.uint64(32)
    starts = np.flatnonzero(np.diff(ordered, prepend=ordered[:1] + np.uint64(1)))
    order = (keys & np.uint64(0xFFFFFFFF)).astype(np.int64)
    return ordered[starts].astype(np.uint32), np.append(starts, len(terms)), order


def _slices(
    terms: Hashes, limits: npt.NDArray[np.int64], wanted: Hashes
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.int64]]:
    """Rows of the wanted terms, and which of them each row is of."""
    if not len(terms):
        return np.zeros(0, np.intp), np.zeros(0, np.int64)
    at = np.minimum(np.searchsorted(terms, wanted), len(terms) - 1)
    known = terms[at] == wanted
    starts = np.where(known, limits[at], 0)
    sizes = np.where(known, limits[at + 1] - starts, 0)
    term = np.repeat(np.arange(len(wanted)), sizes)
    return term, np.repeat(starts - np.cumsum(sizes) + sizes, sizes) + np.arange(sizes.sum())


def _path_terms(paths: Sequence[str]) -> tuple[Hashes, Ints]:
    """Terms of paths with the file of each; names of folders are cut once."""
    known: dict[str, tuple[int, ...]] = {}
    words: list[int] = []
    owners: list[int] = []
    for file, path in enumerate(paths):
        mine: set[int] = set()
        for part in path[-_LONGEST_PATH:].split("/"):
            terms = known.get(part)
            if terms is None:
                terms = known[part] = _part_terms(part)
            mine.update(terms)
        words.extend(sorted(mine))
        owners.extend([file] * len(mine))
    return np.array(words, np.uint32), np.array(owners, np.int32)


def _part_terms(part: str) -> tuple[int, ...]:
    pieces = [piece for piece in part.replace("-", ".").split(".") if piece]
    return tuple(dict.fromkeys(term_id(term) for piece in pieces for term in texts_of(piece)))
