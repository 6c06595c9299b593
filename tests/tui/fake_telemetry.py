"""Recorded calls without a database, for the fake engine; figures are made by the engine's own arithmetic."""

from __future__ import annotations

import datetime
import math
import random
from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from engine.budgets import Step
from engine.errors import Cancelled, PacksightError
from engine.events import Emit, IsCancelled, Progress
from engine.store.telemetry_read import Page
from engine.telemetry.event import Event
from engine.telemetry.filters import EventFilter
from engine.telemetry.json_form import event_json
from engine.telemetry.moments import day_of, day_start, to_us
from engine.telemetry.periods import Period, first_day
from engine.telemetry.report import full_report, group_report
from engine.telemetry.rollup import Tally, columns_of, nothing
from engine.telemetry.tallies import tallied
from engine.telemetry.words import CeilingSource, Finish, Outcome

G = TypeVar("G", bound=Hashable)
FIRST = datetime.datetime(2026, 10, 1, 8, tzinfo=datetime.UTC)
_MODELS = (("openai", "gpt-5.5"), ("anthropic", "claude-opus-5-5"), ("gemini", "gemini-3.8-flash"))
TRACE = (
    Step("category_base", None, 4096, "docs/low: base budget of the category"),
    Step("deliverables", 4096, 4096, "1 file, 2,600 tokens expected; the base is larger"),
    Step("conditional_floor", 4096, 4096, "no floor in this mode; docs with a low budget keep it on purpose"),
    Step("intent_below_ceiling", 4096, 6000, "the ceiling is never below the intent, with the caller's margin"),
    Step("hard_cap", 6000, 5000, "--hard-cap 5000 has the last word"),
)


def sample_events(number: int = 400, days: float = 40.0) -> list[Event]:
    """Calls over some weeks, the same for the same arguments."""
    chance = random.Random(3)
    step = datetime.timedelta(days=days) / max(1, number)
    made = []
    for index in range(number):
        provider, model = chance.choice(_MODELS)
        selected = chance.choice((4096, 8192, 12288))
        length = int(math.exp(chance.gauss(7.4, 0.9)))
        failed = index % 61 == 7
        cut = length > selected and not failed
        made.append(
            Event(
                timestamp=FIRST + step * index,
                source="test",
                dedupe_key=str(index),
                event_id=str(index + 1),
                provider=provider,
                model=model,
                category=chance.choice(("docs", "tests", "implementation")),
                complexity=chance.choice(("low", "medium", "high")),
                predicted_output_tokens=2000,
                selected_budget=selected,
                actual_max_tokens=max(selected, 8192),
                ceiling_source=CeilingSource.SENT if index % 9 else CeilingSource.BACKFILL,
                actual_output_tokens=None if failed else min(length, selected),
                reasoning_tokens=None if failed else min(length, selected) // 4,
                prompt_tokens=12_000 + 37 * (index % 50),
                cached_tokens=9_000,
                success=not failed,
                truncated=cut,
                finish=Finish.ERROR if failed else Finish.LENGTH if cut else Finish.STOP,
                cost_usd=Decimal(length) / 80_000 if provider != "gemini" else None,
                trace=TRACE if index % 2 else (),
                deliverables=("docs/usage.md",),
                deliverable_count=1,
                session_id=f"session-{index // 20}",
            )
        )
    return made


