"""Which numbers of ``engine/rank/query.toml`` could be better: each is moved alone, on edits of real commits.

A task is that of the edit-recall benchmark. For each setting the chunks are taken greedily by what they are worth for
each of their tokens, until a budget is full; a task's score is the mean over budgets of the share of edited lines in
the chunks taken. That agrees with whole packs to a point or two, and costs a thousandth.

A move is proposed only where its mean gain over all tasks exceeds its standard error over tasks, and gains in both
halves of the repositories: with many numbers and few tasks, the best of all moves is mostly luck. Numbers are moved on
repositories that are tuned on; those that are held out are for ``recall`` alone.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.edit_recall import MODEL
from benchmarks.recall_scores import rows_of
from benchmarks.recall_tasks import tasks_of
from engine.columns import Floats, Ints
from engine.events import ignore, never
from engine.inspector import Inspector
from engine.rank import QuerySettings, query_settings
from engine.request import ScanRequest
from engine.usecases.query import QueryIndex

BUDGETS = (1_400, 2_000, 2_800, 4_000, 5_600, 8_000, 16_000, 32_000)
FACTORS = (0.0, 0.6, 0.8, 1.25, 1.6)
"""What a number is multiplied by; one that is 0 is tried at ``FIRST``."""
FIRST = 0.1
HEADER = 12
"""Tokens of the header of a file, about."""
FRAME = 60
_MOST_TAKEN = 4_000
FIXED = frozenset({"most_characters", "most_terms", "shown", "reading", "near_lines", "givers", "prior", "sharpness"})
"""Numbers that are limits, or that greedy taking cannot see."""
DIVISORS = frozenset({"saturation", "recent_commits"})
"""Numbers that are never 0."""
Moves = list[tuple[str, QuerySettings]]


@dataclass(frozen=True, slots=True)
class Case:
    """One task, ready to be ranked again and again."""

    repository: str
    query: str
    index: QueryIndex
    tokens: Ints
    file: Ints
    rows: npt.NDArray[np.int64]
    """Chunks around the task's lines."""
    lines: Ints
    """Number of lines of each."""

    def score(self, settings: QuerySettings) -> float:
        """Mean share of the lines that are reached, over the budgets."""
        value = self.index.explain(self.query, settings).total
        return statistics.fmean(self._reached(value / np.clip(self.tokens, 8, None), budget) for budget in BUDGETS)

    def _reached(self, worth: Floats, budget: int) -> float:
        room = 0.98 * budget - FRAME
        order = np.argsort(-worth, kind="stable")
        order = order[self.tokens[order] <= room][:_MOST_TAKEN]
        first = np.zeros(len(order), np.bool_)
        first[np.unique(self.file[order], return_index=True)[1]] = True
        spent = np.cumsum(self.tokens[order] + HEADER * first)
        taken = np.zeros(len(worth), np.bool_)
        taken[order[: int(np.searchsorted(spent, room, side="right"))]] = True
        return float(self.lines[taken[self.rows]].sum() / self.lines.sum())


def cases(repo: Path, number: int, skip: int, inspector: Inspector) -> Iterator[Case]:
    """Tasks of a repository whose lines stand in chunks."""
    name = repo.parent.name if repo.name == "repo" else repo.name
    for task, _ in tasks_of(repo, number, skip):
        opened = inspector.repository(ScanRequest(repo, MODEL, rev=task.parent))
        columns, _ = opened.columns()
        rows, lines = np.unique(list(rows_of(task, columns).values()), return_counts=True)
        if len(rows):
            index = QueryIndex.open(opened, ignore, never)
            yield Case(name, task.query, index, columns.tokens[:, 0], columns.file, rows, lines.astype(np.int32))


def moves(settings: QuerySettings) -> Moves:
    """Every number moved alone, by name and new value."""
    out: Moves = []
    for row in fields(settings):
        number = getattr(settings, row.name)
        if row.name in FIXED:
            continue
        if isinstance(number, float):
            factors = FACTORS[1:] if row.name in DIVISORS else FACTORS
            tried = [number * factor for factor in factors] if number else [FIRST]
            out += [(f"{row.name} = {value:g}", _with(settings, row.name, value)) for value in tried]
        elif row.name in ("kinds", "unasked", "asked"):
            for key, value in number.items():
                for factor in FACTORS[1:]:
                    moved = _with(settings, row.name, {**number, key: value * factor})
                    out.append((f"{row.name}.{key} = {value * factor:g}", moved))
    return out


def _with(settings: QuerySettings, name: str, value: object) -> QuerySettings:
    changed: dict[str, Any] = {name: value}
    return replace(settings, **changed)


def gain(found: Sequence[Case], before: Floats, after: Floats) -> tuple[float, float, bool]:
    """Mean gain, its standard error, and whether both halves of the repositories gain."""
    change = after - before
    names = sorted({case.repository for case in found})
    half = np.array([names.index(case.repository) % 2 for case in found])
    both = all(float(change[half == side].sum()) > 0 for side in (0, 1))
    return float(change.mean()), float(change.std() / np.sqrt(len(change))), both


def main(words_given: Sequence[str] | None = None) -> None:
    """Print what each move brings, the best first."""
    parser = argparse.ArgumentParser(prog="rank_weights", description=__doc__.split("\n")[0])
    parser.add_argument("--repos", nargs="+", type=Path, required=True, help="checkouts with history, tuned on")
    parser.add_argument("--tasks", type=int, default=10, help="commits of each repository")
    parser.add_argument("--skip", type=int, default=9, help="take every so-manieth commit")
    parser.add_argument("--only", nargs="*", default=[], help="beginnings of the names to move; all when not given")
    parser.add_argument("--cache", type=Path, help="folder that keeps the scans for another run")
    given = parser.parse_args(words_given)
    found: list[Case] = []
    if given.cache:
        given.cache.mkdir(parents=True, exist_ok=True)
    with nullcontext(given.cache) if given.cache else tempfile.TemporaryDirectory(prefix="packsight-bench-") as folder:
        for repo in given.repos:
            with Inspector(cache_path=Path(folder) / "blobs.db") as inspector:
                found += cases(repo, given.tasks, given.skip, inspector)
    settings = query_settings()
    before = np.array([case.score(settings) for case in found])
    print(f"{len(found)} tasks of {len({case.repository for case in found})} repositories: {before.mean():.4f}")
    told = []
    for name, moved in moves(settings):
        if not given.only or name.startswith(tuple(given.only)):
            after = np.array([case.score(moved) for case in found])
            told.append((*gain(found, before, after), name))
    for mean, error, both, name in sorted(told, reverse=True):
        print(f"  {name:28}{mean:+9.4f} ± {error:.4f}{'   proposed' if mean > error and both else ''}", flush=True)


if __name__ == "__main__":
    main()
