"""Import of Claude Code logs on one core, without the store: events and MB a second, and the memory it takes.

The reference is ``json.loads`` of every line of the same logs in the same run, which makes no events yet. Process CPU
time; both take turns on each log, and each log's best turn counts, because whoever else uses the machine only adds.
Logs are made by code (``benchmarks.claude_logs``) unless a folder is named, and are in the system's cache when they
are read. Memory is the peak of a process of its own that imports all of them.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
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


def importing(paths: Sequence[Path]) -> int:
    """Import logs, handing batches to nobody; return the events."""
    from engine.telemetry.importers import import_all

    return import_all(paths, lambda events: _Stored(len(events))).read  # type: ignore[arg-type,return-value]


def loading(paths: Sequence[Path]) -> int:
    """Decode every line and forget it."""
    for path in paths:
        with open(path, "rb") as log:
            for line in log:
                json.loads(line)
    return 0


def main(arguments: Sequence[str] | None = None) -> list[Figure]:
    """Measure and print; return the figures."""
    parser = argparse.ArgumentParser(prog="benchmarks import", description=__doc__)
    parser.add_argument("--megabytes", type=float, default=100, help="size of the logs that are made (default 100)")
    parser.add_argument("--runs", type=int, default=9, help="turns on each log (default 9)")
    parser.add_argument("--logs", type=Path, help="a folder of logs to read instead")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="packsight-logs-") as made:
        folder = options.logs or Path(made)
        if options.logs is None:
            claude_logs.write(folder, options.megabytes)
        logs = sorted(folder.rglob("*.jsonl"))
        megabytes = sum(path.stat().st_size for path in logs) / 1e6
        importing(logs[:1])
        ours = theirs = events = 0.0
        for path in logs:
            turns = [(_cpu_s(importing, path), _cpu_s(loading, path)) for _ in range(options.runs)]
            ours += min(turn[0][0] for turn in turns)
            theirs += min(turn[1][0] for turn in turns)
            events += turns[0][0][1]
        with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
            peak = pool.submit(_memory, folder).result()
    name = f"json.loads of every line, {megabytes:,.0f} MB in {len(logs)} logs"
    figures = [
        Figure("import: events", events / ours, "events/s", f"{PROMISED:,} promised", PROMISED, at_least=1.0),
        Figure("import: speed", megabytes / ours, "MB/s", name, megabytes / theirs, at_least=1.0),
        Figure("import: peak memory", peak, "MiB", "the logs", megabytes * 1e6 / 2**20),
    ]
    if arguments is None:
        show(f"{events:,.0f} events, {megabytes * 1e3 / max(events, 1):.1f} kB of log for each", figures)
    return figures


def _cpu_s(work: Callable[[Sequence[Path]], int], path: Path) -> tuple[float, int]:
    started = time.process_time()
    done = work([path])
    return time.process_time() - started, done


def _memory(folder: Path) -> float:
    """MiB that an import takes above what the process had before."""
    before = _peak_mib()
    importing([folder])
    return _peak_mib() - before


def _peak_mib() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1 << 20 if sys.platform == "darwin" else 1 << 10)


if __name__ == "__main__":
    main()
