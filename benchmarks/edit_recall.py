"""Edit recall: of the lines that real commits went on to change, how many are in a pack made from the commit's message?

A task is a non-merge commit: the query is its message, the repository its parent, the truth every source line that it
deleted or changed (for a pure insertion the line above), kept where the stripped line is unique in the repository. A
pack is scored by the share of those lines in its text; by the share of tasks with all of them; by the share of the
lines of the definitions around them; and by the share of their files that it names.

Compared with BM25 over whole files and over windows of 60 lines, and with a plain retriever of definitions, which are
greedy, cut nothing and pay for their text alone. Packs without a query are compared with whole files, the smallest or
the most central first, and with ``--peers`` with other programs where they are installed, cut off where the budget
ends; they are also scored by how many names of definitions they tell, in all and per 1,000 tokens.

Where the lines are lost is told by level: a line that was ranked too low is at level 5 or 6, one that was ranked well
but degraded is at 1 to 4.
"""

from __future__ import annotations

import argparse
import re
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from benchmarks import recall_peers
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
from engine.usecases.repository import Repository
from engine.usecases.value import relevance

BUDGETS = (2_000, 4_000, 8_000, 32_000)
MODEL = "gpt-4o"
WITH_QUERY = ("query", "plain", "file BM25", "window BM25")
WITHOUT = ("no query", "small files", "central files")
"""Packers that know the message, and that do not; peers come with the latter."""
SHORTEST_NAME = 4
"""Characters of a definition's name that can be told from other words."""
_WORD = re.compile(r"\w+")
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


@dataclass(frozen=True, slots=True)
class Sought:
    """What packs for one task are scored by."""

    task: Task
    around: frozenset[str]
    """Stripped lines of the definitions around the task's lines."""
    names: frozenset[str]
    """Names of all definitions."""


def score(scores: Scores, budget: int, sought: Sought, text: str) -> None:
    """Measure one pack."""
    task, around = sought.task, sought.around
    lines = {line.strip() for line in text.splitlines()}
    share = len(task.truth & lines) / len(task.truth)
    scores.add("lines", budget, share)
    scores.add("all lines", budget, float(share == 1))
    scores.add("definitions", budget, len(around & lines) / len(around) if around else 1.0)
    scores.add("files", budget, statistics.fmean(path in text for path in task.files))
    told = len(sought.names & set(_WORD.findall(text))) / max(1, len(sought.names))
    scores.add("names", budget, told)
    scores.add("names % per 1,000", budget, 100 * told / (budget / 1000))


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


def names_of(bench: Bench, texts: dict[str, str]) -> frozenset[str]:
    """The last word of the name of each definition in source files."""
    columns = bench.columns
    source = np.array([file.path in texts for file in columns.files])[columns.file]
    found = (_WORD.findall(bench.texts.symbol(row)) for row in np.flatnonzero(source).tolist())
    return frozenset(words[-1] for words in found if words and len(words[-1]) >= SHORTEST_NAME)


def run(repo: Path, number: int, skip: int, inspector: Inspector, peers: Sequence[str]) -> dict[str, Scores]:
    """Score every packer on the tasks of one repository."""
    table = {name: Scores() for name in (*WITH_QUERY, *WITHOUT, *peers)}
    for task, texts in tasks_of(repo, number, skip):
        opened = inspector.repository(ScanRequest(repo, MODEL, rev=task.parent))
        columns, _ = opened.columns()
        rows = rows_of(task, columns)
        sought = Sought(task, definitions_around(rows, columns, texts), names_of(Bench(opened), texts))
        for name, said in (("query", task.query), ("no query", "")):
            shelf = Shelf(Bench(opened))
            started_s = time.process_time()
            for budget in BUDGETS:
                request = PackRequest(opened.request, budget, "plain", query=said)
                packed = pack_repository(opened, request, ignore, never, shelf)
                score(table[name], budget, sought, packed.text)
                where(table[name], budget, rows, packed)
            table[name].cpu_s.append((time.process_time() - started_s) / len(BUDGETS))
        for name in (*WITH_QUERY[1:], *WITHOUT[1:]):
            started_s = time.process_time()
            pieces, scores = floor(name, task.query, texts, opened)
            for budget, text in packs(pieces, scores, BUDGETS).items():
                score(table[name], budget, sought, text)
            table[name].cpu_s.append((time.process_time() - started_s) / len(BUDGETS))
        if peers:
            run_peers(table, peers, repo, sought)
    return table


