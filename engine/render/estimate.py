"""What a solution will cost as text, by arithmetic alone."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engine.columns import Columns
from engine.model import Level
from engine.render.costs import FrameCosts
from engine.render.shown import DEEPEST_SHOWN, line_files, shown_files

_CAPSULE = int(Level.CAPSULE)


def estimate_tokens(
    columns: Columns, levels: npt.NDArray[np.int8], file_lines: npt.NDArray[np.bool_], costs: FrameCosts
) -> int:
    """Add up what a pack with these levels costs; closer than the sums a solver can afford.

    Directories are counted once, gap and outline lines and joined json chunks as they will be written.

    Args:
        columns: The scanned repository, n chunks of m files.
        levels: (n,) level of each chunk, 0-6.
        file_lines: (m,) files represented by their one line.
        costs: Of the same columns and the format.

    Returns:
        Tokens; within about 2 % of a recount, and hardly ever below it.
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
    text = int(columns.tokens[rows, levels[rows]].sum())
    capsules = rows[(levels[rows] == _CAPSULE) & (columns.tokens[rows, _CAPSULE] < columns.tokens[rows, _CAPSULE - 1])]
    text -= int(costs.unwritten_capsule_tokens[columns.file[capsules]].sum())
    total += round(text * costs.text_factor)
    if costs.chunk_tokens:
        return total + costs.chunk_tokens * _json_chunks(columns, levels, rows)
    outline, gaps = _hidden_lines(columns, levels)
    if outline or gaps:
        total += costs.gap_tokens  # its words in the legend
    return total + outline * costs.outline_scope_tokens + gaps * costs.gap_tokens


def _whole_files(columns: Columns, levels: npt.NDArray[np.int8]) -> int:
    """Number of files of which every chunk is shown verbatim."""
    m = len(columns.files)
    chunks = np.bincount(columns.file, minlength=m)
    verbatim = np.bincount(columns.file[levels == 0], minlength=m)
    return int(((chunks == verbatim) & (chunks > 0)).sum())


def _hidden_lines(columns: Columns, levels: npt.NDArray[np.int8]) -> tuple[int, int]:
    """Numbers of outline lines and of gap lines."""
    n = columns.chunks
    verbatim = levels < DEEPEST_SHOWN
    # A run is what lies between two shown chunks of a file: number the runs by the shown chunks before them.
    run = np.cumsum(verbatim)
    named = np.flatnonzero(levels == DEEPEST_SHOWN)
    outline = 0
    if len(named):
        scope = columns.parent[named].copy()
        following = np.append(columns.parent[named[1:]], -2)
        heads = following == named
        scope[heads] = named[heads]
        fresh = np.ones(len(named), dtype=bool)
        same = (columns.file[named[1:]] == columns.file[named[:-1]]) & (run[named[1:]] == run[named[:-1]])
        fresh[1:] = ~(same & (scope[1:] == scope[:-1]))
        outline = int(fresh.sum())
    shown = np.flatnonzero(levels <= DEEPEST_SHOWN)
    if len(shown) < 2:
        return outline, 0
    left, right = shown[:-1], shown[1:]
    between = (right - left > 1) & (columns.file[left] == columns.file[right])
    # Next to an outline line the omitted chunks only widen its range.
    alone = between & (levels[left] < DEEPEST_SHOWN) & (levels[right] < DEEPEST_SHOWN)
    assert n >= len(shown)
    return outline, int(alone.sum())


def _json_chunks(columns: Columns, levels: npt.NDArray[np.int8], rows: npt.NDArray[np.int64]) -> int:
    """Number of chunk objects: neighbours of one level 0-2 are joined, outlines share lines."""
    verbatim = rows[levels[rows] < DEEPEST_SHOWN]
    outline, _ = _hidden_lines(columns, levels)
    if not len(verbatim):
        return outline
    joined = (
        (np.diff(verbatim) == 1)
        & (np.diff(columns.file[verbatim]) == 0)
        & (np.diff(levels[verbatim]) == 0)
        & (levels[verbatim[1:]] <= 2)
    )
    return outline + len(verbatim) - int(joined.sum())
