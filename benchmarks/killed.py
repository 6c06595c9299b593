"""``kill -9`` of a cold scan at random moments: what it leaves must be a cache that the next scan can use.

After each kill: no worker outlives its parent, the database passes its integrity check, the next scan works and says
what a clean scan says. Half of the kills hit the whole process group, half only the parent.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.measure import Figure, checked, homes, packsight, run
from benchmarks.processes import descendants
from benchmarks.sample import repository
from benchmarks.table import show

_ORPHAN_PATIENCE_S = 10.0
"""Workers notice the closed pipe when they next read or write it, at the latest after the file they are busy with."""


def profile(root: Path, home: Path) -> dict[str, Any]:
    """Scan, and return what must be the same each time, with the cache's hits."""
    ran = checked(run([packsight(), "scan", root, "-m", "gpt-5", "--json", "--quiet"], homes(home)))
    found: dict[str, Any] = json.loads(ran.output)
    found.pop("seconds")
    return found


def kill_scan(root: Path, home: Path, after_s: float, *, group: bool) -> tuple[bool, int]:
    """Start a cold scan and kill it; return whether it was still running, and how many workers outlived it."""
    process = subprocess.Popen(
        [str(packsight()), "scan", str(root), "-m", "gpt-5", "--json", "--quiet"],
        env={**os.environ, **homes(home)}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(after_s)
        return False, 0
    workers = descendants(process.pid)
    if group:
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()
    patience_s = time.monotonic() + _ORPHAN_PATIENCE_S
    while any(map(_alive, workers)) and time.monotonic() < patience_s:
        time.sleep(0.02)
    orphans = [pid for pid in workers if _alive(pid)]
    for pid in orphans:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return True, len(orphans)


def _alive(pid: int) -> bool:
    """Tell whether a process runs; one that nobody has waited for yet does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"


def sound(home: Path, folder: Path) -> bool:
    """Check the integrity of a copy of the database, write-ahead log included; an absent one is sound."""
    copy = folder / "copy"
    shutil.rmtree(copy, ignore_errors=True)
    if not (home / "cache").exists():
        return True
    shutil.copytree(home / "cache", copy)
    for path in copy.glob("*.db"):
        with contextlib.closing(sqlite3.connect(path)) as db:
            try:
                if db.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                    return False
            except sqlite3.DatabaseError:
                return False
    return True


def main(arguments: Sequence[str] | None = None) -> list[Figure]:
    """Measure and print."""
    parser = argparse.ArgumentParser("benchmarks killed", description=__doc__)
    parser.add_argument("--repo", type=Path, metavar="DIR", help="checkout (default: a repository made by code)")
    parser.add_argument("--times", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    dice = random.Random(options.seed)
    with tempfile.TemporaryDirectory(prefix="packsight-bench-") as name:
        folder = Path(name)
        root = options.repo or repository(folder)
        clean_s = float("inf")
        for attempt in ("first", "second"):  # the first also fills the file cache
            started_s = time.perf_counter()
            clean = profile(root, folder / attempt)
            clean_s = min(clean_s, time.perf_counter() - started_s)
        files = clean.pop("cache")["misses"]
        tally = dict.fromkeys(("killed", "kept", "orphans", "unsound", "unusable", "different", "set aside"), 0)
        number = 0
        while tally["killed"] < options.times:
            number += 1
            home = folder / f"home{number}"
            running, orphans = kill_scan(root, home, dice.uniform(0.02, clean_s), group=bool(number % 2))
            if not running:  # it was quicker this time
                shutil.rmtree(home)
                continue
            tally["killed"] += running
            tally["orphans"] += orphans
            tally["unsound"] += not sound(home, folder)
            try:
                found = profile(root, home)
            except SystemExit as failure:
                print(f"the scan after kill {number} failed: {failure}")
                tally["unusable"] += 1
                continue
            tally["kept"] += found.pop("cache")["hits"] > 0
            tally["different"] += found != clean
            tally["unsound"] += not sound(home, folder)
            tally["set aside"] += any("damaged" in path.name for path in (home / "cache").iterdir())
            shutil.rmtree(home)
    times = options.times
    found_figures = [
        Figure("scans killed while running", tally["killed"], "", "scans started", number),
        Figure("next scan found work already done", tally["kept"], "", "kills", times),
        Figure("databases that fail their check", tally["unsound"], "", "kills", times, at_most=0),
        Figure("databases set aside", tally["set aside"], "", "kills", times, at_most=0),
        Figure("next scans that fail", tally["unusable"], "", "kills", times, at_most=0),
        Figure("results that differ from a clean scan's", tally["different"], "", "kills", times, at_most=0),
        Figure("workers that outlive their parent", tally["orphans"], "", "kills", times, at_most=0),
    ]
    show(f"killed, {files:,} files, clean cold scan {clean_s:.1f} s, seed {options.seed}", found_figures)
    return found_figures


if __name__ == "__main__":
    main()
