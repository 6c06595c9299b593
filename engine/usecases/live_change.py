"""Live packing against a revision: what changed since, and the shelf whose requests show it in full."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from engine.events import IsCancelled
from engine.live import LivePack
from engine.pack.problem import NO_PIN
from engine.usecases.bench import Bench
from engine.usecases.changed import Changed, changed_since
from engine.usecases.changed_shelf import ChangedShelf
from engine.usecases.changes_told import head_line, told


@dataclass(frozen=True, slots=True, eq=False)
class LiveChange:
    """A change as live packs need it; it holds for one base revision and one budget."""

    revision: str
    budget_tokens: int
    changed: Changed
    notes_tokens: int
    """Of the lines on what changed that stand in the text."""
    shelf: ChangedShelf

    @classmethod
    def of(cls, bench: Bench, revision: str, budget_tokens: int, cancelled: IsCancelled) -> LiveChange:
        """Compare with a revision; comparing with it again costs nothing.

        Raises:
            InputError: no repository, or no such revision; names the nearest branches and tags.
            Cancelled: ``cancelled`` said so.
        """
        changed = changed_since(bench, revision, cancelled)
        notes = told(changed, bench.columns, budget_tokens, bench.counter.count_many)
        room_tokens = budget_tokens - sum(bench.counter.count_many(notes))
        notes_tokens = bench.counter.count("\n".join(notes)) if notes else 0
        return cls(revision, budget_tokens, changed, notes_tokens, ChangedShelf(bench, changed, room_tokens))

    def shown_in(self, pack: LivePack, bench: Bench) -> LivePack:
        """A pack with the change beside it; its pins are those that somebody made, not those of the change."""
        pins = bench.pins(pack.request.tuning)
        if pins is None:
            pins = np.full(bench.columns.chunks, NO_PIN, np.int8)
        return replace(
            pack, pinned=pins, changed=self.changed.lines.astype(np.int32), change_told=head_line(self.changed)
        )
