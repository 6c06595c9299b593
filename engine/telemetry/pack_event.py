"""One pack that was made: what its budget was, what it was expected to take, and what it took."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MOST_TOKENS = 1_000_000_000
"""No pack is larger; neither is a number that every database takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PackEvent:
    """A pack. Counts are tokens. Neither the text nor the query is part of it."""

    timestamp: datetime.datetime
    """When it was made. Aware."""
    dedupe_key: str
    """Unique; events of calls name it as their ``pack_key``."""
    repository: str
    """Identity of the repository."""
    model: str
    encoding: str
    """Tokenizer that counted."""
    method: str
    """``exact``, ``reconstructed`` or ``estimate``."""
    budget_tokens: int
    est_used_tokens: int
    """Sum of the cached counts of its chunks."""
    actual_tokens: int
    """Recount of the text."""
    quality: float
    """0 to 1."""
    profile: str = ""
    intent: str = ""
    made_by: str = ""
    """``pack``, ``split``, ``search``, ``call``, ``mcp``, ``app``, ``library``; ``""`` in older events."""
    revision: str = ""
    """Commit that was packed, ``""`` outside of git."""
    seconds: float | None = None
    """From the request to the finished text, scan included."""
    asked_tokens: int | None = None
    """Our count of all that was sent with the pack: other packs, the prompt, instructions."""
    sent_tokens: int | None = None
    """What the provider's log says the prompt was, when a call names this pack."""
    event_id: str = ""
    """Given by the store; ``""`` before."""


def pack_event(
    report: Mapping[str, Any],
    *,
    repository: str,
    timestamp: datetime.datetime,
    dedupe_key: str,
    made_by: str = "",
    asked_tokens: int | None = None,
) -> PackEvent:
    """Make the event of a pack from its token report.

    Args:
        report: The JSON of ``pack --report``.
        repository: Identity of the repository.
        timestamp: When it was made.
        dedupe_key: Unique; calls that send the pack name it.
        made_by: Who made it.
        asked_tokens: Count of all that is sent with it.
    """
    return PackEvent(
        timestamp=timestamp,
        dedupe_key=dedupe_key,
        repository=repository,
        model=report["model"],
        encoding=report["encoding"],
        method=report["method"],
        budget_tokens=report["budget"],
        est_used_tokens=report["est_used"],
        actual_tokens=report["actual"],
        quality=report["quality"],
        profile=report.get("profile") or "",
        intent=report.get("intent") or "",
        made_by=made_by,
        revision=report.get("revision") or "",
        seconds=report.get("seconds", {}).get("total"),
        asked_tokens=asked_tokens,
    )


def impossible_pack(event: PackEvent) -> str:
    """Return why a pack cannot be true, or ``""``."""
    if not event.dedupe_key:
        return "no-key"
    if event.timestamp.tzinfo is None:
        return "naive-time"
    if min(event.budget_tokens, event.est_used_tokens, event.actual_tokens, event.sent_tokens or 0) < 0 or (
        min(event.asked_tokens or 0, event.seconds or 0) < 0
    ):
        return "negative-count"
    counts = (event.budget_tokens, event.est_used_tokens, event.actual_tokens, event.asked_tokens, event.sent_tokens)
    if max(count or 0 for count in counts) > MOST_TOKENS:
        return "count-too-large"
    if event.actual_tokens > event.budget_tokens:
        return "pack-above-budget"
    return "" if 0 <= event.quality <= 1 else "quality-out-of-range"