class FakeTelemetry:
    """Stands for ``engine.usecases.telemetry.Telemetry`` and for imports; keeps everything in memory."""

    def __init__(self, events: Sequence[Event] = ()) -> None:
        self.events = list(events)
        self.pages: list[tuple[EventFilter, int, int]] = []
        """What was asked for."""
        self.failure: PacksightError | None = None
        """What every question fails with."""
        self.places: dict[str, tuple[Path, ...]] = {"claude-code": (Path("/home/you/.claude/projects"),)}
        self.imported: list[Event] = []
        """What an import finds."""
        self.done: dict[str, Any] = {}
        """What an import says besides."""
        self.is_slow = False
        """An import goes on until it is stopped."""

    def page(self, wanted: EventFilter, limit: int = 100, offset: int = 0) -> Page:
        """Newest first."""
        self.pages.append((wanted, limit, offset))
        found = self._found(wanted)
        return Page(len(found), offset, tuple(found[offset : offset + limit]))

    def show(self, event_id: str) -> dict[str, Any]:
        """One."""
        return event_json(next(event for event in self._found(EventFilter()) if event.event_id == event_id))

    def spread(self, wanted: EventFilter, number: int) -> Page:
        """Every so many; good enough here."""
        found = self._found(wanted)
        some = tuple(found[at * len(found) // number] for at in range(number)) if len(found) > number else tuple(found)
        return Page(len(found), 0, some)

    def report(self, wanted: EventFilter) -> dict[str, Any]:
        """As the engine's."""
        found = self._found(wanted)
        names = ("category", "complexity", "provider", "model")
        groups = _tallies(found, lambda event: tuple(getattr(event, name) for name in names))
        cut = _tallies(_cut(found), lambda event: tuple(getattr(event, name) for name in names))
        order = sorted(groups, key=lambda name: (-groups[name].sum_of("n"), name))
        by_outcome = _tallies(found, lambda event: event.outcome)
        return {
            "groups": [
                {**dict(zip(names, name, strict=True)), **group_report(groups[name], cut.get(name, nothing()))}
                for name in order
            ],
            "total": full_report(by_outcome),
            "refused": [],
        }

    def periods(self, wanted: EventFilter, period: Period) -> list[dict[str, Any]]:
        """As the engine's."""
        found = self._found(wanted)

        def start(event: Event) -> int:
            return first_day(day_of(to_us(event.timestamp)), period)

        whole, cut = _tallies(found, start), _tallies(_cut(found), start)
        return [
            {period.value: day_start(day).date().isoformat(), **group_report(whole[day], cut.get(day, nothing()))}
            for day in sorted(whole)
        ]

    def take(self, paths: Sequence[Path], emit: Emit, cancelled: IsCancelled) -> dict[str, Any]:
        """Import."""
        if self.failure is not None:
            raise self.failure
        emit(Progress("import kB", 2_500, 10_000, 2_500_000))
        while self.is_slow:
            if cancelled():
                raise Cancelled("interrupted")
        self.events += self.imported
        return {
            "files": 3, "unchanged_files": 1, "unknown_files": 1, "read_bytes": 10_000_000,
            "events": len(self.imported), "added": len(self.imported), "updated": 0, "unchanged": 0, "refused": {},
            "bad_lines": 0, "bad": [], "by_source": {"claude-code": len(self.imported)}, "elapsed_s": 1.5, **self.done,
        }  # fmt: skip

    def _found(self, wanted: EventFilter) -> list[Event]:
        if self.failure is not None:
            raise self.failure
        return [event for event in reversed(self.events) if _is_meant(event, wanted)]


def _is_meant(event: Event, wanted: EventFilter) -> bool:
    named = (
        (event.provider, wanted.providers), (event.model, wanted.models), (event.category, wanted.categories),
        (event.complexity, wanted.complexities), (event.outcome, wanted.outcomes),
    )  # fmt: skip
    return (
        all(value in values for value, values in named if values)
        and (wanted.since is None or event.timestamp >= wanted.since)
        and (wanted.until is None or event.timestamp < wanted.until)
    )


def _cut(events: Sequence[Event]) -> list[Event]:
    return [event for event in events if event.outcome is Outcome.TRUNCATED]


def _tallies(events: Sequence[Event], group: Callable[[Event], G]) -> dict[G, Tally]:
    by_group: dict[G, list[Event]] = defaultdict(list)
    for event in events:
        by_group[group(event)].append(event)
    return {name: tallied(columns_of(some), np.zeros(len(some), np.int64)).each()[0] for name, some in by_group.items()}
