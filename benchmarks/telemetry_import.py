"""Import of Claude Code logs on one core, without the store: events and MB a second, and the memory it takes.

The reference is ``json.loads`` of every line of the same logs in the same run, which makes no events yet. Process CPU
time, each in a process of its own, alternating; logs are made by code (``benchmarks.claude_logs``) unless a folder is
named, and are in the system's cache when they are read.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from benchmarks import claude_logs
from benchmarks.measure import Figure
from benchmarks.table import show

PROMISED = 50_000
"""Events a second, on one core."""


@dataclass(frozen=True, slots=True)
class _Stored:
    added: int
    updated: int = 0
    unchanged: int = 0
    refused: tuple[()] = ()


@dataclass(frozen=True, slots=True)
class _Ran:
    cpu_s: float
    events: int
    peak_mib: float
    """Above what the process had before."""


def importing(folder: Path) -> _Ran:
    """Import all logs, handing batches to nobody."""
    from engine.telemetry.importers import import_all

    def work() -> int:
        return import_all([folder], lambda events: _Stored(len(events)), clock=time.monotonic).read  # type: ignore

    return _measured(work)


def loading(folder: Path) -> _Ran:
    """Decode every line and forget it."""

    def work() -> int:
        for path in sorted(folder.rglob("*.jsonl")):
            with open(path, "rb") as log:
                for line in log:
                    json.loads(line)
        return 0

    return _measured(work)


def main(arguments: Sequence[str] | None = None) -> list[Figure]:
    """Measure and print; return the figures."""
    parser = argparse.ArgumentParser(prog="benchmarks import", description=__doc__)
    parser.add_argument("--megabytes", type=float, default=200, help="size of the logs that are made (default 200)")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--logs", type=Path, help="a folder of logs to read instead")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="packsight-logs-") as made:
        folder = options.logs or Path(made)
        if options.logs is None:
            claude_logs.write(folder, options.megabytes)
        sizes = [path.stat().st_size for path in folder.rglob("*.jsonl")]
        runs = [(_apart(importing, folder), _apart(loading, folder)) for _ in range(options.runs)]
    megabytes = sum(sizes) / 1e6
    ours, theirs = (statistics.median(run[side].cpu_s for run in runs) for side in (0, 1))
    events, peak = runs[0][0].events, max(run[0].peak_mib for run in runs)
    name = f"json.loads of every line, {megabytes:,.0f} MB in {len(sizes)} logs"
    figures = [
        Figure("import: events", events / ours, "events/s", f"{PROMISED:,} promised", PROMISED, at_least=1.0),
        Figure("import: speed", megabytes / ours, "MB/s", name, megabytes / theirs, at_least=1.0),
        Figure("import: peak memory", peak, "MiB", "the logs", megabytes * 1e6 / 2**20),
    ]
    if arguments is None:
        show(f"{events:,} events, {megabytes * 1e3 / max(events, 1):.1f} kB of log for each", figures)
    return figures


def _apart(work: Callable[[Path], _Ran], folder: Path) -> _Ran:
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(work, folder).result()


def _measured(work: Callable[[], int]) -> _Ran:
    before = _peak_mib()
    started = time.process_time()
    events = work()
    return _Ran(time.process_time() - started, events, _peak_mib() - before)


def _peak_mib() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1 << 20 if sys.platform == "darwin" else 1 << 10)


if __name__ == "__main__":
    main()
