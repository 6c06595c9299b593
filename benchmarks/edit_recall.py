"""Edit recall: of the lines that real commits went on to change, how many are in a pack made from the commit's message?

A task is a non-merge commit: the query is its message, the repository its parent, the truth every source line that it
deleted or changed (for a pure insertion the line above), kept where the stripped line is unique in the repository. A
pack is scored by the share of those lines in its text; by the share of tasks with all of them; by the share of the
lines of the definitions around them; and by the share of their files that it names.

Compared with packs without a query, and with BM25 over whole files and over windows of 60 lines, which are greedy,
cut nothing and pay for their text alone. Where the lines are lost is told by level: a line that was ranked too low is
at level 5 or 6, one that was ranked well but degraded is at 1 to 4.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from benchmarks.recall_floors import bm25, definitions, packs, whole_files, windows
from benchmarks.recall_tasks import SHORTEST_LINE, Task, tasks_of
from engine.columns import Columns
from engine.events import ignore, never
from engine.inspector import Inspector
from engine.model import Level
from engine.request import PackRequest, ScanRequest
from engine.usecases.bench import Bench
from engine.usecases.pack import Packed, pack_repository
from engine.usecases.prepared import Shelf

BUDGETS = (2_000, 4_000, 8_000, 32_000)
MODEL = "gpt-4o"
Rows = dict[tuple[str, int], int]


@dataclass(slots=True)
class Scores:
    """One number a task, by measure and budget."""

    shares: dict[tuple[str, int], list[float]] = field(default_factory=dict)
    cpu_s: list[float] = field(default_factory=list)
    """CPU seconds of a pack, on the mean of the budgets; of packs with a query with its ranking."""

    def add(self, measure: str, budget: int, share: float) -> None:
        """Take a number."""
        self.shares.setdefault((measure, budget), []).append(share)


def score(scores: Scores, budget: int, task: Task, around: frozenset[str], text: str) -> None:
    """Measure one pack."""
    lines = {line.strip() for line in text.splitlines()}
    share = len(task.truth & lines) / len(task.truth)
    scores.add("lines", budget, share)
    scores.add("all lines", budget, float(share == 1))
    scores.add("definitions", budget, len(around & lines) / len(around) if around else 1.0)
    scores.add("files", budget, statistics.fmean(path in text for path in task.files))


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


def definitions_around(rows: Rows, columns: Columns, texts: dict[str, str]) -> frozenset[str]:
    """Stripped lines of the chunks around the lines of a task."""
    found: set[str] = set()
    for (path, _), row in rows.items():
        lines = texts[path].splitlines()[columns.start_line[row] - 1 : columns.end_line[row]]
        found.update(stripped for line in lines if len(stripped := line.strip()) >= SHORTEST_LINE)
    return frozenset(found)


def run(repo: Path, number: int, skip: int, inspector: Inspector) -> dict[str, Scores]:
    """Score every packer on the tasks of one repository."""
    table = {name: Scores() for name in ("query", "no query", "plain", "file BM25", "window BM25")}
    for task, texts in tasks_of(repo, number, skip):
        opened = inspector.repository(ScanRequest(repo, MODEL, rev=task.parent))
        columns, _ = opened.columns()
        rows = rows_of(task, columns)
        around = definitions_around(rows, columns, texts)
        for name, said in (("query", task.query), ("no query", "")):
            shelf = Shelf(Bench(opened))
            started_s = time.process_time()
            for budget in BUDGETS:
                request = PackRequest(opened.request, budget, "plain", query=said)
                packed = pack_repository(opened, request, ignore, never, shelf)
                score(table[name], budget, task, around, packed.text)
                where(table[name], budget, rows, packed)
            table[name].cpu_s.append((time.process_time() - started_s) / len(BUDGETS))
        for name in ("plain", "file BM25", "window BM25"):
            started_s = time.process_time()
            pieces, scores = floor(name, task.query, texts, columns)
            for budget, text in packs(pieces, scores, BUDGETS).items():
                score(table[name], budget, task, around, text)
            table[name].cpu_s.append((time.process_time() - started_s) / len(BUDGETS))
    return table


def floor(name: str, query: str, texts: dict[str, str], columns: Columns) -> tuple[list[str], list[float]]:
    """Pieces and scores of a greedy retriever."""
    if name == "plain":
        return definitions(query, texts, columns)
    pieces = whole_files(texts) if name == "file BM25" else windows(texts)
    return pieces, bm25(query, pieces)


def where(scores: Scores, budget: int, rows: Rows, packed: Packed) -> None:
    """Note at which level the chunks around a task's lines are."""
    levels = packed.solution.levels
    for level in Level:
        share = statistics.fmean(levels[row] == level for row in rows.values()) if rows else 0.0
        scores.add(f"level {int(level)}", budget, share)


def show(title: str, tables: Sequence[dict[str, Scores]]) -> None:
    """Print means over all tasks of some repositories."""
    print(f"\n{title}: {sum(len(table['query'].cpu_s) for table in tables)} tasks")
    print(f"  {'':26}" + "".join(f"{budget:>9,}" for budget in BUDGETS) + "   CPU s a pack")
    for name in tables[0]:
        spent = statistics.fmean(seconds for table in tables for seconds in table[name].cpu_s)
        for measure in ("lines", "all lines", "definitions", "files"):
            told = f"{spent:>14.2f}" if measure == "lines" else ""
            print(f"  {name + ', ' + measure:26}{_means(tables, name, measure)}{told}")
    for level in Level:
        print(f"  {f'lines at level {int(level)}':26}{_means(tables, 'query', f'level {int(level)}')}")


def _means(tables: Sequence[dict[str, Scores]], name: str, measure: str) -> str:
    shares = ([share for table in tables for share in table[name].shares[measure, budget]] for budget in BUDGETS)
    return "".join(f"{statistics.fmean(found):>9.3f}" for found in shares)


def main(words_given: Sequence[str] | None = None) -> None:
    """Run on the checkouts given; those behind ``--held-out`` are reported apart."""
    parser = argparse.ArgumentParser(prog="edit_recall", description=__doc__.split("\n")[0])
    parser.add_argument("--repos", nargs="*", type=Path, default=[], help="checkouts with history, tuned on")
    parser.add_argument("--held-out", nargs="*", type=Path, default=[], help="checkouts that tuning never saw")
    parser.add_argument("--tasks", type=int, default=10, help="commits of each repository")
    parser.add_argument("--skip", type=int, default=7, help="take every so-manieth commit")
    parser.add_argument("--cache", type=Path, help="folder that keeps the scans for another run")
    given = parser.parse_args(words_given)
    if given.cache:
        given.cache.mkdir(parents=True, exist_ok=True)
    with nullcontext(given.cache) if given.cache else tempfile.TemporaryDirectory(prefix="packsight-bench-") as folder:
        for title, repos in (("tuned on", given.repos), ("held out", given.held_out)):
            tables = []
            for repo in repos:
                with Inspector(cache_path=Path(folder) / "blobs.db") as inspector:
                    tables.append(run(repo, given.tasks, given.skip, inspector))
                show(f"{title}, {repo.parent.name if repo.name == 'repo' else repo.name}", tables[-1:])
                sys.stdout.flush()
            if len(tables) > 1:
                show(f"{title}, all", tables)


if __name__ == "__main__":
    main()
