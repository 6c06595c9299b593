"""Buffers and budget as events and answers write them."""

from __future__ import annotations

from typing import Any

from engine.watch.buffers import Buffer, Buffers
from engine.watch.packing import Packing


def buffer_json(buffer: Buffer) -> dict[str, Any]:
    """Counts of one buffer; ``tokens`` is null where it cannot be counted."""
    counted = None if buffer.trouble else buffer.counted
    known = counted is not None and counted.revision == buffer.revision
    parts = list(counted.selection) if counted is not None and known else []
    selection = {"tokens": sum(parts), "ranges": parts} if buffer.selection and known else None
    trouble = {"trouble": buffer.trouble} if buffer.trouble else {}
    return {
        "path": buffer.name.shown,
        "version": buffer.version,
        "tokens": None if counted is None else counted.tokens,
        "lines": buffer.text.lines,
        "selection": selection,
        **trouble,
    }


def budget_json(packing: Packing, buffers: Buffers) -> dict[str, Any]:
    """What is spent, what is left, and where open files stand in the repository's pack."""
    asked, state = packing.asked, packing.state
    used = buffers.tokens
    standing = state.standing
    pack_tokens = 0 if standing is None else standing.pack.used_tokens
    phase = state.phase
    if phase == "ready" and asked.budget_tokens - used != state.room_tokens:
        phase = "packing"
    return {
        "budget": asked.budget_tokens,
        "buffers": used,
        "pack": {
            "phase": phase,
            "budget": state.room_tokens,
            "tokens": pack_tokens,
            "quality": None if standing is None else round(standing.pack.quality, 4),
            "problem": state.problem,
        },
        "free": max(0, asked.budget_tokens - used - pack_tokens),
        "over": used > asked.budget_tokens,
        "over_by": max(0, used - asked.budget_tokens),
        "files": [
            {
                "path": buffer.name.shown,
                "tokens": None if buffer.counted is None else buffer.counted.tokens,
                "in_pack": None if standing is None or not buffer.name.file else standing.of(buffer.name.file),
            }
            for buffer in buffers.all()
        ],
    }
