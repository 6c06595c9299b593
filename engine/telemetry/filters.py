"""Which events are meant: by time, provider, model, category, complexity and outcome."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from engine.telemetry.words import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFilter:
    """All conditions must hold; within one, any of its values. Empty conditions hold for everything."""

    since: datetime.datetime | None = None
    """Events at or after this aware moment."""
    until: datetime.datetime | None = None
    """Events before this aware moment."""
    providers: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    complexities: tuple[str, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
