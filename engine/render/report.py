"""The report of a pack: what is in it at which level, what is not and why, and what else it could have been."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from engine.columns import CLASSES, Columns, Texts
from engine.model import Level
from engine.render.coverage import covered
from engine.render.layout import file_classes
from engine.render.outcome import Outcome, outcome_of, quality
from engine.render.report_facts import ReportFacts
from engine.render.report_items import excluded, items
from engine.visible import visible_text


def build_report(
    columns: Columns,
    levels: npt.NDArray[np.int8],
    file_lines: npt.NDArray[np.bool_],
    texts: Texts,
    facts: ReportFacts,
) -> dict[str, Any]:
    """Assemble the report; its keys are the contract with other programs.

    Args:
        columns: The scanned repository, n chunks of m files.
        levels: (n,) level of each chunk, 0-6.
        file_lines: (m,) files represented by their one line.
        texts: Says kind and symbol of the chunks that are shown.
        facts: Everything else.

    Returns:
        Plain dicts, lists, strings and numbers. ``items`` has one entry for each chunk at level 0-4 and one for each
        file at level 5, ordered by path and line; ``excluded`` one for each file of which something is omitted. Per
        class, ``chunks`` and ``tokens_full`` are about everything in scope.
    """
    outcome = outcome_of(columns, levels, file_lines)
    coverage = None if facts.scope is None else covered(columns, levels, file_lines, facts.scope)[0].as_dict()
    return {
        "model": facts.model,
        "encoding": facts.encoding,
        "method": facts.method,
        "budget": facts.budget,
        "est_used": facts.est_used,
        "actual": facts.actual,
        "reserve": facts.reserve,
        "context_window": facts.context_window,
        "quality": quality(outcome.kept, facts.value, columns.tokens[:, 0]),
        "intent": facts.intent,
        "query": visible_text(facts.query),
        "profile": facts.profile,
        "fits": facts.actual <= facts.budget,
        "levels": _by_level(outcome, facts),
        "classes": _by_class(columns, outcome, facts),
        **({} if coverage is None else {"coverage": coverage}),
        "items": items(columns, outcome, texts, facts),
        "excluded": excluded(columns, outcome, facts),
        "alternatives": [
            {"level": row.level, "tokens": row.tokens, "quality": round(row.quality, 4), "fits": row.fits}
            for row in facts.alternatives
        ],
        "seconds": {step: round(value, 4) for step, value in facts.seconds.items()},
    }


def _by_level(outcome: Outcome, facts: ReportFacts) -> dict[str, dict[str, int]]:
    chunks = np.bincount(outcome.level, minlength=len(Level)).tolist()
    sums = np.bincount(outcome.level, weights=outcome.tokens, minlength=len(Level)).astype(np.int64).tolist()
    sums[Level.EMERGENCY] = sum(facts.line_tokens[row] for row in outcome.short)
    return {str(step): {"chunks": chunks[step], "tokens": sums[step]} for step in range(len(Level))}


def _by_class(columns: Columns, outcome: Outcome, facts: ReportFacts) -> dict[str, dict[str, int | float]]:
    lines: dict[str, int] = {}
    if outcome.short:
        mains = file_classes(columns)
        for row in outcome.short:
            lines[mains[row]] = lines.get(mains[row], 0) + facts.line_tokens[row]
    out: dict[str, dict[str, int | float]] = {}
    for index, name in enumerate(CLASSES):
        rows = np.flatnonzero(columns.chunk_class == index)
        if not len(rows):
            continue
        out[name.value] = {
            "chunks": len(rows),
            "shown": int((outcome.level[rows] != Level.OMITTED).sum()),
            "tokens": int(outcome.tokens[rows].sum()) + lines.get(name, 0),
            "tokens_full": int(columns.tokens[rows, 0].sum()),
            "quality": quality(outcome.kept[rows], facts.value[rows], columns.tokens[rows, 0]),
        }
    return out
