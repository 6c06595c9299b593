"""Peak memory of cold and warm ``scan`` and ``pack``: the whole process tree, and its largest process.

The tree is the sum of proportional set sizes, so pages that workers share with their parent count once. It is sampled
every 50 ms, which costs time; times are therefore taken elsewhere. Linux only.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.measure import Figure, run
from benchmarks.scan import Bench
from benchmarks.table import show

LIMITS_MIB = ((10_000, 400), (50_000, 500), (10**9, 1_500))
"""Promised peak by number of tracked files."""


def limit_mib(root: Path) -> int:
    """Promised peak for a repository of this size."""
    files = run(["git", "-C", root, "ls-files"]).output.count(b"\n")
    return next(limit for most, limit in LIMITS_MIB if files <= most)


def main(arguments: Sequence[str] | None = None) -> list[Figure]:
    """Measure and print."""
    parser = argparse.ArgumentParser("benchmarks memory", description=__doc__)
    parser.add_argument("--repos", type=Path, nargs="+", required=True, metavar="DIR", help="checkouts")
    parser.add_argument("--no-peers", action="store_true", help="do not run repomix, though it is installed")
    options = parser.parse_args(arguments)
    peers = not options.no_peers and shutil.which("repomix") is not None
    found: list[Figure] = []
    for root in options.repos:
        name, limit = root.resolve().name, limit_mib(root)
        with tempfile.TemporaryDirectory(prefix="packsight-bench-") as folder:
            rounds = Bench(root.resolve(), Path(folder), memory=True).round(peers=peers)
        for what in ("scan cold", "scan warm", "pack cold", "pack warm"):
            ran = rounds[what]
            found.append(Figure(f"{name}: {what}, tree", ran.tree_mib, "MiB", "limit", limit, at_most=1))
            found.append(Figure(f"{name}: {what}, largest process", ran.largest_mib, "MiB", "limit", limit))
            if peers and what.startswith("scan"):
                peer = what.replace("scan", "repomix")
                found.append(Figure(f"{name}: {what}, tree", ran.tree_mib, "MiB", peer, rounds[peer].tree_mib))
    show("memory", found)
    return found


if __name__ == "__main__":
    main()
