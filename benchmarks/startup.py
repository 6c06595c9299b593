"""Start-up: what a person waits before anything happens. Commands take turns; medians."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.measure import Figure, Series, checked, homes, packsight, run
from benchmarks.table import show

REFERENCE = "python -c 'import typing, json, argparse'"


def main(arguments: Sequence[str] | None = None) -> list[Figure]:
    """Measure and print."""
    parser = argparse.ArgumentParser("benchmarks startup", description=__doc__)
    parser.add_argument("--runs", type=int, default=15)
    options = parser.parse_args(arguments)
    commands: dict[str, list[str | Path]] = {
        REFERENCE: [sys.executable, "-c", "import typing, json, argparse"],
        "packsight --version": [packsight(), "--version"],
        "import of the facade": [sys.executable, "-c", "import engine.inspector"],
        "packsight --help": [packsight(), "--help"],
        "packsight count hello -m gpt-5": [packsight(), "count", "hello", "-m", "gpt-5"],
    }
    series = {name: Series() for name in commands}
    with tempfile.TemporaryDirectory(prefix="packsight-bench-") as folder:
        for number in range(options.runs + 1):
            for name, command in commands.items():
                ran = checked(run(command, homes(Path(folder)), cwd=Path(folder)))
                if number:  # the first round fills the file cache
                    series[name].runs.append(ran)
    reference = series.pop(REFERENCE)
    found: list[Figure] = []
    for name, runs in series.items():
        limit = 1.5 if name == "packsight --version" else None
        found.append(Figure(name, 1000 * runs.wall_s, "ms", REFERENCE, 1000 * reference.wall_s, at_most=limit))
        found.append(Figure("  CPU", 1000 * runs.cpu_s, "ms", "same, CPU", 1000 * reference.cpu_s))
    show(f"startup, median of {options.runs}", found)
    return found


if __name__ == "__main__":
    main()
