"""Questions about recorded calls, asked in the engine's thread, and their answers as the screen holds them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.config import Config
from engine.telemetry.event import Event
from engine.telemetry.filters import EventFilter
from engine.telemetry.periods import Period

WINDOW = 200
"""Rows that are read at once."""
SAMPLE = 240
"""Calls that stand for all in the plot over time."""
MOST_PERIODS = 42
"""Days that are told one by one; more are told by week, and more weeks by month."""


@dataclass(frozen=True, slots=True)
class Window:
    """Some rows, and how many there are."""

    total: int
    first: int
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """What is known of all calls that a filter holds for."""

    report: Mapping[str, Any]
    """As ``packsight telemetry report --json``."""
    period: Period
    periods: Sequence[Mapping[str, Any]]
    """As ``packsight telemetry report --by PERIOD --json``, oldest first."""
    sample: tuple[Event, ...]
    """As ``packsight telemetry list --spread --limit 240 --json``, newest first."""

    @property
    def total(self) -> Mapping[str, Any]:
        """Figures of all of them together."""
        found: Mapping[str, Any] = self.report["total"]
        return found


def read_window(engine: Any, config: Config | None, wanted: EventFilter, first: int) -> Window:
    """Read rows from ``first`` on, newest first."""
    page = engine.telemetry(config).page(wanted, WINDOW, first)
    return Window(page.total, first, page.events)


def read_report(engine: Any, config: Config | None, wanted: EventFilter) -> Any:
    """Read the report."""
    return engine.telemetry(config).report(wanted)


def read_figures(engine: Any, config: Config | None, wanted: EventFilter, report: Any) -> Figures:
    """Read everything that is plotted.

    Args:
        engine: The facade.
        config: Names the database.
        wanted: Which calls.
        report: What ``read_report`` found for them.
    """
    telemetry = engine.telemetry(config)
    sample = telemetry.spread(wanted, SAMPLE).events
    days = (sample[0].timestamp - sample[-1].timestamp).days if sample else 0
    period = next((one for one, length in _DAYS.items() if days < MOST_PERIODS * length), Period.MONTH)
    return Figures(report, period, telemetry.periods(wanted, period), sample)


_DAYS = {Period.DAY: 1, Period.WEEK: 7}
