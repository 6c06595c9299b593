"""Cold and warm ``scan`` and ``pack`` of real repositories, against git and, where it is installed, repomix.

Every run is the installed command in a process of its own, with its own cache folder. Commands take turns, so that
whatever else the machine does falls on all of them. Git is kept from refreshing the index of the repository.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.measure import Figure, Ran, Series, checked, homes, packsight, run
from benchmarks.table import show

MODEL = "gpt-5"
"""Counts with o200k_base, the vocabulary that repomix is told to use."""
BUDGET = "32k"


class Bench:
    """The commands on one repository."""

    def __init__(self, root: Path, folder: Path, *, memory: bool = False) -> None:
        self.root = root
        self._folder = folder
        self._memory = memory
        self._numbers = iter(range(1_000_000))

    def git_status(self) -> Ran:
        """Ask git what changed."""
        return checked(run(["git", "-C", self.root, "status", "--porcelain"], {"GIT_OPTIONAL_LOCKS": "0"}))

    def fresh(self) -> Path:
        """Make an empty folder."""
        folder = self._folder / f"run{next(self._numbers)}"
        folder.mkdir()
        return folder

    def scan(self, home: Path) -> Ran:
        """Scan with the cache in ``home``."""
        words: list[str | Path] = [packsight(), "scan", self.root, "-m", MODEL, "--json", "--quiet"]
        return checked(run(words, homes(home), memory=self._memory))

    def pack(self, home: Path) -> Ran:
        """Pack into ``BUDGET`` with the cache in ``home``."""
        words: list[str | Path] = [
            packsight(),
            "pack",
            self.root,
            "-m",
            MODEL,
            "-b",
            BUDGET,
            "-o",
            home / "pack.md",
            "--quiet",
        ]
        return checked(run(words, homes(home), memory=self._memory))

    def repomix(self, home: Path) -> Ran:
        """Pack everything with repomix; its token cache lives in the temporary folder it is given."""
        words: list[str | Path] = [
            "repomix",
            "--token-count-encoding",
            "o200k_base",
            "-o",
            home / "all.xml",
            "--quiet",
            self.root,
        ]
        return checked(run(words, {"TMPDIR": str(home)}, cwd=home, memory=self._memory))

    def round(self, *, peers: bool) -> dict[str, Ran]:
        """Run every command once; cold ones start with nothing cached."""
        mine, packing, theirs = self.fresh(), self.fresh(), self.fresh()
        found = {"git status": self.git_status()}
        found["scan cold"] = self.scan(mine)
        found["scan warm"] = self.scan(mine)
        misses = json.loads(found["scan warm"].output)["cache"]["misses"]
        if misses:
            print(f"the warm scan of {self.root.name} analysed {misses:,} files: was the code changed meanwhile?")
        found["pack cold"] = self.pack(packing)
        found["pack warm"] = self.pack(packing)
        if peers:
            found["repomix cold"] = self.repomix(theirs)
            found["repomix warm"] = self.repomix(theirs)
        for folder in (mine, packing, theirs):
            shutil.rmtree(folder, ignore_errors=True)
        return found


LARGE_FILES = 5_000
"""The promises about ratios between our own commands hold from this size; below it, start-up is most of the time."""


def figures(root: Path, series: dict[str, Series]) -> list[Figure]:
    """Ratios of the medians."""
    name = root.resolve().name
    large = run(["git", "-C", root, "ls-files"]).output.count(b"\n") >= LARGE_FILES
    cold, warm = series["scan cold"], series["scan warm"]
    status_s = series["git status"].wall_s
    found = [
        Figure(f"{name}: warm scan", warm.wall_s, "s", "1.5 × git status + 0.5 s", 1.5 * status_s + 0.5, at_most=1),
        Figure(f"{name}: cold scan", cold.wall_s, "s", "warm scan", warm.wall_s, at_least=15 if large else None),
        Figure(
            f"{name}: cold pack {BUDGET}", series["pack cold"].wall_s, "s", "cold scan", cold.wall_s,
            at_most=1.2 if large else None,
        ),
        Figure(f"{name}: same, CPU", series["pack cold"].cpu_s, "s", "cold scan, CPU", cold.cpu_s),
        Figure(f"{name}: warm pack {BUDGET}", series["pack warm"].wall_s, "s", "limit", 1.0, at_most=1),
    ]  # fmt: skip
    if "repomix cold" in series:
        peer = series["repomix cold"], series["repomix warm"]
        found += [
            Figure(f"{name}: cold scan", cold.wall_s, "s", "repomix, cold", peer[0].wall_s, at_most=0.7),
            Figure(f"{name}: same, best", cold.best_s, "s", "repomix, cold, best", peer[0].best_s),
            Figure(f"{name}: same, CPU", cold.cpu_s, "s", "repomix, cold, CPU", peer[0].cpu_s),
            Figure(f"{name}: warm scan", warm.wall_s, "s", "repomix, warm", peer[1].wall_s),
            Figure(f"{name}: warm pack {BUDGET}", series["pack warm"].wall_s, "s", "repomix, warm", peer[1].wall_s),
        ]
    return found


def measure(root: Path, runs: int, *, peers: bool) -> dict[str, Series]:
    """Run all commands ``runs`` times, taking turns."""
    series: dict[str, Series] = {}
    with tempfile.TemporaryDirectory(prefix="packsight-bench-") as folder:
        bench = Bench(root.resolve(), Path(folder))
        bench.git_status()
        for _ in range(runs):
            for name, ran in bench.round(peers=peers).items():
                series.setdefault(name, Series()).runs.append(ran)
    return series


def main(arguments: Sequence[str] | None = None) -> list[Figure]:
    """Measure and print."""
    parser = argparse.ArgumentParser("benchmarks scan", description=__doc__)
    parser.add_argument("--repos", type=Path, nargs="+", required=True, metavar="DIR", help="checkouts")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--no-peers", action="store_true", help="do not run repomix, though it is installed")
    options = parser.parse_args(arguments)
    peers = not options.no_peers and shutil.which("repomix") is not None
    if not peers:
        print("repomix is not run: figures against it are left out (npm install repomix, with node 22 on PATH)")
    found: list[Figure] = []
    for root in options.repos:
        series = measure(root, options.runs, peers=peers)
        print(f"\n{root.resolve().name}, {options.runs} runs")
        for name, runs in series.items():
            print(f"  {name:14} median {runs.wall_s:8.2f} s  best {runs.best_s:8.2f} s  CPU {runs.cpu_s:8.2f} s")
        found += figures(root, series)
    show("scan", found)
    return found


if __name__ == "__main__":
    main()
