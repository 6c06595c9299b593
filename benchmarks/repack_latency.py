"""How long the packer takes to answer a moved budget or weight, at 1k, 10k and 100k chunks.

Times are process CPU time, medians; the ratio is against sorting as many random floats as there are chunks
(``numpy.argsort``) in the same run. Run: ``python benchmarks/repack_latency.py``.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "engine"))

from pack.made import made_problem

from engine.model import ChunkClass
from engine.pack import Solver


def milliseconds(call: Callable[[], object], repeat: int = 5) -> float:
    """Median CPU time of a call."""
    times = []
    for _ in range(repeat):
        start = time.process_time()
        call()
        times.append(time.process_time() - start)
    return median(times) * 1e3


def moved(solver: Solver, budget: int) -> list[float]:
    """CPU milliseconds of each of a run of budgets 2 % apart, as a person drags a slider."""
    times = []
    for step in range(14):
        start = time.process_time()
        solver.solve(int(budget * 1.02**step))
        times.append((time.process_time() - start) * 1e3)
    return times


def main() -> None:
    """Print the table."""
    print(f"{'chunks':>8} {'what':<34} {'ms':>9} {'× argsort':>10}")
    for n in (1_000, 10_000, 100_000):
        problem = made_problem(n, 1)
        floats = np.random.default_rng(0).random(n)
        reference = milliseconds(partial(np.argsort, floats, kind="stable"), 15)
        solver = Solver(problem)
        everything = solver.alternatives()[0].tokens
        rows = [("np.argsort (reference)", reference)]
        rows.append(("build", milliseconds(partial(Solver, problem), 3)))
        for share in (0.01, 0.1, 0.5):
            budget = int(everything * share)
            fresh = Solver(problem)
            solve = partial(fresh.solve, budget)
            rows.append((f"first solve, {share:.0%} of everything", milliseconds(solve, 1)))
            times = moved(fresh, budget)
            rows.append((f"budget moved, {share:.0%}: median", median(times)))
            rows.append((f"budget moved, {share:.0%}: worst", max(times)))
            rows.append((f"same budget again, {share:.0%}", milliseconds(solve)))
        other = {ChunkClass.TESTS: 0.5}
        rows.append(("weight changed", milliseconds(partial(solver.with_weights, other))))
        for what, took in rows:
            print(f"{n:>8,} {what:<34} {took:>9.2f} {took / reference:>10.1f}", flush=True)


if __name__ == "__main__":
    main()
