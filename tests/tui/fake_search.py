"""Searches of charts made by code: hits by words in paths, with numbers that agree as the engine's do."""

from __future__ import annotations

import threading
from dataclasses import replace

import numpy as np

from engine.columns import CLASSES
from engine.errors import Cancelled, InputError
from engine.events import Emit, IsCancelled, Progress
from engine.live import Chart, LivePack
from engine.rank.intent import Intent, read_intent
from engine.rank.intent_rules import intent_rules
from engine.rank.relevant import SIGNALS
from engine.request import PackRequest
from engine.usecases.searched import Hit, Searched
from engine.visible import display_path, visible_name, visible_text
from tests.tui.samples import sample_pack

NO_REVISION = "nowhere"
"""A base revision that there is none of."""
SHARES = np.array([0.34, 0.16, 0.12, 0.1, 0.12, 0.07, 0.04, 0.05])
"""What signals add to a score, more or less."""


def changed_rows(chart: Chart) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    """(n,) changed lines: of every eleventh chunk."""
    rows = np.arange(chart.columns.chunks)
    return np.where(rows % 11 == 3, 1 + rows % 7, 0).astype(np.int32)


def with_change(pack: LivePack, chart: Chart) -> LivePack:
    """The pack against the revision that its request names."""
    if not pack.request.diff:
        return pack
    if pack.request.diff == NO_REVISION:
        return replace(pack, problem=f"there is no revision '{NO_REVISION}'; did you mean 'main'?")
    files = len(np.unique(chart.columns.file[changed_rows(chart) > 0]))
    told = f"since {visible_name(pack.request.diff)} (3f2a9c01b7de): {files} modified"
    return replace(pack, changed=changed_rows(chart), change_told=told)


def fake_searched(
    chart: Chart,
    request: PackRequest,
    intent: str,
    limit: int,
    emit: Emit,
    cancelled: IsCancelled,
    gate: threading.Event | None,
) -> Searched:
    """Chunks of files whose paths have a word of the query, or that changed; waits at the gate while words are read."""
    columns, words = chart.columns, request.query.lower().split()
    while gate is not None and not gate.wait(0.002):
        emit(Progress("index", 300, 1_200))
        if cancelled():
            raise Cancelled("interrupted")
    if request.query == "fail":
        raise InputError("the repository has no text to search", "give another folder")
    met = np.array([any(word in row.path.lower() for word in words) for row in columns.files])[columns.file]
    if request.diff:
        met |= changed_rows(chart) > 0
    rows = np.flatnonzero(met)
    pack = sample_pack(chart, request=request)
    read = read_intent(request.query, intent)
    hits, total, totals = [], 0, np.zeros(5, np.int64)
    for rank, row in enumerate(rows[:limit].tolist(), 1):
        level, prices = int(pack.levels[row]), columns.tokens[row]
        tokens = int(prices[level]) if level < 5 else 0
        total, totals = total + tokens, totals + prices
        score = round(0.97 ** (rank - 1), 6)
        shares = np.roll(SHARES, rank % 3) * (1 + np.arange(8) % (1 + rank % 4))
        why = {name: round(score * float(part), 6) for name, part in zip(SIGNALS, shares / shares.sum(), strict=True)}
        hits.append(
            Hit(
                rank, display_path(columns.files[columns.file[row]].path), int(columns.start_line[row]),
                int(columns.end_line[row]), visible_name(f"function_{row}"), "function",
                CLASSES[columns.chunk_class[row]].value, score, why, level, tokens, total, tuple(prices.tolist()),
                tuple(totals.tolist()),
            )
        )  # fmt: skip
    return Searched(
        visible_text(request.query), read, tuple(intent_rules().effects[read.name].changes()), tuple(hits), len(rows),
        "the pack" if hits else "", report_of(pack, request, read),
    )  # fmt: skip


def report_of(pack: LivePack, request: PackRequest, read: Intent) -> dict[str, object]:
    """What of a report the screen reads."""
    report: dict[str, object] = {
        "budget": pack.budget_tokens,
        "actual": pack.used_tokens,
        "entities": [
            {"kind": one.kind, "name": visible_name(one.name), "line": one.line, "in": visible_name(one.inside)}
            for one in read.entities
        ],
    }
    if request.diff:
        report["diff"] = {"revision": request.diff, "files": []}
    return report
