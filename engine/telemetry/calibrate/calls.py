"""What calibration reads of a call: its cell, how long the answer was, and whether that is only a lower bound."""

from __future__ import annotations

from typing import NamedTuple

from engine.budgets.labels import category_name, family_of
from engine.budgets.learned import Cell
from engine.telemetry.event import Event
from engine.telemetry.words import Finish, Outcome

TEACHES = (Outcome.COMPLETE, Outcome.TRUNCATED)
"""Outcomes that say how long an answer was, or was at least."""


class Call(NamedTuple):
    """A call that teaches something."""

    cell: Cell
    at_us: int
    """When, in microseconds since 1970; only the order counts."""
    length: int
    """Tokens of the answer; those before the cut when it was cut off."""
    is_cut: bool
    """The answer is longer than ``length``."""
    allowed: int | None = None
    """Budget or ceiling that it was made under."""
    predicted: int | None = None
    """Estimate that it was made under."""


def call_of(event: Event, at_us: int) -> Call | None:
    """Return what an event teaches, None when nothing.

    A window that was full, a filter, a refusal and an error end an answer early without saying how long it would have
    been; so does a log that does not know how it ended.
    """
    outcome = event.outcome
    if not event.complete or event.actual_output_tokens is None or event.finish is Finish.CONTEXT:
        return None
    if outcome not in TEACHES:
        return None
    cell = Cell(category_name(event.category), event.complexity, event.provider, family_of(event.model))
    measured = event.actual_max_tokens if event.ceiling_source.is_measured else None
    return call_with(
        cell, at_us, event.actual_output_tokens, outcome is Outcome.TRUNCATED, measured, event.selected_budget,
        event.predicted_output_tokens,
    )  # fmt: skip


def call_with(
    cell: Cell,
    at_us: int,
    length: int,
    is_cut: bool,
    measured: int | None,
    selected: int | None,
    predicted: int | None,
) -> Call:
    """Make a call of the columns that count.

    Args:
        cell: Its cell.
        at_us: When, in microseconds since 1970.
        length: Tokens that came back.
        is_cut: Whether the answer was cut off.
        measured: The ceiling, where it was measured.
        selected: The budget that was wanted.
        predicted: The estimate of the length.
    """
    if is_cut and measured is not None:
        # What came back may be less than the ceiling by a token or two; the ceiling is what it was longer than.
        length = max(length, measured)
    return Call(cell, at_us, length, is_cut, measured or selected, predicted)
