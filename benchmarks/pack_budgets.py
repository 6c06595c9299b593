"""Repositories × budgets × models of four vendors × formats: never over budget, and the budget is used.

Each text is counted again by a counter that had no part in making it: tiktoken over the published ranks where the
vocabulary has such a form, else a new counter of its own process, which remembers nothing.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from benchmarks.measure import Figure
from benchmarks.sample import repository
from benchmarks.table import show

BUDGETS = (500, 4_000, 16_000, 64_000, 200_000)
MODELS = ("gpt-5", "claude-opus-4-5", "gemini-2.5-pro", "deepseek-v4-pro")
FORMATS = ("xml", "markdown", "json", "plain")


@dataclass(frozen=True, slots=True)
class Case:
    """One pack."""

    repo: str
    model: str
    format: str
    budget: int
    actual: int
    """Tokens by recount; 0 when the budget is too small for any pack."""
    reported: int
    """Tokens by the report."""
    enough: bool
    """The repository holds more than the budget."""
    seconds: float

    @property
    def used(self) -> float:
        """Share of the budget."""
        return self.actual / self.budget


@cache
def _counter(encoding: str) -> object:
    from benchmarks.tokens import reference

    return reference(encoding)


def recount(text: str, encoding: str) -> int:
    """Count a text independently; runs in a process of its own."""
    from engine.tokens import tokenizer

    other = _counter(encoding)
    if callable(other):
        return int(other([text])[0])
    return tokenizer(encoding).count(text)


def cases(roots: Sequence[Path], options: argparse.Namespace, counting: ProcessPoolExecutor) -> Iterator[Case]:
    """Pack every combination."""
    from engine.errors import BudgetTooSmall
    from engine.inspector import Inspector
    from engine.request import PackRequest, ScanRequest

    with tempfile.TemporaryDirectory(prefix="packsight-bench-") as folder:
        for root in roots:
            for name in options.models:
                with Inspector(cache_path=Path(folder) / "blobs.db") as inspector:
                    scan = ScanRequest(root, model=name)
                    model = inspector.model(name)
                    whole = inspector.scan(scan)["tokens"]
                    for budget in options.budgets:
                        for format_name in options.formats:
                            started_s = time.perf_counter()
                            try:
                                packed = inspector.pack(PackRequest(scan, budget=budget, format=format_name))
                            except BudgetTooSmall as error:
                                print(f"  {root.name} {name} {format_name} {budget}: {error.message}; {error.hint}")
                                yield Case(root.name, name, format_name, budget, 0, 0, False, 0.0)
                                continue
                            spent_s = time.perf_counter() - started_s
                            actual = counting.submit(recount, packed.text, model.encoding).result()
                            case = Case(root.name, name, format_name, budget, actual, packed.report["actual"],
                                        whole > budget, spent_s)  # fmt: skip
                            if options.verbose:
                                where = f"{root.name} {name} {format_name} {budget}"
                                print(f"  {where}: {actual} {case.used:.2%} {spent_s:.1f} s", flush=True)
                            yield case


def figures(found: list[Case], least: float) -> list[Figure]:
    """Sum up."""
    packed = [case for case in found if case.actual]
    over = [case for case in packed if case.actual > case.budget]
    differ = [case for case in packed if case.actual != case.reported]
    enough = [case for case in packed if case.enough]
    below = [case for case in enough if case.used < least]
    for case in (*over, *differ, *below):
        print(f"  ! {case.repo} {case.model} {case.format} {case.budget:,}: {case.actual:,} by recount, "
              f"{case.reported:,} by the report, {case.used:.1%} used")  # fmt: skip
    rows = [
        Figure("packs over budget", len(over), "", "packs", len(packed), at_most=0),
        Figure("reports that differ from the recount", len(differ), "", "packs", len(packed), at_most=0),
        Figure("budgets too small for any pack", len(found) - len(packed), "", "requests", len(found)),
        Figure(f"packs below {least:.0%} of the budget", len(below), "", "content suffices", len(enough), at_most=0),
    ]
    for budget in sorted({case.budget for case in enough}):
        shares = [case.used for case in enough if case.budget == budget]
        seconds = [case.seconds for case in enough if case.budget == budget]
        rows += [
            Figure(f"{budget:,}: least used", 100 * min(shares), "%", "budget", 100, at_least=least),
            Figure("  median used", 100 * statistics.median(shares), "%", "budget", 100),
            Figure("  longest pack", max(seconds), "s", "median pack", statistics.median(seconds)),
        ]
    return rows


def main(arguments: Sequence[str] | None = None) -> list[Figure]:
    """Measure and print."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    parser = argparse.ArgumentParser("benchmarks pack", description=__doc__)
    parser.add_argument("--repos", type=Path, nargs="+", metavar="DIR", help="checkouts (default: one made by code)")
    parser.add_argument("--budgets", type=int, nargs="+", default=list(BUDGETS))
    parser.add_argument("--models", nargs="+", default=list(MODELS))
    parser.add_argument("--formats", nargs="+", default=list(FORMATS), choices=FORMATS)
    parser.add_argument("--least", type=float, default=0.97, help="share of the budget that must be used")
    parser.add_argument("--verbose", action="store_true", help="print every pack")
    options = parser.parse_args(arguments)
    with (
        tempfile.TemporaryDirectory(prefix="packsight-bench-") as folder,
        ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as counting,
    ):
        roots = [root.resolve() for root in options.repos] if options.repos else [repository(Path(folder))]
        found = list(cases(roots, options, counting))
    rows = figures(found, options.least)
    show(f"pack, {len(roots)} repositories × {len(options.models)} models × {len(options.formats)} formats", rows)
    return rows


if __name__ == "__main__":
    main()
