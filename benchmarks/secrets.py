"""Recall, precision and cost of the search for secrets.

    python -m benchmarks secrets [--each N] [--repos DIR…] [--runs N] [--misses]

Recall is the share of labelled secrets of which nothing but a known prefix stays readable; precision the share of
findings that are labelled ones, in files with secrets and without. The cost is the processor time that
looking through every file adds to a cold scan of them, both run in turn as commands.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import median

from benchmarks.measure import Figure
from benchmarks.sample import repository
from benchmarks.secret_samples import Sample, held_out, tuned
from benchmarks.table import show
from engine.secrets import find_secrets, mask

LONGEST_PREFIX = 20
"""Characters of a secret that may stay, to say of which kind it is."""


def judged(samples: Iterable[Sample], misses: bool) -> tuple[float, float, int, int]:
    """Recall, precision, number of secrets and number of findings."""
    hit = missed = right = wrong = 0
    bad: Counter[str] = Counter()
    for sample in samples:
        data = sample.text.encode()
        found = find_secrets(data)
        at = data.find(sample.secret.encode()) if sample.secret else -1
        behind = at + len(sample.secret)
        mine = [one for one in found if at >= 0 and any(a < behind and at < b for a, b in one.spans)]
        right += bool(mine)
        wrong += len(found) - len(mine)
        if len(found) > len(mine):
            bad[f"wrong {sample.name}"] += 1
        if sample.secret:
            hidden = not left(mask(data, found).decode(), sample.secret)
            hit, missed = hit + hidden, missed + (not hidden)
            if not hidden:
                bad[f"missed {sample.name}"] += 1
    if misses:
        for name, number in bad.most_common():
            print(f"  {number:4} {name}")
    return hit / (hit + missed), right / (right + wrong), hit + missed, right + wrong


def left(text: str, secret: str) -> bool:
    """Whether anything of a secret behind its prefix stands in a text."""
    step = 6
    first = min(LONGEST_PREFIX, len(secret) // 2)
    return any(secret[at : at + step] in text for at in range(first, max(first + 1, len(secret) - step)))


def cost(root: Path, runs: int) -> tuple[float, float]:
    """Seconds of processor time: what looking for secrets adds to a cold scan, and the cold scan, medians of pairs."""
    added, without = [], []
    for _ in range(runs):
        plain, looking = scan_cpu_s(root), scan_cpu_s(root, "--secrets")
        added.append(looking - plain)
        without.append(plain)
    return median(added), median(without)


def scan_cpu_s(root: Path, *more: str) -> float:
    """Processor time of the command, workers included."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "engine", "scan", str(root), "--no-cache", "--quiet", *more]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env={**os.environ, "PYTHONPATH": os.getcwd()})
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main(words: Sequence[str] | None = None) -> list[Figure]:
    """Measure."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks secrets")
    parser.add_argument("--each", type=int, default=20, help="values of each kind in each frame")
    parser.add_argument("--repos", nargs="*", default=[], help="checkouts to take the cost on")
    parser.add_argument("--runs", type=int, default=3, help="pairs of scans, with and without")
    parser.add_argument("--misses", action="store_true", help="list what was missed and what was wrong")
    asked = parser.parse_args(words)
    figures = []
    for part, samples in (("tuned", tuned(asked.each)), ("held out", held_out(asked.each))):
        recall, precision, secrets, findings = judged(samples, asked.misses)
        print(f"{part}: {secrets:,} secrets, {findings:,} findings")
        figures.append(Figure(f"secrets, {part}: recall", 100 * recall, "%", "all", 100.0, at_least=0.95))
        figures.append(Figure(f"secrets, {part}: precision", 100 * precision, "%", "all", 100.0, at_least=0.90))
    with tempfile.TemporaryDirectory(prefix="packsight-bench-") as folder:
        for root in [Path(name) for name in asked.repos] or [repository(Path(folder))]:
            look_s, scan_s = cost(root, asked.runs)
            figures.append(Figure(f"secrets in {root.name}", look_s, "s CPU", "cold scan", scan_s, at_most=0.10))
    show("secrets", figures)
    return figures
