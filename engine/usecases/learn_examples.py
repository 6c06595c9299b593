"""Past commits as examples: the repository before each, laid out for packing, and the chunks that were edited next."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.columns import CLASSES, Columns
from engine.errors import InputError
from engine.events import IsCancelled, ignore
from engine.model import ChunkClass, Model
from engine.profiles.learning import Observation
from engine.profiles.learning_truth import counted_edits, is_source, is_telling, true_places
from engine.request import PackRequest
from engine.scan.settings import MAX_FILE_BYTES
from engine.scan.texts import RepositoryTexts
from engine.store.blobs import BlobCache
from engine.usecases.asked import Asked
from engine.usecases.bench import COVERAGE_TOKENS, Bench
from engine.usecases.learn_lines import LineTimes
from engine.usecases.patient import stop_if
from engine.usecases.prepared import Prepared, Shelf, as_weighed
from engine.usecases.repository import Repository, open_repository
from engine.usecases.wishes import wishes_of
from engine.walk import Listing, PastEdit, ReadFailed, past_edits

SIGNALS = ("lexical", "symbol", "path", "file", "graph", "past")
"""What speaks for a chunk when there is a query."""
_SHOWN = 4
"""Levels with text; deeper ones show no line."""
_PAGE, _MOST_PAGES = 3, 6
"""Commits that are looked at, as a multiple of those that are wanted; and how often more are."""
Weights = Mapping[ChunkClass, float]


@dataclass(slots=True)
class Example:
    """One commit and the repository before it."""

    edit: PastEdit
    budget_tokens: int
    prepared: Prepared
    asks: bool
    """Whether the message was the query."""
    rows: npt.NDArray[np.int64]
    """(k,) chunk of each edited line."""
    shown: npt.NDArray[np.bool_]
    """(k, 5) whether the line is in the text of its chunk at levels 0-3; column 4 is what is deeper: nothing."""
    signals: dict[str, float] = field(default_factory=dict)
    """Share of the edited chunks' relevance that each signal brought; nothing without a query."""

    def levels(self, weights: Weights, *, quickly: bool = False) -> npt.NDArray[np.int8]:
        """(n,) level of each chunk in a pack with other weights, by cached counts.

        Args:
            weights: Of all classes.
            quickly: Take an answer that may lack half a percent of the value.
        """
        weighed = as_weighed(weights) if self.asks else dict(weights)
        prepared = self.prepared.with_weights(replace(self.prepared.problem, weights=weighed))
        solver = prepared.solver
        budget_tokens = max(solver.smallest_tokens, self.budget_tokens - COVERAGE_TOKENS)
        return (solver.quick(budget_tokens) if quickly else solver.solve(budget_tokens)).levels

    def recall_at(self, levels: npt.NDArray[np.int8]) -> float:
        """Share of the edited lines that a pack with these levels shows, 0-1."""
        at = np.minimum(levels[self.rows], _SHOWN)
        return float(self.shown[np.arange(len(self.rows)), at].mean())

    def observation(self) -> Observation:
        """Which classes were edited, and which the weights in force gave value to."""
        problem = self.prepared.problem
        columns = problem.columns
        source = np.array([is_source(row.path) for row in columns.files])[columns.file] & ~problem.excluded_mask()
        value = np.where(source, self.prepared.values, 0.0)
        return Observation(
            _shares(np.bincount(columns.chunk_class[self.rows], minlength=len(CLASSES))),
            _shares(np.bincount(columns.chunk_class, value, len(CLASSES))),
        )

    @property
    def steepness(self) -> float:
        """Power of a weight that values have."""
        return math.log2(as_weighed({ChunkClass.CODE: 2.0})[ChunkClass.CODE]) if self.asks else 1.0

    def classes(self) -> list[ChunkClass]:
        """Class of each edited line."""
        return [CLASSES[number] for number in self.prepared.problem.columns.chunk_class[self.rows].tolist()]


def _shares(sums: npt.NDArray[Any]) -> dict[ChunkClass, float]:
    total = float(sums.sum())
    return {CLASSES[at]: float(sums[at]) / total for at in np.flatnonzero(sums).tolist()} if total > 0 else {}


