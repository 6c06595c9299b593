"""What packing a repository again and again has in common: frames by format, wishes about paths, totals of the scope.

Nothing here depends on weights, shares or the budget; whatever does not change between two requests is computed once.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from copy import copy
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from engine.columns import CLASSES, Columns, Floats
from engine.events import Emit, IsCancelled
from engine.pack import Frame, used_tokens
from engine.pack.problem import LINE, NO_PIN, OMITTED, OUTLINE, Levels, Mask, Problem
from engine.render import FormatName, FrameCosts, estimate_tokens
from engine.render.layout import file_classes
from engine.request import Tuning
from engine.scan.texts import RepositoryTexts
from engine.tokens import Tokenizer, tokenizer
from engine.usecases.asked import Asked
from engine.usecases.frame import costs_of
from engine.usecases.repository import Repository
from engine.usecases.tuning import matching

_SAMPLES = 24
"""Chunks of each class on which json measures what its escapes cost."""
COVERAGE_TOKENS = 18
"""What the statement of coverage comes to: 14 to 24 tokens in four formats with three vocabularies."""
_NAME = "bench"
_MOST_KEPT = 64
"""Wishes about paths that are remembered; each takes a byte per file."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Priced:
    """The repository in one format."""

    columns: Columns
    """With what the format adds to the text of chunks."""
    frame: Frame
    costs: FrameCosts


@dataclass(frozen=True, slots=True)
class Totals:
    """Everything in scope at one level, for levels 0-5."""

    used: tuple[int, ...]
    """Tokens of such a pack by the sums of the solver; see ``engine.pack.measure.alternatives``."""
    told: tuple[int, ...]
    """Tokens that its text is estimated to cost."""
    classes: npt.NDArray[np.int64]
    """(10, 6) tokens of chunk text by class; level 5 counts the lines of files by their main class."""


class Bench:
    """A repository laid out for packing. Not safe for use by two threads at once."""

    @classmethod
    def of(cls, repository: Repository) -> Bench:
        """The bench of an open repository, made by the first who asks: the next query finds everything laid out."""
        known = repository.laid_out.get(_NAME)
        bench = known if isinstance(known, Bench) else cls(repository)
        repository.laid_out[_NAME] = bench
        return bench

    def asked_by(self, asked: Asked) -> Bench:
        """The same bench for queries that are understood in a way of their own."""
        other = copy(self)
        other.asked, other._relevance = asked, OrderedDict()
        return other

    def __init__(self, repository: Repository) -> None:
        self.repository = repository
        self.columns, _ = repository.columns()
        self.texts: RepositoryTexts = repository.texts()
        self.title = repository.listing.root.name or "/"
        self.revision = repository.listing.revision[:12]
        self.asked = Asked(repository)
        self._priced: dict[FormatName, Priced] = {}
        self._relevance: OrderedDict[Hashable, Floats] = OrderedDict()
        self._matching: OrderedDict[Hashable, Mask] = OrderedDict()
        self._totals: OrderedDict[Hashable, Totals] = OrderedDict()

    @cached_property
    def counter(self) -> Tokenizer:
        """Counts for the model; loading it takes longer than a pack that is remembered."""
        return tokenizer(self.repository.model.encoding)

    def priced(self, name: FormatName) -> Priced:
        """Columns and frame as a format makes them."""
        if name not in self._priced:
            costs = costs_of(self.repository, name, self.title, lambda: self.counter, self._samples)
            self._priced[name] = Priced(_with_format(self.columns, costs), _frame(costs), costs)
        return self._priced[name]

    def relevance(self, query: str, emit: Emit, cancelled: IsCancelled) -> Floats:
        """(n,) relevance of each chunk for a query, or without one."""
        return _known(self._relevance, query, lambda: self.asked.relevance(query, emit, cancelled), 4)

    def pins(self, tuning: Tuning) -> Levels | None:
        """(n,) level each chunk is pinned to; later pins win.

        Raises:
            UsageError: a glob is none.
        """
        if not tuning.pins:
            return None
        by_file = np.full(len(self.columns.files), NO_PIN, np.int8)
        for pattern, level in tuning.pins:
            by_file[self._files((pattern,))] = level
        return by_file[self.columns.file]

    def excluded(self, tuning: Tuning) -> Mask | None:
        """(n,) chunks that the tuning leaves out.

        Raises:
            UsageError: a glob is none.
        """
        return self._files(tuple(tuning.excludes))[self.columns.file] if tuning.excludes else None

    def totals(self, name: FormatName, problem: Problem, excludes: tuple[str, ...]) -> Totals:
        """What the scope comes to at each level; ``problem`` is one with that format and those excludes."""
        return _known(self._totals, (name, excludes), lambda: self._totals_of(problem, self.priced(name).costs), 8)

    @cached_property
    def main_class(self) -> npt.NDArray[np.int64]:
        """(m,) class that holds most tokens of each file."""
        return np.array([CLASSES.index(name) for name in file_classes(self.columns)], np.int64)

    def _files(self, patterns: tuple[str, ...]) -> Mask:
        return _known(self._matching, patterns, lambda: matching(patterns, self.columns), _MOST_KEPT)

    def _samples(self) -> list[tuple[int, str]]:
        """Chunks of each class, evenly spread, with the index of the class."""
        rows: list[int] = []
        for number in range(len(CLASSES)):
            mine = np.flatnonzero(self.columns.chunk_class == number)
            if len(mine):
                rows += mine[np.linspace(0, len(mine) - 1, min(_SAMPLES, len(mine))).astype(int)].tolist()
        self.texts.prefetch(np.unique(self.columns.file[rows]).tolist())
        classes = self.columns.chunk_class
        # Every other one as packs show most: without the lines that are folded.
        return [(int(classes[row]), self.texts.text(row, 2 * (at % 2))) for at, row in enumerate(sorted(rows))]

    def _totals_of(self, problem: Problem, costs: FrameCosts) -> Totals:
        columns, excluded = self.columns, problem.excluded_mask()
        number = columns.chunk_class
        classes = np.zeros((len(CLASSES), OMITTED), np.int64)
        kinds = self.repository.columns()[1].kind
        used, told = [], []
        for level in range(OMITTED):
            levels = np.where(excluded, OMITTED, level).astype(np.int8)
            used.append(used_tokens(problem, levels))
            short = np.bincount(columns.file[levels == LINE], minlength=len(columns.files)) > 0
            told.append(estimate_tokens(columns, levels, short, costs, kinds) + COVERAGE_TOKENS)
            if level < LINE:
                tokens = np.where(excluded, 0, columns.tokens[:, level])
                classes[:, level] = np.bincount(number, tokens, len(CLASSES))
        listed = np.bincount(columns.file[~excluded], minlength=len(columns.files)) > 0
        lines = np.bincount(self.main_class, np.where(listed, columns.line_tokens, 0), len(CLASSES))
        # As in the report's alternatives: where lines cost more than what they stand for, the level above is shown.
        classes[:, LINE] = np.minimum(lines, classes[:, LINE - 1])
        return Totals(tuple(used), tuple(told), classes)


