"""From a finished pack to what is remembered of it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

import numpy as np

from engine.columns import CLASSES
from engine.model import ChunkClass, Level
from engine.pack import Problem, Solution
from engine.pack.problem import LINE
from engine.profiles.learning_outcomes import MOST_PLACES, ShownPack, ShownPlace
from engine.render.layout import file_classes
from engine.render.outcome import outcome_of
from engine.request import PackRequest


def shown_pack(
    key: str,
    request: PackRequest,
    report: Mapping[str, Any],
    solution: Solution,
    problem: Problem,
    repository: str,
    root: str,
) -> ShownPack:
    """What a pack showed: places with text, files shown as a line, and what its values expected of each class.

    Args:
        key: Id of the pack.
        request: What was asked.
        report: The report of the pack.
        solution: The level of each chunk.
        problem: What was solved.
        repository: Identity of the repository.
        root: Absolute path that its paths are relative to.
    """
    columns, levels = problem.columns, solution.levels
    lines = np.bincount(columns.file[levels == LINE], minlength=len(columns.files)) > 0
    outcome = outcome_of(columns, levels, lines)
    rows = np.flatnonzero(outcome.level < Level.EMERGENCY)
    # Where there are too many, what is shown best is what matters.
    rows = rows[np.argsort(outcome.level[rows], kind="stable")][:MOST_PLACES]
    places = [
        ShownPlace(columns.files[file].path, columns.files[file].blob_id, start, end, level, CLASSES[number])
        for file, start, end, level, number in zip(
            columns.file[rows].tolist(),
            columns.start_line[rows].tolist(),
            columns.end_line[rows].tolist(),
            outcome.level[rows].tolist(),
            columns.chunk_class[rows].tolist(),
            strict=True,
        )
    ]
    if outcome.short and len(places) < MOST_PLACES:
        mains = file_classes(columns)
        places += [
            ShownPlace(one.path, one.blob_id, 1, max(1, one.lines), int(Level.EMERGENCY), mains[file])
            for file, one in ((file, columns.files[file]) for file in outcome.short)
        ]
    return ShownPack(
        pack_id=key,
        at=datetime.datetime.now(datetime.UTC),
        repository=repository,
        root=root,
        revision=report.get("revision") or "",
        model=report["model"],
        profile=report["profile"],
        budget_tokens=report["budget"],
        actual_tokens=report["actual"],
        asks=bool(request.query.strip()),
        expected=_expected(problem),
        places=tuple(places[:MOST_PLACES]),
    )


def _expected(problem: Problem) -> dict[ChunkClass, float]:
    value = np.where(problem.excluded_mask(), 0.0, problem.values())
    sums = np.bincount(problem.columns.chunk_class, value, len(CLASSES))
    total = float(sums.sum())
    return {CLASSES[at]: float(sums[at]) / total for at in np.flatnonzero(sums).tolist()} if total > 0 else {}
