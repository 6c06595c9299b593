"""What packs of the edit-recall benchmark are scored by."""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from benchmarks.recall_tasks import SHORTEST_LINE, Task
from engine.columns import CLASSES, Columns
from engine.model import ChunkClass, Level
from engine.pack.problem import Levels
from engine.usecases.bench import Bench

SHORTEST_NAME = 4
"""Characters of a definition's name that can be told from other words."""
_WORD = re.compile(r"\w+")
Rows = dict[tuple[str, int], int]


@dataclass(slots=True)
class Scores:
    """Of one packer for one task."""

    shares: dict[tuple[str, int], float] = field(default_factory=dict)
    """By measure and budget."""
    cpu_s: float = 0.0
    """CPU seconds of a pack, on the mean of the budgets; of packs with a query with its ranking."""


@dataclass(frozen=True, slots=True)
class Sought:
    """What packs for one task are scored by. All lines are stripped."""

    task: Task
    code: frozenset[str]
    """Those of the task's lines that are code: in no test, no comment of its own, no example."""
    around: frozenset[str]
    """Lines of the definitions around the task's lines."""
    around_code: frozenset[str]
    """Lines of those around its code."""
    names: frozenset[str]
    """Names of all definitions."""
    rows: Rows
    """Chunk around each line."""

    @classmethod
    def of(cls, task: Task, bench: Bench, texts: dict[str, str]) -> Sought:
        """Find out about a task in the repository before it."""
        rows = rows_of(task, bench.columns)
        code = {
            place: row
            for place, row in rows.items()
            if CLASSES[bench.columns.chunk_class[row]] is ChunkClass.CODE
        }  # fmt: skip
        lines = (texts[path].splitlines()[line - 1].strip() for path, line in code)
        around = definitions_around(rows, bench, texts), definitions_around(code, bench, texts)
        return cls(task, frozenset(lines) & task.truth, *around, names_of(bench, texts), rows)

    def score(self, scores: Scores, budget: int, text: str) -> None:
        """Measure one pack."""
        task, shares = self.task, scores.shares
        lines = {line.strip() for line in text.splitlines()}
        for kind, truth, around in (("", task.truth, self.around), ("code ", self.code, self.around_code)):
            if truth:
                share = len(truth & lines) / len(truth)
                shares[f"{kind}lines", budget] = share
                shares[f"all {kind}lines", budget] = float(share == 1)
                shares[f"{kind}definitions", budget] = len(around & lines) / len(around) if around else 1.0
        shares["files", budget] = statistics.fmean(path in text for path in task.files)
        told = len(self.names & set(_WORD.findall(text))) / max(1, len(self.names))
        shares["names", budget] = told
        shares["names % per 1,000", budget] = 100 * told / (budget / 1000)

    def where(self, scores: Scores, budget: int, levels: Levels) -> None:
        """Note at which level the chunks around the task's lines are."""
        for level in Level:
            share = statistics.fmean(levels[row] == level for row in self.rows.values()) if self.rows else 0.0
            scores.shares[f"level {int(level)}", budget] = share


def rows_of(task: Task, columns: Columns) -> Rows:
    """Chunk around each line of a task, by path and line; lines that have none are left out."""
    number = {file.path: index for index, file in enumerate(columns.files)}
    first = np.searchsorted(columns.file, np.arange(len(columns.files) + 1))
    rows: Rows = {}
    for path, line in task.places:
        if path in number:
            low, high = first[number[path]], first[number[path] + 1]
            row = int(np.searchsorted(columns.start_line[low:high], line, side="right")) - 1 + int(low)
            if row >= low:
                rows[path, line] = row
    return rows


def definitions_around(rows: Rows, bench: Bench, texts: dict[str, str]) -> frozenset[str]:
    """Stripped lines of the definitions around the lines of a task, each with all chunks that it was cut into."""
    columns = bench.columns
    found: set[str] = set()
    for (path, _), row in rows.items():
        lines = texts[path].splitlines()
        for part in _whole(row, bench):
            told = lines[columns.start_line[part] - 1 : columns.end_line[part]]
            found.update(stripped for line in told if len(stripped := line.strip()) >= SHORTEST_LINE)
    return frozenset(found)


def _whole(row: int, bench: Bench) -> Iterable[int]:
    """All chunks of the definition that a chunk is of."""

    def same(other: int) -> bool:
        return bench.texts.symbol(other) == bench.texts.symbol(row) and bench.texts.kind(other) == bench.texts.kind(row)

    if not bench.texts.symbol(row):
        return [row]
    above = int(bench.columns.parent[row])
    head = above if above >= 0 and same(above) else row
    return [head, *(part for part in np.flatnonzero(bench.columns.parent == head).tolist() if same(part))]


def names_of(bench: Bench, texts: dict[str, str]) -> frozenset[str]:
    """The last word of the name of each definition in source files."""
    columns = bench.columns
    source = np.array([file.path in texts for file in columns.files])[columns.file]
    found = (_WORD.findall(bench.texts.symbol(row)) for row in np.flatnonzero(source).tolist())
    return frozenset(words[-1] for words in found if words and len(words[-1]) >= SHORTEST_NAME)
