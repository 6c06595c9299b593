"""Edit recall: of the lines that real commits went on to change, how many are in a pack made from the commit's message?

A task is a non-merge commit: the query is its message, the repository its parent, the truth every source line that it
deleted or changed (for a pure insertion the line above), kept where the stripped line is unique in the repository. A
pack is scored by the share of those lines in its text; by the share of tasks with all of them; by the share of the
lines of the definitions around them; and by the share of their files that it names. The same is told of code alone,
without tests, and once more of tasks whose messages say something about the place: nobody finds a line by "fix lint".

Compared with BM25 over whole files and over windows of 60 lines, and with a plain retriever of definitions, which are
greedy, cut nothing and pay for their text alone. Packs without a query are compared with whole files, the smallest or
the most central first, and with ``--peers`` with other programs where they are installed, cut off where the budget
ends; they are also scored by how many names of definitions they tell, in all and per 1,000 tokens.

Where the lines are lost is told by level: a line that was ranked too low is at level 5 or 6, one that was ranked well
but degraded is at 1 to 4.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks import recall_peers
from benchmarks.recall_floors import bm25, definitions, packs, whole_files, windows
from benchmarks.recall_scores import Scores, Sought
from benchmarks.recall_tasks import tasks_of
from engine.events import ignore, never
from engine.inspector import Inspector
from engine.model import Level
from engine.request import PackRequest, ScanRequest
from engine.usecases.bench import Bench
from engine.usecases.pack import pack_repository
from engine.usecases.prepared import Shelf
from engine.usecases.repository import Repository
from engine.usecases.value import relevance

BUDGETS = (2_000, 4_000, 8_000, 32_000)
MODEL = "gpt-4o"
WITH_QUERY = ("query", "plain", "file BM25", "window BM25")
WITHOUT = ("no query", "small files", "central files")
"""Packers that know the message, and that do not; peers come with the latter."""
WITH_QUERY_MEASURES = (
    "lines", "all lines", "definitions", "code lines", "all code lines", "code definitions", "files",
)  # fmt: skip
WITHOUT_MEASURES = ("lines", "definitions", "code lines", "names", "names % per 1,000")
TELLING_WORDS = 4
"""Words of a message that says where to look, at least: neither function words nor words of the task (fix, add)."""


@dataclass(frozen=True, slots=True)
class Scored:
    """One task, and what each packer scores."""

    telling_words: int
    of: dict[str, Scores]


def run(repo: Path, number: int, skip: int, inspector: Inspector, peers: Sequence[str]) -> list[Scored]:
    """Score every packer on the tasks of one repository."""
    found = []
    for task, texts in tasks_of(repo, number, skip):
        opened = inspector.repository(ScanRequest(repo, MODEL, rev=task.parent))
        sought = Sought.of(task, Bench(opened), texts)
        table = {name: Scores() for name in (*WITH_QUERY, *WITHOUT, *peers)}
        for name, said in (("query", task.query), ("no query", "")):
            shelf = Shelf(Bench(opened))
            started_s = time.process_time()
            for budget in BUDGETS:
                request = PackRequest(opened.request, budget, "plain", query=said)
                packed = pack_repository(opened, request, ignore, never, shelf)
                sought.score(table[name], budget, packed.text)
                sought.where(table[name], budget, packed.solution.levels)
            table[name].cpu_s = (time.process_time() - started_s) / len(BUDGETS)
        for name in (*WITH_QUERY[1:], *WITHOUT[1:]):
            started_s = time.process_time()
            pieces, scores = floor(name, task.query, texts, opened)
            for budget, text in packs(pieces, scores, BUDGETS).items():
                sought.score(table[name], budget, text)
            table[name].cpu_s = (time.process_time() - started_s) / len(BUDGETS)
        if peers:
            run_peers(table, peers, repo, sought)
        found.append(Scored(task.telling_words, table))
    return found


def run_peers(table: dict[str, Scores], peers: Sequence[str], repo: Path, sought: Sought) -> None:
    """Score what other programs make of the tree."""
    with recall_peers.exported(repo, sought.task.parent) as tree:
        for name in peers:
            before = children_s()
            text = recall_peers.made_by(name, tree)
            table[name].cpu_s = children_s() - before
            for budget, beginning in recall_peers.cut(text, BUDGETS).items():
                sought.score(table[name], budget, beginning)


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


def show(title: str, tasks: Sequence[Scored]) -> None:
    """Print means over tasks, and once more over those whose message says where to look."""
    told = [task for task in tasks if task.telling_words >= TELLING_WORDS]
    _table(title, tasks)
    if told:
        _table(f"{title}, messages of {TELLING_WORDS} telling words or more", told)


def _table(title: str, tasks: Sequence[Scored]) -> None:
    of_code = sum(("code lines", BUDGETS[0]) in task.of["query"].shares for task in tasks)
    print(f"\n{title}: {len(tasks)} tasks, {of_code} of them of code")
    print(f"  {'':34}" + "".join(f"{budget:>9,}" for budget in BUDGETS) + "   CPU s a pack")
    for name in tasks[0].of:
        spent = statistics.fmean(task.of[name].cpu_s for task in tasks)
        for measure in WITH_QUERY_MEASURES if name in WITH_QUERY else WITHOUT_MEASURES:
            said = f"{spent:>14.2f}" if measure == "lines" else ""
            print(f"  {name + ', ' + measure:34}{_means(tasks, name, measure)}{said}")
    for level in Level:
        print(f"  {f'lines at level {int(level)}':34}{_means(tasks, 'query', f'level {int(level)}')}")


def _means(tasks: Sequence[Scored], name: str, measure: str) -> str:
    known = [[task.of[name].shares.get((measure, budget)) for task in tasks] for budget in BUDGETS]
    shares = [[share for share in row if share is not None] for row in known]
    return "".join(f"{statistics.fmean(row):>9.3f}" if row else f"{'-':>9}" for row in shares)


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
            tasks: list[Scored] = []
            for repo in repos:
                with Inspector(cache_path=Path(folder) / "blobs.db") as inspector:
                    found = run(repo, given.tasks, given.skip, inspector, peers)
                tasks += found
                if found:
                    _table(f"{title}, {repo.parent.name if repo.name == 'repo' else repo.name}", found)
                sys.stdout.flush()
            if tasks:
                show(f"{title}, all", tasks)


if __name__ == "__main__":
    main()
