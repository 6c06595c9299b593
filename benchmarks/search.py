"""From a query to the packed result on checkouts, warm; and what building the index adds to a cold scan.

Queries are the headlines of the newest commits (and names of files where there are few), each asked of one open
repository as an agent or an editor does, and once by the command line in a process of its own. None is asked twice, so
no answer is at hand.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.measure import Figure, checked, homes, packsight, run
from benchmarks.table import show
from engine.inspector import Inspector
from engine.request import PackRequest, ScanRequest

BUDGET_TOKENS = 8_000
MODEL = "gpt-4o"
SMALL, LARGE = (3_000, 0.3), (30_000, 1.5)
"""Files, and seconds that a query may take with so many; a straight line in between."""
INDEX_SHARE = 0.3
"""CPU of a cold scan that the index may add where there are ``SMALL`` files and more: a short scan costs less than
reading the history."""


def promised_s(files: int) -> float:
    """Seconds that a query may take."""
    (few, short_s), (many, long_s) = SMALL, LARGE
    return short_s + (long_s - short_s) * min(1.0, max(0.0, (files - few) / (many - few)))


def queries_of(root: Path, number: int) -> list[str]:
    """First lines of the messages of the newest commits, each once; of a shallow clone also names of files."""
    lines = _git(root, "log", "--no-merges", f"--max-count={number * 3}", "--format=%s")
    paths = [Path(path) for path in _git(root, "ls-files")]
    named = [f"{path.parent.name} {path.stem}" for path in paths[:: max(1, len(paths) // number)]]
    return [line for line in dict.fromkeys((*lines, *named)) if line.strip()][:number]


def _git(root: Path, *words: str) -> list[str]:
    ran = subprocess.run(["git", "-C", str(root), *words], capture_output=True, check=True)
    return ran.stdout.decode("utf-8", "replace").splitlines()


def measure(root: Path, queries: Sequence[str], runs: int) -> list[Figure]:
    """Figures of one checkout."""
    with tempfile.TemporaryDirectory(prefix="packsight-bench-") as folder:
        shares = []
        for number in range(runs):
            home = homes(Path(folder) / str(number))
            search: list[str | Path] = [packsight(), "search", queries[0], root, "--token-budget", str(BUDGET_TOKENS)]
            cold = checked(run([packsight(), "scan", root], home))
            first, again = checked(run(search, home)), checked(run(search, home))
            shares.append((first.cpu_s - again.cpu_s, cold.cpu_s, again.wall_s))
        index_s, cold_s, command_s = (statistics.median(column) for column in zip(*shares, strict=True))
        scan = ScanRequest(root, MODEL)
        wall_s, cpu_s = [], []
        with Inspector(cache_path=Path(folder) / "blobs.db") as inspector:
            inspector.search(PackRequest(scan, BUDGET_TOKENS, query=queries[0]))
            files = len(inspector.repository(scan).columns()[0].files)
            for query in queries[1:]:
                started_s, before_s = time.perf_counter(), time.process_time()
                inspector.search(PackRequest(scan, BUDGET_TOKENS, query=query))
                wall_s.append(time.perf_counter() - started_s)
                cpu_s.append(time.process_time() - before_s)
    limit, promise = promised_s(files), f"{files:,} files"
    share = INDEX_SHARE if files >= SMALL[0] else None
    return [
        Figure("query to packed result, median", statistics.median(wall_s), "s", promise, limit, at_most=1.0),
        Figure("  CPU", statistics.median(cpu_s), "s", promise, limit),
        Figure("  the slowest", max(wall_s), "s", promise, limit),
        Figure("packsight search, warm", command_s, "s", "cold scan, CPU", cold_s),
        Figure("index with history, CPU", index_s, "s", "cold scan, CPU", cold_s, at_most=share),
    ]


def main(arguments: Sequence[str] | None = None) -> list[Figure]:
    """Measure and print."""
    parser = argparse.ArgumentParser("benchmarks search", description=__doc__)
    parser.add_argument("--repos", nargs="+", type=Path, required=True, help="checkouts")
    parser.add_argument("--queries", type=int, default=21)
    parser.add_argument("--runs", type=int, default=3, help="cold scans and first searches")
    options = parser.parse_args(arguments)
    found: list[Figure] = []
    for root in options.repos:
        figures = measure(root, queries_of(root, options.queries), options.runs)
        show(f"search, {root.name}, {options.queries - 1} queries", figures)
        found += figures
    return found


if __name__ == "__main__":
    main()