def _known(kept: OrderedDict[Hashable, T], key: Hashable, make: Callable[[], T], most: int) -> T:
    """Take a value from ``kept``, or make it and forget the one that was not asked for longest."""
    if key not in kept:
        kept[key] = make()
        if len(kept) > most:
            kept.popitem(last=False)
    kept.move_to_end(key)
    return kept[key]


def _with_format(columns: Columns, costs: FrameCosts) -> Columns:
    """The columns with what the format adds to the text of chunks."""
    tokens = columns.tokens.copy()
    if costs.chunk_tokens:
        factor = np.array(costs.text_factor)[columns.chunk_class]
        tokens[:, :4] = np.ceil(columns.tokens[:, :4] * factor[:, None])
        tokens[:, :4] += np.where(tokens[:, :4] > 0, costs.chunk_tokens // 2, 0).astype(np.int32)
    begins = _begins_line(columns)
    tokens[begins, OUTLINE] = np.minimum(
        tokens[begins, OUTLINE] + costs.outline_scope_tokens, tokens[begins, OUTLINE - 1]
    )
    return replace(columns, tokens=tokens)


def _begins_line(columns: Columns) -> npt.NDArray[np.intp]:
    """Chunks whose names begin a line of their own beside the file's first, when all of it is told by names."""
    named = np.flatnonzero(columns.tokens[:, OUTLINE] > 0)
    scope = columns.parent[named].copy()
    heads = np.isin(named, scope)
    scope[heads] = named[heads]
    begins: npt.NDArray[np.intp] = named[1:][(np.diff(scope) != 0) & (np.diff(columns.file[named]) == 0)]
    return begins


def _frame(costs: FrameCosts) -> Frame:
    return Frame(
        fixed_tokens=costs.minimal_tokens,
        header_tokens=costs.header_tokens.astype(np.int32),
        tree_tokens=costs.tree_tokens.astype(np.int32),
        line_tokens=(costs.line_tokens + costs.tree_tokens).astype(np.int32),
        outline_scope_tokens=np.full(len(costs.path_tokens), costs.outline_scope_tokens, np.int32),
    )
