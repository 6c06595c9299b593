"""Edit recall: of the lines that real commits went on to change, how many are in a pack made from the commit's message?

A task is a non-merge commit: the query is its message, the repository its parent, the truth every source line that it
deleted or changed (for a pure insertion the line above), kept where the stripped line is unique in the repository. A
pack is scored by the share of those lines in its text.

Compared with packs without a query, and with BM25 over whole files and over windows of 60 lines, which are greedy,
cut nothing and pay for their text alone.
"""

from __future__ import annotations

import argparse
import math
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from engine.inspector import Inspector
from engine.request import PackRequest, ScanRequest
from engine.tokens import tokenizer

BUDGETS = (2_000, 4_000, 8_000, 32_000)
MODEL = "gpt-4o"
SOURCES = frozenset({
    ".py", ".pyi", ".js", ".jsx", ".mjs", ".cjs", ".ts", ".tsx", ".go", ".rs", ".java", ".kt", ".rb", ".erb", ".c",
    ".cc", ".cpp", ".cxx", ".h", ".hpp", ".hh", ".cs", ".php", ".swift", ".scala", ".lua", ".sh", ".ex", ".exs",
})  # fmt: skip
"""Endings of files whose lines count."""
_HUNK = re.compile(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_WORD = re.compile(r"[A-Za-z][a-z]+|[A-Z]{2,}|[a-z]+|\d+")
_SHORTEST_LINE = 4
_WINDOW = 60
_TRAILER = re.compile(r"^(?:signed-off-by|co-authored-by|reviewed-by):.*$", re.I | re.M)


@dataclass(frozen=True, slots=True)
class Task:
    """One commit."""

    commit: str
    parent: str
    message: str
    truth: frozenset[str]
    """Stripped lines, each unique in the parent's tree."""
    files: frozenset[str]
    """Files that the lines are in."""


@dataclass(slots=True)
class Tree:
    """Source files of a revision."""

    texts: dict[str, str]
    unique: frozenset[str] = frozenset()


@dataclass(slots=True)
class Scores:
    """Recall by budget, task after task."""

    recall: dict[int, list[float]] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)

    def add(self, budget: int, share: float) -> None:
        """Take the recall of one pack."""
        self.recall.setdefault(budget, []).append(share)


def git(repo: Path, *words: str) -> str:
    """Output of git."""
    ran = subprocess.run(["git", "-C", str(repo), *words], capture_output=True, check=True)
    return ran.stdout.decode("utf-8", "replace")


def source_tree(repo: Path, revision: str) -> dict[str, str]:
    """Text of every source file of a revision, by path."""
    rows = [line.split(None, 4) for line in git(repo, "ls-tree", "-r", "-l", revision).splitlines()]
    rows = [row for row in rows if row[1] == "blob" and row[3] != "-" and int(row[3]) < 2_000_000]
    wanted = [(row[2], row[4]) for row in rows if Path(row[4]).suffix in SOURCES]
    ran = subprocess.run(
        ["git", "-C", str(repo), "cat-file", "--batch"],
        input="".join(f"{oid}\n" for oid, _ in wanted).encode(), capture_output=True, check=True,
    )  # fmt: skip
    texts: dict[str, str] = {}
    at = 0
    for _, path in wanted:
        end = ran.stdout.index(b"\n", at)
        header = ran.stdout[at:end].split()
        if len(header) < 3:
            at = end + 1
            continue  # a partial clone lacks it
        size = int(header[2])
        texts[path] = ran.stdout[end + 1 : end + 1 + size].decode("utf-8", "replace")
        at = end + 2 + size
    return texts


def changed_lines(repo: Path, parent: str, commit: str) -> dict[str, set[int]]:
    """Lines of the parent's files that a commit deleted, changed or inserted behind, from 1, by path."""
    found: dict[str, set[int]] = {}
    path = ""
    for line in git(repo, "diff", "-U0", "--no-renames", "--no-color", "--no-ext-diff", parent, commit).splitlines():
        if line.startswith("--- "):
            path = line[6:] if line.startswith("--- a/") else ""
        elif path and (match := _HUNK.match(line)):
            start, number = int(match[1]), int(match[2] or 1)
            found.setdefault(path, set()).update(range(start, start + number) if number else [start])
    return found


def tasks_of(repo: Path, number: int, skip: int) -> Iterator[tuple[Task, dict[str, str]]]:
    """Tasks of a repository, spread over its newest commits, with their trees."""
    log = git(repo, "log", "--no-merges", f"--max-count={skip * number * 8}", "--format=%H %P")
    commits = [line.split() for line in log.splitlines()]
    made = 0
    for row in commits[::skip]:
        if made == number:
            return
        if len(row) != 2:
            continue
        commit, parent = row
        try:
            lines_of = changed_lines(repo, parent, commit)
        except subprocess.CalledProcessError:
            continue  # a partial clone lacks some of the content
        changed = {path: rows for path, rows in lines_of.items() if Path(path).suffix in SOURCES}
        if not 1 <= len(changed) <= 8 or sum(map(len, changed.values())) > 200:
            continue
        message = git(repo, "log", "-1", "--format=%B", commit).strip()
        if len(message) < 12:
            continue
        texts = source_tree(repo, parent)
        times = Counter(line.strip() for text in texts.values() for line in text.splitlines())
        truth: set[str] = set()
        files: set[str] = set()
        for path, rows in changed.items():
            lines = texts.get(path, "").splitlines()
            for at in rows:
                stripped = lines[at - 1].strip() if 1 <= at <= len(lines) else ""
                if len(stripped) >= _SHORTEST_LINE and times[stripped] == 1:
                    truth.add(stripped)
                    files.add(path)
        if truth:
            made += 1
            yield Task(commit, parent, message, frozenset(truth), frozenset(files)), texts


