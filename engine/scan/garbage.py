"""Looking for garbage less often while something large is built that nearly all stays."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_RARELY = (50_000, 50, 1000)
"""Thresholds of the collector: a scan makes hardly any cycles, and looking for them took a tenth of its own time."""


@contextmanager
def rare_collection() -> Iterator[None]:
    """Collect rarely inside the block; the thresholds from before come back at its end."""
    before = gc.get_threshold()
    gc.set_threshold(*_RARELY)
    try:
        yield
    finally:
        gc.set_threshold(*before)
