"""How long the packer takes to answer a moved budget, weight, pin or share, at 1k, 10k and 100k chunks.

The chunks are those of a scanned repository with its values, repeated or cut to the number; repeated files are worth a
little more or less, so that they do not all change at once. Times are process CPU time; the ratio is against sorting
as many random floats as there are chunks (``numpy.argsort``) in the same run. ``gap`` is the worst distance of a live
answer from the bound of ``solve`` (itself up to 2 % above what is possible), ``behind`` that from its value.
Run: ``python -m benchmarks repack [--repo DIR]``.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from benchmarks.pack_optimum import problem_of
from benchmarks.sample import repository
from engine.columns import Columns
from engine.model import ChunkClass
from engine.pack import Frame, Problem, Solution, Solver

BUDGETS = (8_000, 32_000, 128_000, 512_000)
MOVES, CHANGES = 14, 7
BUDGET_MS, WEIGHT_MS, OTHER_MS = 16.0, 40.0, 150.0
"""What a median may take at the largest number of chunks, in process time."""
GAP_PERCENT = 0.5

_Kind = TypeVar("_Kind", bound=np.generic)


def of_size(problem: Problem, number: int) -> Problem:
    """The problem repeated or cut to a number of chunks; a cut file stays as far as it goes."""
    columns, frame = problem.columns, problem.frame
    chunks, files = columns.chunks, len(columns.files)
    times = -(-number // chunks)
    file = np.concatenate([columns.file + files * turn for turn in range(times)])[:number]
    parent = np.concatenate(
        [np.where(columns.parent >= 0, columns.parent + chunks * turn, -1) for turn in range(times)]
    )
    last = int(file[-1]) + 1

    def rows(values: npt.NDArray[_Kind]) -> npt.NDArray[_Kind]:
        return np.concatenate([values] * times)[:number]

    def by_file(values: npt.NDArray[_Kind]) -> npt.NDArray[_Kind]:
        return np.concatenate([values] * times)[:last]

    made = Columns(
        files=(columns.files * times)[:last], file=file, chunk_class=rows(columns.chunk_class),
        parent=parent[:number].astype(np.int32), start_line=rows(columns.start_line), end_line=rows(columns.end_line),
        tokens=rows(columns.tokens), retention=rows(columns.retention), line_tokens=by_file(columns.line_tokens),
        path_tokens=by_file(columns.path_tokens),
    )  # fmt: skip
    costs = Frame(
        frame.fixed_tokens, by_file(frame.header_tokens), by_file(frame.tree_tokens), by_file(frame.line_tokens),
        by_file(frame.outline_scope_tokens),
    )  # fmt: skip
    more = np.exp(np.random.default_rng(0).normal(0, 0.1, last))
    return Problem(made, rows(problem.relevance) * more[file], costs, problem.weights)


def timed(call: Callable[[int], Solution], number: int) -> tuple[list[float], list[Solution]]:
    """CPU milliseconds and answers of calls with 0, 1, 2, …"""
    times, answers = [], []
    for turn in range(number):
        start = time.process_time()
        answers.append(call(turn))
        times.append((time.process_time() - start) * 1e3)
    return times, answers


def gaps(answers: Sequence[Solution], solver: Solver) -> tuple[float, float]:
    """Worst distances in percent of live answers from what ``solve`` says is possible, and from what it reaches."""
    found = [(answer.value, solver.solve(answer.budget_tokens)) for answer in answers]
    return (
        max(100 * (final.bound - value) / final.bound for value, final in found),
        max(100 * (final.value - value) / final.value for value, final in found),
    )


def changes(problem: Problem, budget: int) -> Iterator[tuple[str, list[float], float, tuple[float, float]]]:
    """What is changed, CPU milliseconds of each answer, milliseconds promised, and gaps."""
    solver = Solver(problem)
    rng = np.random.default_rng(1)
    times, answers = timed(lambda turn: Solver(problem).quick(budget), 3)
    yield "opened", times, 0.0, gaps(answers[-1:], solver)
    solver.quick(budget)
    # As a person drags: small moves, most of them near one another.
    times, answers = timed(lambda turn: solver.quick(int(budget * 1.01**turn)), MOVES)
    yield "budget moved", times, BUDGET_MS, gaps(answers[::6], solver)

    def weight(turn: int) -> Solution:
        return solver.with_weights({**problem.weights, ChunkClass.TESTS: 0.3 + 0.05 * turn}).quick(budget)

    times, answers = timed(weight, CHANGES)
    last = solver.with_weights({**problem.weights, ChunkClass.TESTS: 0.3 + 0.05 * (CHANGES - 1)})
    yield "weight changed", times, WEIGHT_MS, gaps(answers[-1:], last)
    pins = []
    for _ in range(CHANGES):
        pinned = np.full(problem.columns.chunks, -1, dtype=np.int8)
        pinned[rng.integers(0, problem.columns.chunks, 5)] = 3
        pins.append(replace(problem, pins=pinned))
    times, answers = timed(lambda turn: Solver(pins[turn]).quick(budget), CHANGES)
    yield "five chunks pinned", times, OTHER_MS, gaps(answers[-1:], Solver(pins[-1]))
    shares = {ChunkClass.DOCS: (0.2, 1.0), ChunkClass.CODE: (0.0, 0.5)}
    shared = [replace(problem, shares=shares) for _ in range(CHANGES)]
    times, _ = timed(lambda turn: Solver(shared[turn]).quick(budget + turn), CHANGES)
    yield "shares changed", times, OTHER_MS, (float("nan"), float("nan"))


def main() -> int:
    """Print the table; 1 when a promise for the largest number of chunks is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repo", type=Path, help="a checkout; by default one made by code")
    parser.add_argument("--chunks", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    options = parser.parse_args()
    missed = 0
    print(
        f"{'chunks':>8} {'budget':>8} {'what':<20} {'median ms':>9} {'p95 ms':>7} {'× argsort':>9} "
        f"{'gap %':>7} {'behind %':>8}  promise"
    )
    with tempfile.TemporaryDirectory(prefix="packsight-bench-") as folder:
        real = problem_of((options.repo or repository(Path(folder))).resolve(), "gpt-5", Path(folder))
    for number in options.chunks:
        problem = of_size(real, number)
        floats = np.random.default_rng(0).random(number)
        start = time.process_time()
        for _ in range(9):
            np.argsort(floats, kind="stable")
        reference = (time.process_time() - start) / 9 * 1e3
        everything = Solver(problem).alternatives()[0].tokens
        for budget in BUDGETS:
            if budget > everything:
                continue
            for what, times, promise, (gap, behind) in changes(problem, budget):
                middle = float(np.median(times))
                late = promise > 0 and number == max(options.chunks) and middle > promise
                missed += late or behind > GAP_PERCENT
                told = f"≤ {promise:g} ms{' MISSED' if late else ''}" if promise else ""
                print(
                    f"{number:>8,} {budget:>8,} {what:<20} {middle:>9.1f} {np.percentile(times, 95):>7.1f} "
                    f"{middle / reference:>9.1f} {gap:>7.3f} {behind:>8.3f}  {told}",
                    flush=True,
                )
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
