"""Why a chunk has its level, for one chunk at a time while a pack is being tuned.

The reasons of the report compute lists over all chunks. Asked for one chunk, they are given its file alone, with the
one other file that decides about it: the one with the most valuable chunk that is omitted.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.columns import CLASSES, CORE_CLASSES, Columns
from engine.errors import UsageError
from engine.events import ignore, never
from engine.live import LivePack, Why
from engine.pack import Frame, Problem, Reasons, Solution
from engine.pack.problem import LINE, NO_PIN, OMITTED, OUTLINE, Levels
from engine.render.report_facts import NO_ROOM
from engine.usecases.bench import Bench
from engine.usecases.facts import with_match
from engine.usecases.prepared import Prepared, Shelf
from engine.usecases.wishes import format_of


class Whys:
    """Explains levels of one repository's packs."""

    def __init__(self, bench: Bench, shelf: Shelf) -> None:
        self._bench, self._shelf = bench, shelf
        self._asked: tuple[Solution, int] | None = None

    def why(self, pack: LivePack, chunk: int) -> Why:
        """Explain.

        Raises:
            UsageError: the pack is not of this repository, or its request made no sense.
        """
        solution, columns = pack.solution, self._bench.columns
        if solution is None or len(solution.levels) != columns.chunks:
            raise UsageError("there is no pack to explain")
        name = format_of(pack.request, self._bench.repository.model)
        prepared = self._shelf.prepare(pack.request, name, ignore, never)
        level = int(pack.levels[chunk])
        kept = 0.0 if level == OMITTED else float(prepared.problem.columns.retention[chunk, level])
        better, more, retention = _next(prepared, solution.levels, chunk, level)
        return Why(
            level=level,
            tokens=int(pack.tokens[chunk]),
            tokens_full=int(columns.tokens[chunk, 0]),
            value=float(pack.values[chunk]),
            retention=kept,
            reason=with_match(
                self._reason(prepared, solution, chunk), self._bench.asked.reason(pack.request.query, chunk)
            ),
            next_level=better,
            next_tokens=more,
            next_retention=retention if better is not None else kept,
        )

    def _reason(self, prepared: Prepared, solution: Solution, chunk: int) -> str:
        columns, levels = prepared.problem.columns, solution.levels
        file = int(columns.file[chunk])
        if self._asked is None or self._asked[0] is not solution:
            self._asked = (solution, _most_valuable_omitted(prepared, levels))
        first, behind = np.searchsorted(columns.file, [file, file + 1]).tolist()
        if levels[chunk] == LINE and (levels[first:behind] < LINE).any():
            return NO_ROOM  # beside text of its file a chunk has no line to be part of
        files = {file}
        if self._asked[1] >= 0:
            files.add(int(columns.file[self._asked[1]]))
        chosen = sorted(files)
        rows = np.concatenate([np.arange(*np.searchsorted(columns.file, [one, one + 1])) for one in chosen])
        told = Reasons(_part(prepared.problem, chosen, rows), replace(solution, levels=levels[rows]))
        return told.of(int(np.searchsorted(rows, chunk)))


def _next(prepared: Prepared, levels: Levels, chunk: int, level: int) -> tuple[int | None, int, float]:
    """The next fuller level that costs more, the tokens it adds with its file's header, and its retention."""
    problem, columns = prepared.problem, prepared.problem.columns
    if prepared.excluded[chunk] or prepared.pinned[chunk] != NO_PIN:
        return None, 0, 0.0
    file = int(columns.file[chunk])
    first, behind = np.searchsorted(columns.file, [file, file + 1]).tolist()
    mine = levels[first:behind]
    entry = 0
    if not (mine <= OUTLINE).any():
        entry = int(problem.frame.header_tokens[file] + problem.frame.tree_tokens[file])
        entry -= int(problem.frame.line_tokens[file]) if (mine == LINE).any() else 0
    now = int(columns.tokens[chunk, level]) if level <= OUTLINE else 0
    deepest = int(problem.deepest_levels()[chunk])
    for better in range(min(level - 1, OUTLINE, deepest), -1, -1):
        more = int(columns.tokens[chunk, better]) - now
        if more > 0:
            return better, more + entry, float(columns.retention[chunk, better])
    return None, 0, 0.0


def _most_valuable_omitted(prepared: Prepared, levels: Levels) -> int:
    """Row of the most valuable chunk that the core rule speaks of and that is omitted with its file, or -1."""
    problem = prepared.problem
    core = np.array([name in CORE_CLASSES for name in CLASSES])[problem.columns.chunk_class]
    rows = core & ~prepared.excluded & (prepared.pinned == NO_PIN) & (problem.deepest_levels() >= LINE)
    rows &= levels == OMITTED
    return int(np.where(rows, prepared.values, -1.0).argmax()) if rows.any() else -1


def _part(problem: Problem, files: list[int], rows: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Problem:
    """The problem of a few files; ``rows`` are all their chunks, ascending."""
    columns, frame = problem.columns, problem.frame
    place = np.full(columns.chunks + 1, -1, np.int32)
    place[rows] = np.arange(len(rows))
    some = Columns(
        files=[columns.files[file] for file in files],
        file=np.searchsorted(np.array(files), columns.file[rows]).astype(np.int32),
        chunk_class=columns.chunk_class[rows],
        parent=place[columns.parent[rows]],
        start_line=columns.start_line[rows],
        end_line=columns.end_line[rows],
        tokens=columns.tokens[rows],
        retention=columns.retention[rows],
        line_tokens=columns.line_tokens[files],
        path_tokens=columns.path_tokens[files],
    )
    return replace(
        problem,
        columns=some,
        relevance=problem.relevance[rows],
        frame=Frame(
            frame.fixed_tokens,
            frame.header_tokens[files],
            frame.tree_tokens[files],
            frame.line_tokens[files],
            frame.outline_scope_tokens[files],
        ),
        pins=None if problem.pins is None else problem.pins[rows],
        excluded=None if problem.excluded is None else problem.excluded[rows],
    )
