"""What a Codex session has counted so far: the advance of its totals, and whether it repeats another's history."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from hashlib import blake2b

from engine.telemetry.importers.values import count, mapping, moment, word

COUNTED = (
    "input_tokens",
    "cached_input_tokens",
    "cache_write_input_tokens",
    "output_tokens",
    "reasoning_output_tokens",
    "total_tokens",
)
"""Counts of a usage object."""
Counts = tuple[int, ...]
_BURST = datetime.timedelta(seconds=2)
"""A replayed history is written at once when the session begins; no answer comes as soon."""
_RECORDS_SINCE = (0, 153)
"""First version of the program that writes an id and a usage for each response."""


class Session:
    """State of one session; ``to_json`` and back, so that the next import goes on with it."""

    def __init__(self, state: Mapping[str, object]) -> None:
        totals = state.get("totals")
        self.totals: Counts | None = None
        if isinstance(totals, list) and len(totals) == len(COUNTED):
            self.totals = tuple(count(one) or 0 for one in totals)
        self.chain = word(state.get("chain"))
        self.id = word(state.get("id"))
        self.model, self.effort = word(state.get("model")), word(state.get("effort"))
        self.provider = word(state.get("provider"))
        self.has_records = state.get("has_records") is True
        self.is_replaying = state.get("is_replaying") is True
        self.writes_records = state.get("writes_records") is True
        self.begun = word(state.get("begun"))

    def to_json(self) -> dict[str, object]:
        """Return the state as JSON values."""
        return vars(self) | {"totals": list(self.totals) if self.totals else None}

    def describe(self, payload: Mapping[str, object], written: object) -> None:
        """Take a session's own description, its first; descriptions after it are its ancestors', which it repeats."""
        name = word(payload.get("id"))
        if not self.id:
            self.id, self.begun = name, word(written)
            self.provider = word(payload.get("model_provider"))
            self.writes_records = _version(payload.get("cli_version")) >= _RECORDS_SINCE
            spawned = mapping(mapping(mapping(payload.get("source")).get("subagent")).get("thread_spawn"))
            parents = (payload.get("forked_from_id"), payload.get("parent_thread_id"), spawned.get("parent_thread_id"))
            self.is_replaying = any(map(word, parents))
        elif name != self.id and self.totals is None:
            self.is_replaying = True

    def advance(self, total: Counts | None, last: Counts | None) -> Counts | None:
        """Take a token count; return what the response took, None when the line repeats what is known.

        Args:
            total: Running totals, ``total_token_usage``.
            last: ``last_token_usage``.
        """
        if total is None:
            return last
        if total == self.totals:
            return None
        before, self.totals = self.totals, total
        self.chain = blake2b(f"{self.chain} {total}".encode(), digest_size=12).hexdigest()
        if before is None:
            return last if last is not None else None if self.is_replaying else total
        if any(new < old for new, old in zip(total, before, strict=True)):
            return last if last is not None else total
        return tuple(new - old for new, old in zip(total, before, strict=True))

    def is_repeating(self, written: object) -> bool:
        """Whether a line was written when a fork or sub-agent began: its parent's history."""
        if self.is_replaying:
            begun, now = moment(self.begun), moment(written)
            self.is_replaying = begun is not None and now is not None and now - begun < _BURST
        return self.is_replaying


def counts(found: object) -> Counts | None:
    """Return a usage object's counts in the order of ``COUNTED``; None when it is none."""
    usage = mapping(found)
    if count(usage.get("output_tokens")) is None:
        return None
    return tuple(count(usage.get(name)) or 0 for name in COUNTED)


def _version(found: object) -> tuple[int, int]:
    major, _, rest = word(found).partition(".")
    return count(major) or 0, count(rest.partition(".")[0]) or 0
