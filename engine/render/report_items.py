"""The lists of a report: what is shown, what is left out."""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter
from typing import Any

import numpy as np

from engine.columns import CLASSES, Columns, Texts
from engine.model import Level
from engine.render.layout import file_classes
from engine.render.outcome import Outcome
from engine.render.report_facts import NO_ROOM, ReportFacts
from engine.render.shown import DEEPEST_SHOWN
from engine.visible import display_path


def items(columns: Columns, outcome: Outcome, texts: Texts, facts: ReportFacts) -> list[dict[str, Any]]:
    """One item for each chunk with text and for each file shown as a line, by path and line."""
    level = outcome.level
    rows = np.flatnonzero(level <= DEEPEST_SHOWN)
    names = [display_path(file.path) for file in columns.files]
    classes = [name.value for name in CLASSES]
    reasons: Sequence[str] = facts.reasons or [""] * columns.chunks
    kind, symbol = texts.kind, texts.symbol
    # Lists, not numpy scalars: reading those one by one is ten times as slow.
    out = [
        {
            "path": names[file],
            "start_line": start,
            "end_line": end,
            "class": classes[chunk_class],
            "kind": kind(row),
            "symbol": symbol(row),
            "level": step,
            "tokens": cost,
            "tokens_full": full,
            "retention": share,
            "value": worth,
            "reason": reasons[row],
        }
        for row, file, start, end, chunk_class, step, cost, full, share, worth in zip(
            rows.tolist(),
            columns.file[rows].tolist(),
            columns.start_line[rows].tolist(),
            columns.end_line[rows].tolist(),
            columns.chunk_class[rows].tolist(),
            level[rows].tolist(),
            outcome.tokens[rows].tolist(),
            columns.tokens[rows, 0].tolist(),
            outcome.kept[rows].round(4).tolist(),
            facts.value[rows].round(6).tolist(),
            strict=True,
        )
    ]
    out += _line_items(columns, outcome, names, reasons, facts)
    out.sort(key=itemgetter("path", "start_line"))
    return out


def _line_items(
    columns: Columns,
    outcome: Outcome,
    names: Sequence[str],
    reasons: Sequence[str],
    facts: ReportFacts,
) -> list[dict[str, Any]]:
    """One item for each file that is shown as one line."""
    if not outcome.short:
        return []
    m = len(columns.files)
    weight = facts.value if float(facts.value.sum()) > 0 else columns.tokens[:, 0].astype(np.float64)
    full = np.bincount(columns.file, weights=columns.tokens[:, 0], minlength=m).astype(np.int64).tolist()
    worth = np.bincount(columns.file, weights=facts.value, minlength=m).round(6).tolist()
    weights = np.bincount(columns.file, weights=weight, minlength=m)
    shares = np.bincount(columns.file, weights=weight * outcome.kept, minlength=m) / np.where(weights > 0, weights, 1.0)
    share = shares.round(4).tolist()
    first = np.searchsorted(columns.file, np.arange(m)).tolist()
    mains = file_classes(columns)
    return [
        {
            "path": names[row],
            "start_line": 1,
            "end_line": columns.files[row].lines,
            "class": mains[row].value,
            "kind": "file",
            "symbol": "",
            "level": int(Level.EMERGENCY),
            "tokens": facts.line_tokens[row],
            "tokens_full": full[row],
            "retention": share[row],
            "value": worth[row],
            "reason": reasons[first[row]] if first[row] < columns.chunks else "",
        }
        for row in outcome.short
    ]


def excluded(columns: Columns, outcome: Outcome, facts: ReportFacts) -> list[dict[str, Any]]:
    """Files of which something is omitted, and what never came into question, by path."""
    m = len(columns.files)
    omitted = outcome.level == Level.OMITTED
    chunks = np.bincount(columns.file, minlength=m).tolist()
    missing = np.bincount(columns.file[omitted], minlength=m).tolist()
    tokens = np.bincount(columns.file[omitted], weights=columns.tokens[omitted, 0], minlength=m).astype(int).tolist()
    rows = np.flatnonzero(omitted)
    files, first = np.unique(columns.file[rows], return_index=True)
    out = []
    for file, row in zip(files.tolist(), rows[first].tolist(), strict=True):
        reason = (facts.reasons[row] if facts.reasons else "") or NO_ROOM
        if missing[file] < chunks[file]:
            reason = f"{missing[file]} of {chunks[file]} chunks: {reason}"
        out.append({"path": display_path(columns.files[file].path), "reason": reason, "tokens": tokens[file]})
    out += [{"path": display_path(row.path), "reason": row.reason, "tokens": row.tokens} for row in facts.excluded]
    out.sort(key=itemgetter("path"))
    return out
