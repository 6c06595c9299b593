"""Keeping the collector of garbage out of the way of a start, and of a person at the keys."""

from __future__ import annotations

import gc

SETTLE_AFTER_S = 1.5
"""Time after a repository was opened when what was built is taken out of the collector's way: it is one pause."""
_EARLY = (50_000, 50, 1000)
"""Thresholds while starting: nearly all that is made then stays, and looking for garbage took a tenth of the start."""
_USUAL = gc.get_threshold()


def hold_memory() -> None:
    """Collect next to nothing until ``settle_memory``."""
    gc.set_threshold(*_EARLY)


def settle_memory() -> None:
    """Take what was just built out of the collector's way: looking through it costs a frame or two each time."""
    gc.unfreeze()  # what a repository opened before left behind
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_USUAL)