def recall(task: Task, text: str) -> float:
    """Share of the truth in a text."""
    lines = {line.strip() for line in text.splitlines()}
    return len(task.truth & lines) / len(task.truth)


# -- floors ------------------------------------------------------------------------------------------------------------


def words(text: str) -> list[str]:
    """Lower-case words, identifiers cut."""
    return [word.lower() for word in _WORD.findall(text)]


def bm25(query: str, documents: Sequence[str], k1: float = 1.2, b: float = 0.75) -> list[float]:
    """Okapi BM25 of each document."""
    asked = set(words(query))
    texts = [words(document) for document in documents]
    sizes = [len(text) for text in texts]
    usual = statistics.fmean(sizes) or 1.0
    bags = [Counter(word for word in text if word in asked) for text in texts]
    holds = Counter(word for bag in bags for word in bag)
    idf = {word: math.log1p((len(bags) - holds[word] + 0.5) / (holds[word] + 0.5)) for word in asked}
    return [
        sum(idf[word] * bag[word] * (k1 + 1) / (bag[word] + k1 * (1 - b + b * size / usual)) for word in bag)
        for bag, size in zip(bags, sizes, strict=True)
    ]  # fmt: skip


def greedy(task: Task, pieces: Sequence[str], scores: Sequence[float]) -> dict[int, float]:
    """Recall by budget of taking the best pieces that still fit."""
    count = tokenizer("o200k_base").count
    order = sorted(range(len(pieces)), key=lambda index: -scores[index])[:400]
    costs = {index: count(pieces[index]) for index in order}
    found = {}
    for budget in BUDGETS:
        left, taken = budget, []
        for index in order:
            if scores[index] > 0 and costs[index] <= left:
                left -= costs[index]
                taken.append(pieces[index])
        found[budget] = recall(task, "\n".join(taken))
    return found


def windows(texts: dict[str, str]) -> list[str]:
    """Windows of ``_WINDOW`` lines, half overlapping nothing."""
    out = []
    for path, text in texts.items():
        lines = text.splitlines()
        out += [f"{path}\n" + "\n".join(lines[at : at + _WINDOW]) for at in range(0, len(lines), _WINDOW)]
    return out


# -- the run -----------------------------------------------------------------------------------------------------------


def run(repo: Path, number: int, skip: int, inspector: Inspector) -> dict[str, Scores]:
    """Score every packer on the tasks of one repository."""
    table: dict[str, Scores] = {name: Scores() for name in ("query", "no query", "file BM25", "window BM25")}
    for task, texts in tasks_of(repo, number, skip):
        query = _TRAILER.sub("", task.message)
        for name, said in (("query", query), ("no query", "")):
            started_s = time.perf_counter()
            for budget in BUDGETS:
                request = PackRequest(ScanRequest(repo, MODEL, rev=task.parent), budget, "plain", query=said)
                table[name].add(budget, recall(task, inspector.pack(request).text))
            table[name].seconds.append((time.perf_counter() - started_s) / len(BUDGETS))
        pieces = [f"{path}\n{text}" for path, text in texts.items()]
        for name, parts in (("file BM25", pieces), ("window BM25", windows(texts))):
            started_s = time.perf_counter()
            for budget, share in greedy(task, parts, bm25(query, parts)).items():
                table[name].add(budget, share)
            table[name].seconds.append(time.perf_counter() - started_s)
    return table


def show(title: str, tables: Sequence[dict[str, Scores]]) -> None:
    """Print mean recall over all tasks of some repositories."""
    print(f"\n{title}: {sum(len(table['query'].seconds) for table in tables)} tasks")
    print(f"  {'':14}" + "".join(f"{budget:>9,}" for budget in BUDGETS) + "   all lines at 8k   s a pack")
    for name in tables[0]:
        shares = {budget: [share for table in tables for share in table[name].recall[budget]] for budget in BUDGETS}
        spent = [seconds for table in tables for seconds in table[name].seconds]
        whole = statistics.fmean(share == 1 for share in shares[8_000])
        means = "".join(f"{statistics.fmean(shares[budget]):>9.3f}" for budget in BUDGETS)
        print(f"  {name:14}{means}{whole:>18.2f}{statistics.fmean(spent):>11.2f}")


def main(words_given: Sequence[str] | None = None) -> None:
    """Run on the checkouts given; those behind ``--held-out`` are reported apart."""
    parser = argparse.ArgumentParser(prog="edit_recall", description=__doc__.split("\n")[0])
    parser.add_argument("--repos", nargs="+", type=Path, required=True, help="checkouts with history, tuned on")
    parser.add_argument("--held-out", nargs="*", type=Path, default=[], help="checkouts that tuning never saw")
    parser.add_argument("--tasks", type=int, default=10, help="commits of each repository")
    parser.add_argument("--skip", type=int, default=7, help="take every so-manieth commit")
    given = parser.parse_args(words_given)
    with tempfile.TemporaryDirectory(prefix="packsight-bench-") as folder:
        for title, repos in (("tuned on", given.repos), ("held out", given.held_out)):
            tables = []
            for repo in repos:
                with Inspector(cache_path=Path(folder) / "blobs.db") as inspector:
                    tables.append(run(repo, given.tasks, given.skip, inspector))
                show(f"{title}, {repo.name}", tables[-1:])
                sys.stdout.flush()
            if tables:
                show(f"{title}, all", tables)


if __name__ == "__main__":
    main()