class Examples:
    """Finds examples in the history of a listing. Not safe for use by two threads at once."""

    def __init__(
        self, listing: Listing, request: PackRequest, model: Model, cache: BlobCache, with_query: bool
    ) -> None:
        """Take what packs of the past are made with.

        Args:
            listing: Whose history.
            request: How packs are made; its revision and query do not count.
            model: Whose tokens are counted.
            cache: Keeps the analyses, so that a parent costs what changed.
            with_query: Whether packs are made for the commit's message.
        """
        self._listing, self._request, self._model, self._cache = listing, request, model, cache
        self._with_query = with_query
        self._times = LineTimes()
        self.looked_at = 0
        """Commits that were looked at."""

    def newest(self, most: int, most_chunks: int, cancelled: IsCancelled) -> Iterator[Example]:
        """Give examples, newest first, until there are so many, or so many chunks, or no more commits.

        Raises:
            Cancelled: ``cancelled`` said so; the analyses so far are kept.
        """
        found = chunks = 0
        for page in range(_MOST_PAGES):
            edits = past_edits(self._listing, max_commits=_PAGE * most, skip=page * _PAGE * most, cancelled=cancelled)
            for edit in edits:
                if found == most or chunks > most_chunks:
                    return
                stop_if(cancelled)
                self.looked_at += 1
                example = self._example(edit, cancelled)
                if example is not None:
                    found += 1
                    chunks += example.prepared.problem.columns.chunks
                    yield example
            if len(edits) < _PAGE * most:
                # Roots are no edits, so a page may be short by those; a history ends but once.
                return

    def _example(self, edit: PastEdit, cancelled: IsCancelled) -> Example | None:
        edits = counted_edits(edit.files)
        if not edits or not is_telling(edit.message):
            return None
        try:
            scan = replace(self._request.scan, rev=edit.parent)
            repository = open_repository(scan, self._model, self._cache, ignore, cancelled)
        except InputError:
            # The folder was not there yet, or a partial clone lacks content.
            return None
        try:
            return self._laid_out(edit, edits, repository, cancelled) if repository.summary["chunks"] else None
        except ReadFailed:
            return None
        finally:
            repository.listing.content.close()

    def _laid_out(
        self, edit: PastEdit, edits: Mapping[str, Sequence[int]], repository: Repository, cancelled: IsCancelled
    ) -> Example | None:
        places = self._places(edits, repository)
        if not places:
            return None
        bench = Bench(repository)
        query = edit.message if self._with_query else ""
        request = replace(self._request, scan=repository.request, query=query)
        wishes = wishes_of(request, self._model)
        prepared = Shelf(bench).prepare(request, wishes.format, ignore, cancelled)
        if prepared.smallest_tokens > wishes.budget_tokens - COVERAGE_TOKENS:
            return None
        rows, shown = _lines_shown(places, bench.columns, bench.texts, prepared.excluded)
        if not len(rows):
            return None
        asks = bool(query.strip())
        signals = _signals(bench.asked, query, rows, cancelled) if asks else {}
        return Example(edit, wishes.budget_tokens, prepared, asks, rows, shown, signals)

    def _places(self, edits: Mapping[str, Sequence[int]], repository: Repository) -> list[tuple[str, int, str]]:
        content = repository.listing.content
        files = {file.path: file for file, _ in repository.identified}
        if not any(path in files for path in edits):
            return []
        named = {blob: files[file.path] for file, blob in repository.identified}

        def read(blob: str) -> bytes:
            return content.read(named[blob], MAX_FILE_BYTES)

        self._times.move_to((blob for file, blob in repository.identified if is_source(file.path)), read)

        def lines_of(path: str) -> list[str]:
            file = files.get(path)
            return content.read(file, MAX_FILE_BYTES).decode("utf-8", "replace").split("\n") if file else []

        return true_places(edits, lines_of, self._times.times)


def _lines_shown(
    places: Sequence[tuple[str, int, str]], columns: Columns, texts: RepositoryTexts, excluded: npt.NDArray[np.bool_]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """Chunk of each edited line that is in scope, and the levels at which the chunk's text has it."""
    number = {file.path: index for index, file in enumerate(columns.files)}
    first = np.searchsorted(columns.file, np.arange(len(columns.files) + 1))
    rows: list[int] = []
    shown: list[list[bool]] = []
    at_levels: dict[int, list[set[str]]] = {}
    for path, line, stripped in places:
        file = number.get(path)
        if file is None:
            continue
        low, high = int(first[file]), int(first[file + 1])
        row = int(np.searchsorted(columns.start_line[low:high], line, side="right")) - 1 + low
        if row < low or excluded[row]:
            continue
        if row not in at_levels:
            at_levels[row] = [{one.strip() for one in texts.text(row, level).split("\n")} for level in range(_SHOWN)]
        rows.append(row)
        shown.append([True, *(stripped in lines for lines in at_levels[row][1:]), False])
    return np.array(rows, np.int64), np.array(shown, np.bool_).reshape(-1, _SHOWN + 1)


def _signals(asked: Asked, query: str, rows: npt.NDArray[np.int64], cancelled: IsCancelled) -> dict[str, float]:
    parts = asked.explain(query, ignore, cancelled)
    total = float(parts.total[rows].sum())
    return {name: float(getattr(parts, name)[rows].sum()) / total for name in SIGNALS} if total > 0 else {}
