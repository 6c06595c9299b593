"""What a solution will cost as text, by arithmetic alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.columns import CLASSES, Columns
from engine.model import ChunkClass, Level
from engine.render.costs import FrameCosts
from engine.render.shown import DEEPEST_SHOWN, line_files, shown_files

_CAPSULE = int(Level.CAPSULE)
_JOINED = 2
"""Deepest level at which json joins neighbours."""
_WORDED = np.array([name in (ChunkClass.CODE, ChunkClass.TESTS, ChunkClass.EXAMPLES) for name in CLASSES])
"""Classes whose outlines begin with a word for the kind, which a line says once for a run of names."""
_TESTS = CLASSES.index(ChunkClass.TESTS)
_COUNT_OF_TESTS = 3
"""What ``14 tests:`` adds to a line that names several."""

Rows = npt.NDArray[np.int64]


def estimate_tokens(
    columns: Columns,
    levels: npt.NDArray[np.int8],
    file_lines: npt.NDArray[np.bool_],
    costs: FrameCosts,
    kinds: npt.NDArray[np.uint8] | None = None,
) -> int:
    """Add up what a pack with these levels costs; closer than the sums a solver can afford.

    Directories are counted once, gap and outline lines and joined json chunks as they will be written. What the pack
    says of its coverage is not in it.

    Args:
        columns: The scanned repository, n chunks of m files.
        levels: (n,) level of each chunk, 0-6.
        file_lines: (m,) files represented by their one line.
        costs: Of the same columns and the format.
        kinds: (n,) number for the kind of each chunk; without it, outlines are taken to repeat theirs.

    Returns:
        Tokens; usually within 2 % of a recount.
    """
    shown, short = shown_files(columns, levels), line_files(columns, levels, file_lines)
    both = np.concatenate((shown, short))
    total = costs.minimal_tokens - costs.legend_tokens[5]
    used = set(np.unique(levels[levels <= DEEPEST_SHOWN]).tolist()) | ({5} if len(short) else set())
    total += sum(costs.legend_tokens[level] for level in used)
    total += int(costs.header_tokens[shown].sum() + costs.line_tokens[short].sum() + costs.entry_tokens[both].sum())
    total -= costs.span_tokens * _whole_files(columns, levels)
    total += int(costs.directory_tokens[np.unique(costs.directory[both])].sum()) if len(both) else 0
    rows = np.flatnonzero(levels <= DEEPEST_SHOWN)
    text = columns.tokens[rows, levels[rows]].astype(np.float64)
    capsules = rows[(levels[rows] == _CAPSULE) & (columns.tokens[rows, _CAPSULE] < columns.tokens[rows, _CAPSULE - 1])]
    factor = np.array(costs.text_factor)[columns.chunk_class]
    unwritten = costs.unwritten_capsule_tokens[columns.file[capsules]] * factor[capsules]
    hidden = _hidden_lines(columns, levels)
    text *= np.where(levels[rows] < DEEPEST_SHOWN, factor[rows], 1.0)
    total += round(float(text.sum() - unwritten.sum())) - hidden.saved(columns, kinds) - int(hidden.named.sum())
    if costs.chunk_tokens:
        return total + _json_frames(columns, levels, rows, hidden, costs)
    if len(hidden.first):
        total += costs.gap_tokens + 2 * costs.number_tokens[1]  # its words in the legend
    numbers = _numbers(costs, columns.start_line[hidden.first], columns.end_line[hidden.last])
    return total + len(hidden.first) * costs.gap_tokens + numbers


@dataclass(frozen=True, slots=True)
class _Hidden:
    """Lines that stand for chunks without text of their own."""

    first: Rows
    """(k,) first chunk of each line."""
    last: Rows
    """(k,) last chunk of each line."""
    named: npt.NDArray[np.bool_]
    """(k,) whether it names anything."""
    members: Rows
    """(q,) chunks that are named."""
    line: Rows
    """(q,) line of each of them."""

    def saved(self, columns: Columns, kinds: npt.NDArray[np.uint8] | None) -> int:
        """Tokens that names on one line do not cost again: the word for a kind is written once."""
        if kinds is None or not len(self.members):
            return 0
        number, named_as = columns.chunk_class[self.members], kinds[self.members]
        same = (np.diff(self.line) == 0) & (np.diff(named_as) == 0) & (np.diff(number) == 0)
        saved = int((same & _WORDED[number[1:]]).sum())
        several = np.bincount(self.line[1:][same & (number[1:] == _TESTS)], minlength=len(self.first)) > 0
        return saved - _COUNT_OF_TESTS * int(several.sum())


def _whole_files(columns: Columns, levels: npt.NDArray[np.int8]) -> int:
    """Number of files of which every chunk is shown verbatim."""
    m = len(columns.files)
    chunks = np.bincount(columns.file, minlength=m)
    verbatim = np.bincount(columns.file[levels == 0], minlength=m)
    return int(((chunks == verbatim) & (chunks > 0)).sum())


def _hidden_lines(columns: Columns, levels: npt.NDArray[np.int8]) -> _Hidden:
    """The lines between, and beside, the shown chunks of files: as ``engine.render.outline`` writes them."""
    n = columns.chunks
    none = np.zeros(0, np.int64)
    visible = np.flatnonzero(levels <= DEEPEST_SHOWN)
    if not len(visible):
        return _Hidden(none, none, np.zeros(0, np.bool_), none, none)
    turn = np.flatnonzero(np.diff(columns.file[visible])) + 1
    window = np.zeros(n + 1, np.int64)
    window[visible[np.concatenate(([0], turn))]] += 1
    window[visible[np.concatenate((turn - 1, [len(visible) - 1]))] + 1] -= 1
    rows = np.flatnonzero((np.cumsum(window[:n]) > 0) & (levels >= DEEPEST_SHOWN))
    if not len(rows):
        return _Hidden(none, none, np.zeros(0, np.bool_), none, none)
    opens = np.ones(len(rows), np.bool_)
    opens[1:] = (np.diff(rows) > 1) | (np.diff(columns.file[rows]) != 0)
    run = np.cumsum(opens) - 1
    is_named = (levels[rows] == DEEPEST_SHOWN) & (columns.tokens[rows, DEEPEST_SHOWN] > 0)
    at = np.flatnonzero(is_named)
    members = rows[at]
    # A scope's own chunk stands before its members, in their line; another scope begins another line.
    scope = columns.parent[members].astype(np.int64)
    heads = np.isin(members, scope)
    scope[heads] = members[heads]
    turns = np.zeros(len(at), np.bool_)
    turns[1:] = (run[at[1:]] == run[at[:-1]]) & (scope[1:] != scope[:-1])
    opens[at[turns]] = True
    line = np.cumsum(opens) - 1
    begin = np.flatnonzero(opens)
    named = np.zeros(len(begin), np.bool_)
    named[line[at]] = True
    return _Hidden(rows[begin], rows[np.append(begin[1:], len(rows)) - 1], named, members, line[at])


def _json_frames(columns: Columns, levels: npt.NDArray[np.int8], rows: Rows, hidden: _Hidden, costs: FrameCosts) -> int:
    """What stands around texts in json: neighbours of one level are joined, outlines share lines, gaps have none."""
    verbatim = rows[levels[rows] < DEEPEST_SHOWN]
    opens = np.ones(len(verbatim), np.bool_)
    opens[1:] = ~(
        (np.diff(verbatim) == 1)
        & (np.diff(columns.file[verbatim]) == 0)
        & (np.diff(levels[verbatim]) == 0)
        & (levels[verbatim[1:]] <= _JOINED)
    )
    begin = np.flatnonzero(opens)
    last = verbatim[np.append(begin[1:], len(verbatim)) - 1] if len(verbatim) else verbatim
    first = np.concatenate((verbatim[begin], hidden.first[hidden.named]))
    last = np.concatenate((last, hidden.last[hidden.named]))
    bare = costs.chunk_tokens - 2 * costs.number_tokens[4]
    return bare * len(first) + _numbers(costs, columns.start_line[first], columns.end_line[last])


def _numbers(costs: FrameCosts, *lines: npt.NDArray[np.int32]) -> int:
    """Tokens of line numbers."""
    by_digits = np.array(costs.number_tokens)
    ends = 10 ** np.arange(1, len(by_digits) - 1)
    return sum(int(by_digits[np.searchsorted(ends, number, side="right") + 1].sum()) for number in lines)
