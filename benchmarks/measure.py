"""Runs commands, takes their time and memory, and prints figures as one table.

Wall time is what a person waits; user and system time is what stays steady when others use the machine. Both include
every descendant that its parent waited for.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.processes import Sampler


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table: something measured against something named, both from this run."""

    what: str
    value: float
    unit: str
    reference: str
    """Name of what it is compared with."""
    reference_value: float
    at_most: float | None = None
    """Highest ratio that keeps the promise; None where nothing is promised."""
    at_least: float | None = None
    """Lowest ratio that keeps the promise."""

    @property
    def ratio(self) -> float:
        """Value over reference; 0 for 0 over 0."""
        if self.reference_value:
            return self.value / self.reference_value
        return float("inf") if self.value else 0.0

    @property
    def kept(self) -> bool | None:
        """Whether the promise is kept; None where nothing is promised."""
        if self.at_most is None and self.at_least is None:
            return None
        below = self.at_most is None or self.ratio <= self.at_most
        return below and (self.at_least is None or self.ratio >= self.at_least)


@dataclass(slots=True)
class Ran:
    """One command that ended."""

    wall_s: float
    cpu_s: float
    """User and system time, descendants included."""
    code: int
    """Exit code; negative for a signal."""
    output: bytes = b""
    """Standard output."""
    errors: bytes = b""
    """Standard error."""
    tree_mib: float = 0.0
    """Peak of the proportional memory of the whole process tree; 0 when not sampled."""
    largest_mib: float = 0.0
    """Peak resident memory of the largest process."""


def run(
    command: Sequence[str | Path],
    variables: Mapping[str, str] | None = None,
    *,
    cwd: Path | None = None,
    memory: bool = False,
) -> Ran:
    """Run a command to its end.

    Args:
        command: Program and arguments.
        variables: Added to the environment.
        cwd: Folder to run it in.
        memory: Sample the process tree. It costs the command some time, so do not take times in the same run.
    """
    started_s = time.perf_counter()
    process = subprocess.Popen(
        [str(word) for word in command], cwd=cwd, env={**os.environ, **(variables or {})},
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    sampler = Sampler(process.pid)
    if memory:
        sampler.start()
    errors: list[bytes] = []
    reader = threading.Thread(target=lambda: errors.append(process.stderr.read()))  # type: ignore[union-attr]
    reader.start()
    assert process.stdout
    output = process.stdout.read()
    reader.join()
    _, status, usage = os.wait4(process.pid, 0)
    wall_s = time.perf_counter() - started_s
    process.returncode = os.waitstatus_to_exitcode(status)
    sampler.stop()
    process.stdout.close()
    return Ran(
        wall_s, usage.ru_utime + usage.ru_stime, process.returncode, output, b"".join(errors),
        sampler.tree_mib, max(sampler.largest_mib, usage.ru_maxrss / 1024),
    )  # fmt: skip


@dataclass(slots=True)
class Series:
    """Repeated runs of one command."""

    runs: list[Ran] = field(default_factory=list)

    @property
    def wall_s(self) -> float:
        """Median wall time."""
        return statistics.median(ran.wall_s for ran in self.runs)

    @property
    def best_s(self) -> float:
        """Shortest wall time."""
        return min(ran.wall_s for ran in self.runs)

    @property
    def cpu_s(self) -> float:
        """Median user and system time."""
        return statistics.median(ran.cpu_s for ran in self.runs)


def packsight() -> Path:
    """The installed command of this interpreter, else the one on PATH.

    Raises:
        SystemExit: it is not installed.
    """
    beside = Path(sys.executable).parent / "packsight"
    found = beside if beside.exists() else shutil.which("packsight")
    if not found:
        raise SystemExit("packsight is not installed here: pip install -e .")
    return Path(found)


def homes(folder: Path) -> Mapping[str, str]:
    """Variables that keep what packsight writes inside ``folder``."""
    return {f"PACKSIGHT_{name}_DIR": str(folder / name.lower()) for name in ("CACHE", "DATA", "CONFIG")}


def checked(ran: Ran, *, codes: Iterable[int] = (0,)) -> Ran:
    """Pass ``ran`` on.

    Raises:
        SystemExit: the command failed, and figures would be about nothing.
    """
    if ran.code not in codes:
        raise SystemExit(f"exit code {ran.code}: …{ran.errors.decode('utf-8', 'replace').strip()[-300:]}")
    return ran
