"""Spoiled input for everything that reads input: cases by target, how fast, and what broke, made as short as it can be.

Cases follow from seed, target and number. They run in child processes, so that a crash of native code costs one case
and is told with its number; a case that does not come back within 20 s of CPU time ends the same way.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import mmap
import os
import resource
import signal
import struct
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.measure import Figure
from benchmarks.table import show

_BATCH_S = 20.0
"""CPU seconds between two children: what leaks in one is gone with it."""
_HANG_S = 20
_MEMORY = 3 << 30
_NUMBER = struct.Struct("<Q")


@dataclass(slots=True)
class Tally:
    """What came of a target."""

    cases: int = 0
    cpu_s: float = 0.0
    broken: dict[str, tuple[bytes, str, int]] = field(default_factory=dict)
    """By what broke and where: the shortest case, the error in words, and how many there were."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run and print; 1 when anything broke."""
    parser = argparse.ArgumentParser("benchmarks fuzz", description=__doc__)
    parser.add_argument("--cases", type=int, default=1_000_000, metavar="N", help="cases of all targets together")
    parser.add_argument("--target", action="append", metavar="NAME", help="only this target; repeatable")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=0.0, metavar="M", help="stop after so long; 0 for never")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="add what broke to the files of this folder")
    parser.add_argument("--list", action="store_true", help="name the targets")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="packsight-fuzz-home-") as home:
        for which in ("CACHE", "DATA", "CONFIG"):
            os.environ[f"PACKSIGHT_{which}_DIR"] = f"{home}/{which.lower()}"
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        from tests.fuzz.targets import TARGETS

        if options.list:
            print("\n".join(f"{target.name:24} {target.about}" for target in TARGETS.values()))
            return 0
        chosen = options.target or list(TARGETS)
        if set(chosen) - set(TARGETS):
            parser.error(f"there is no target {', '.join(set(chosen) - set(TARGETS))}; see --list")
        end_s = time.monotonic() + options.minutes * 60 if options.minutes else float("inf")
        weights = sum(TARGETS[name].weight for name in chosen)
        found: dict[str, Tally] = {}
        for at, name in enumerate(chosen):
            share = round(options.cases * TARGETS[name].weight / weights)
            left = (end_s - time.monotonic()) / (len(chosen) - at)
            found[name] = _target(name, share, options.seed, time.monotonic() + left)
            _told(name, found[name])
        return _summary(found, options)


def _target(name: str, cases: int, seed: int, end_s: float) -> Tally:
    tally, first = Tally(), 0
    while first < cases and time.monotonic() < end_s:
        first = _child(name, first, cases, seed, end_s, tally)
    return tally


def _child(name: str, first: int, last: int, seed: int, end_s: float, tally: Tally) -> int:
    """Run cases in a child; returns the number to go on with."""
    from tests.fuzz.minimise import failure
    from tests.fuzz.targets import TARGETS

    target = TARGETS[name]
    at = mmap.mmap(-1, 8)
    at.write(_NUMBER.pack(first))
    reader, writer = os.pipe()
    pid = os.fork()
    if not pid:
        code = 1
        try:
            os.close(reader)
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            started_s = time.process_time()
            with os.fdopen(writer, "w", encoding="ascii") as out:
                number = first
                while number < last:
                    at[:] = _NUMBER.pack(number)
                    if not number % 16:
                        signal.setitimer(signal.ITIMER_PROF, _HANG_S)  # ends a hang of native code too
                        if time.process_time() - started_s > _BATCH_S or time.monotonic() > end_s:
                            break
                    case = target.case(seed, number)
                    where, words = failure(target.check, case)
                    if where:
                        out.write(ascii((where, words, case)) + "\n")
                    number += 1
                at[:] = _NUMBER.pack(number)
            code = 0
        finally:
            os._exit(code)
    os.close(writer)
    with os.fdopen(reader, encoding="ascii", errors="replace") as lines:
        rows = [line for line in lines if line.endswith("\n")]
    _, status, used = os.wait4(pid, 0)
    (reached,) = _NUMBER.unpack(at[:])
    for line in rows:
        with contextlib.suppress(ValueError, SyntaxError):
            _broke(tally, *ast.literal_eval(line))
    if status:
        ended = signal.Signals(os.WTERMSIG(status)).name if os.WIFSIGNALED(status) else f"exit {status >> 8}"
        _broke(tally, f"process ended: {ended}", f"case {reached}", target.case(seed, reached))
        reached += 1
    tally.cases += reached - first
    tally.cpu_s += used.ru_utime + used.ru_stime
    return reached


def _broke(tally: Tally, where: str, words: str, case: bytes) -> None:
    before = tally.broken.get(where)
    number = before[2] + 1 if before else 1
    if before and len(before[0]) <= len(case):
        case, words = before[0], before[1]
    tally.broken[where] = (case, words, number)


def _told(name: str, tally: Tally) -> None:
    rate = tally.cases / tally.cpu_s if tally.cpu_s else 0.0
    print(f"{name:24} {tally.cases:10,} cases {rate:8,.0f}/s  {len(tally.broken)} broken", flush=True)
    for where, (case, words, number) in tally.broken.items():
        print(f"    {where}, {number:,} times: {words!r}\n        {case[:160]!r}", flush=True)


def _summary(found: dict[str, Tally], options: argparse.Namespace) -> int:
    from tests.fuzz.corpus import keep
    from tests.fuzz.minimise import failure, shortest
    from tests.fuzz.targets import TARGETS

    for name, tally in found.items():
        for where, (case, words, _) in tally.broken.items():
            if options.keep and not where.startswith("process ended"):
                check = TARGETS[name].check
                short = shortest(check, case) if failure(check, case)[0] else case
                keep(options.keep, name, f"{where}: {words}"[:160], short)
    total = sum(tally.cases for tally in found.values())
    broken = sum(len(tally.broken) for tally in found.values())
    cpu_s = sum(tally.cpu_s for tally in found.values())
    show(
        f"fuzz, seed {options.seed}, {len(found)} targets",
        [
            Figure("cases", total, "", "asked for", options.cases),
            Figure("CPU time", cpu_s, "s", "thousands of cases", total / 1000),
            Figure("things that broke", broken, "", "targets", len(found), at_most=0),
        ],
    )
    return int(bool(broken))


if __name__ == "__main__":
    sys.exit(main())