def run_peers(table: dict[str, Scores], peers: Sequence[str], repo: Path, sought: Sought) -> None:
    """Score what other programs make of the tree."""
    with recall_peers.exported(repo, sought.task.parent) as tree:
        for name in peers:
            before = children_s()
            text = recall_peers.made_by(name, tree)
            table[name].cpu_s.append(children_s() - before)
            for budget, beginning in recall_peers.cut(text, BUDGETS).items():
                score(table[name], budget, sought, beginning)


def children_s() -> float:
    """CPU seconds of the processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def floor(name: str, query: str, texts: dict[str, str], opened: Repository) -> tuple[list[str], list[float]]:
    """Pieces and scores of a greedy packer."""
    columns, _ = opened.columns()
    if name == "plain":
        return definitions(query, texts, columns)
    if name == "window BM25":
        pieces = windows(texts)
        return pieces, bm25(query, pieces)
    pieces = whole_files(texts)
    if name == "file BM25":
        return pieces, bm25(query, pieces)
    if name == "small files":
        return pieces, [1.0 / (1 + len(piece)) for piece in pieces]
    worth = np.bincount(columns.file, relevance(opened), len(columns.files))
    by_path = {file.path: float(value) for file, value in zip(columns.files, worth.tolist(), strict=True)}
    return pieces, [by_path.get(path, 0.0) for path in texts]


def where(scores: Scores, budget: int, rows: Rows, packed: Packed) -> None:
    """Note at which level the chunks around a task's lines are."""
    levels = packed.solution.levels
    for level in Level:
        share = statistics.fmean(levels[row] == level for row in rows.values()) if rows else 0.0
        scores.add(f"level {int(level)}", budget, share)


def show(title: str, tables: Sequence[dict[str, Scores]]) -> None:
    """Print means over all tasks of some repositories."""
    print(f"\n{title}: {sum(len(table['query'].cpu_s) for table in tables)} tasks")
    print(f"  {'':34}" + "".join(f"{budget:>9,}" for budget in BUDGETS) + "   CPU s a pack")
    for name in tables[0]:
        spent = statistics.fmean(seconds for table in tables for seconds in table[name].cpu_s)
        measures = ("lines", "all lines", "definitions", "files")
        for measure in measures if name in WITH_QUERY else (*measures[::2], "names", "names % per 1,000"):
            told = f"{spent:>14.2f}" if measure == "lines" else ""
            print(f"  {name + ', ' + measure:34}{_means(tables, name, measure)}{told}")
    for level in Level:
        print(f"  {f'lines at level {int(level)}':34}{_means(tables, 'query', f'level {int(level)}')}")


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
    parser.add_argument("--peers", action="store_true", help="with other programs, where they are installed")
    given = parser.parse_args(words_given)
    peers = recall_peers.installed() if given.peers else []
    if given.cache:
        given.cache.mkdir(parents=True, exist_ok=True)
    with nullcontext(given.cache) if given.cache else tempfile.TemporaryDirectory(prefix="packsight-bench-") as folder:
        for title, repos in (("tuned on", given.repos), ("held out", given.held_out)):
            tables = []
            for repo in repos:
                with Inspector(cache_path=Path(folder) / "blobs.db") as inspector:
                    tables.append(run(repo, given.tasks, given.skip, inspector, peers))
                show(f"{title}, {repo.parent.name if repo.name == 'repo' else repo.name}", tables[-1:])
                sys.stdout.flush()
            if len(tables) > 1:
                show(f"{title}, all", tables)


if __name__ == "__main__":
    main()
