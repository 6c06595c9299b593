"""Keeping the collector of garbage out of the way of a person at the keys."""

from __future__ import annotations

import gc


def settle_memory() -> None:
    """Take what was just built out of the collector's way: looking through it costs a frame or two each time."""
    gc.unfreeze()  # what a repository opened before left behind
    gc.collect()
    gc.freeze()
