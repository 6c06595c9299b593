"""How far the packer is from the exact optimum (HiGHS through scipy), on parts of real, scanned repositories.

Each instance is what ``pack`` solves: the columns, values and frame costs of a scan, at budgets from 1 % to 60 % of
everything. HiGHS gets all constraints; where it runs out of time, the lower of its upper bound and ours stands in for
the optimum (a row with ``≤``), which makes the gap look larger: such a row shows how far from the optimum
the pack is at most. Run: ``python -m benchmarks optimum [--repos DIR…]``.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.sample import repository
from engine.events import ignore, never
from engine.inspector import Inspector
from engine.pack import Problem, Solver
from engine.request import PackRequest, ScanRequest
from engine.usecases.bench import Bench
from engine.usecases.prepared import Shelf

SHARES = (0.01, 0.03, 0.1, 0.3, 0.6)
FEWEST_CHUNKS, MOST_CHUNKS = 100, 600
PARTS = 5
"""Parts of a repository at most."""
TARGET_PERCENT = 0.5


def parts_of(paths: Sequence[str]) -> list[str]:
    """Folders, or everything (``""``), with a number of chunks that HiGHS can handle; none inside another.

    Args:
        paths: Path of each chunk's file.
    """
    counts: Counter[str] = Counter()
    for path in paths:
        folders = path.split("/")[:-1]
        counts.update("/".join(folders[:depth]) for depth in range(min(3, len(folders)) + 1))
    chosen: list[str] = []
    for folder, chunks in sorted(counts.items(), key=lambda row: (-row[1], row[0])):
        inside = any(not other or folder.startswith(f"{other}/") for other in chosen)
        if FEWEST_CHUNKS <= chunks <= MOST_CHUNKS and not inside and len(chosen) < PARTS:
            chosen.append(folder)
    return chosen


def problem_of(root: Path, model: str, folder: Path, part: str = "") -> Problem:
    """What ``pack`` would solve for a repository or a folder of it, with a cache in ``folder``."""
    with Inspector(cache_path=folder / "blobs.db") as inspector:
        scan = ScanRequest(root, model, include=(f"{part}/**",) if part else ())
        shelf = Shelf(Bench(inspector.repository(scan)))
        return shelf.prepare(PackRequest(scan, 1000), "markdown", ignore, never).problem


def problems(root: Path, model: str, folder: Path) -> Iterator[tuple[str, Problem]]:
    """What ``pack`` would solve for the parts of one repository."""
    with Inspector(cache_path=folder / "blobs.db") as inspector:
        columns, _ = inspector.repository(ScanRequest(root, model)).columns()
    for part in parts_of([columns.files[file].path for file in columns.file.tolist()]):
        yield f"{root.name}/{part}", problem_of(root, model, folder, part)


@dataclass(frozen=True, slots=True)
class Gap:
    """How far one instance is from the optimum, or at most is, in percent."""

    proved: bool
    final: float
    live: float
    bound: float


def measured(name: str, problem: Problem, limit_s: float) -> Iterator[Gap]:
    """Print a row per budget and give the gaps of the final and the live pack and of the bound."""
    from tests.engine.pack.exact import exact_value

    solver = Solver(problem)
    everything = solver.alternatives()[0].tokens
    for share in SHARES:
        budget = max(int(everything * share), solver.smallest_tokens)
        start = time.process_time()
        solution = solver.solve(budget)
        took = time.process_time() - start
        live = solver.quick(budget)
        start = time.monotonic()
        exact = exact_value(problem, budget, limit_s, 1e-4)
        late = time.monotonic() - start > limit_s or exact == float("inf")
        if late:
            exact = min(exact, solution.bound)
        gap = (exact - solution.value) / exact * 100
        live_gap = (exact - live.value) / exact * 100
        over = (solution.bound - exact) / exact * 100
        print(
            f"{name[:34]:<34} {problem.columns.chunks:>6,} {budget:>8,} {'≤' if late else ' '}{exact:>9.3f} "
            f"{solution.value:>10.3f} {gap:>7.3f} {live_gap:>7.3f} {over:>8.3f} {took * 1e3:>7.0f}",
            flush=True,
        )
        yield Gap(not late, gap, live_gap, over)


def main() -> int:
    """Print a row per instance and the worst gaps; 1 when the target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repos", type=Path, nargs="+", help="checkouts; by default one made by code")
    parser.add_argument("--model", default="gpt-5")
    parser.add_argument("--limit-s", type=float, default=25.0, help="time for HiGHS per instance")
    options = parser.parse_args()
    sys.path.insert(0, str(Path(__file__).parent.parent))
    print(
        f"{'part':<34} {'chunks':>6} {'budget':>8} {'optimum':>10} {'ours':>10} "
        f"{'gap %':>7} {'live %':>7} {'bound %':>8} {'ms':>7}"
    )
    gaps: list[Gap] = []
    with tempfile.TemporaryDirectory(prefix="packsight-bench-") as made:
        for root in options.repos or [repository(Path(made))]:
            for name, problem in problems(root.resolve(), options.model, Path(made)):
                gaps += measured(name, problem, options.limit_s)
    proved = [gap for gap in gaps if gap.proved]
    for kind, rows in (("optimum proved", proved), ("all, by the lower upper bound", gaps)):
        if rows:
            within = sum(row.final <= TARGET_PERCENT for row in rows)
            print(
                f"{kind}: {len(rows)} instances, worst gap {max(row.final for row in rows):.3f} %, mean "
                f"{sum(row.final for row in rows) / len(rows):.3f} %, {within} "
                f"within {TARGET_PERCENT} %; live: worst {max(row.live for row in rows):.3f} %, mean "
                f"{sum(row.live for row in rows) / len(rows):.3f} %; our bound at most "
                f"{max(row.bound for row in rows):.3f} % above"
            )
    return int(not proved or max(row.final for row in proved) > TARGET_PERCENT)


if __name__ == "__main__":
    sys.exit(main())
