"""How far the packer is from the exact optimum (HiGHS through scipy) on at least 20 instances.

Token counts, levels, classes and scopes have the shape of real repositories. Where HiGHS runs out of time its upper
bound stands in for the optimum, which makes the gap look larger. Run: ``python benchmarks/pack_optimum.py``.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "engine"))

from pack.exact import exact_value
from pack.made import made_problem

from engine.pack import Solver

INSTANCES = [
    (n, seed, share)
    for n, seeds in ((60, 3), (200, 3), (600, 2))
    for seed in range(seeds)
    for share in (0.03, 0.1, 0.4)
]
TIME_LIMIT_S = 20.0


def main() -> None:
    """Print a row per instance and the worst gap."""
    print(
        f"{'chunks':>7} {'budget':>8} {'used':>8} {'value':>10} {'optimum':>10} {'gap %':>8} {'ms':>8} {'HiGHS ×':>8}"
    )
    gaps = []
    for n, seed, share in INSTANCES:
        problem = made_problem(n, seed)
        solver = Solver(problem)
        budget = int(solver.alternatives()[0].tokens * share)
        start = time.perf_counter()
        solution = solver.solve(budget)
        took = time.perf_counter() - start
        start = time.perf_counter()
        exact = exact_value(problem, budget, TIME_LIMIT_S, 1e-5)
        slower = (time.perf_counter() - start) / took
        gaps.append((exact - solution.value) / exact * 100)
        print(
            f"{n:>7,} {budget:>8,} {solution.est_used:>8,} {solution.value:>10.2f} {exact:>10.2f} {gaps[-1]:>8.4f} "
            f"{took * 1e3:>8.1f} {slower:>8.0f}",
            flush=True,
        )
    print(f"{len(gaps)} instances: worst gap {max(gaps):.4f} %, mean {sum(gaps) / len(gaps):.4f} %")


if __name__ == "__main__":
    main()
