"""What a day keeps of a cell's calls: sums and histograms, from which every report is made.

Waste has three names, each with one formula. All are ratios to what came back; an unused ceiling is
reserved, not billed.

    prediction ratio   predicted_output_tokens / actual_output_tokens     answers that ended by themselves
    intent waste       selected_budget / actual_output_tokens
    ceiling waste      actual_max_tokens / actual_output_tokens           where the ceiling was measured, else
                       selected_budget / actual_output_tokens             which lowers the coverage
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from engine.telemetry.event import Event
from engine.telemetry.sketch import BUCKETS, Counts
from engine.telemetry.words import CeilingSource, Outcome

SUMS = (
    "n", "judged", "rated", "measured", "predicted", "smape_sum", "prompt_tokens", "cached_tokens", "output_tokens",
    "reasoning_tokens", "reserved_tokens", "used_tokens", "cost_nanousd", "priced",
)  # fmt: skip
"""Sums of a day and cell, in this order in every array:

``n`` calls; ``judged`` calls with a limit whose ending is known, the base of the truncation rate; ``rated`` calls with
a limit and an output; ``measured`` those of them whose ceiling was measured; ``predicted`` calls behind the prediction
ratio and the SMAPE, whose sum (0 to 2 each) is ``smape_sum``; tokens of all calls; ``reserved_tokens`` and
``used_tokens`` limits and outputs of rated calls; cost in billionths of a dollar, of ``priced`` calls."""
SKETCHES = ("ceiling_waste", "intent_waste", "prediction_ratio")
"""Histograms of a day and cell (``engine.telemetry.sketch``)."""
NANO = 1_000_000_000

NUMBERS = (
    "actual_output_tokens", "predicted_output_tokens", "selected_budget", "actual_max_tokens", "prompt_tokens",
    "cached_tokens", "reasoning_tokens", "success", "complete",
)  # fmt: skip
"""What a tally reads of an event besides its outcome, the source of its ceiling and its cost."""
_NUMBERS = attrgetter(*NUMBERS)
_MEASURED = frozenset(source for source in CeilingSource if source.is_measured)


@dataclass(frozen=True, slots=True)
class Tally:
    """Sums and histograms of some calls, or of what changed."""

    sums: NDArray[np.float64]
    """In the order of ``SUMS``."""
    codes: NDArray[np.int64]
    """Buckets that hold anything: index in ``SKETCHES`` times ``BUCKETS`` plus the bucket, ascending."""
    counts: NDArray[np.int64]
    """How much each of them holds; negative in the tally of what went away."""

    def __add__(self, other: Tally) -> Tally:
        codes, where = np.unique(np.concatenate((self.codes, other.codes)), return_inverse=True)
        counts = np.bincount(where, np.concatenate((self.counts, other.counts)), len(codes)).astype(np.int64)
        return Tally(self.sums + other.sums, codes[counts != 0], counts[counts != 0])

    def __neg__(self) -> Tally:
        return Tally(-self.sums, self.codes, -self.counts)

    def sum_of(self, name: str) -> float:
        """One of the sums."""
        return float(self.sums[SUMS.index(name)])

    def sketch(self, name: str) -> Counts:
        """One of the histograms."""
        first = SKETCHES.index(name) * BUCKETS
        here = (self.codes >= first) & (self.codes < first + BUCKETS)
        dense = np.zeros(BUCKETS, np.int64)
        dense[self.codes[here] - first] = self.counts[here]
        return dense


def nothing() -> Tally:
    """The tally of no calls."""
    return Tally(np.zeros(len(SUMS)), np.zeros(0, np.int64), np.zeros(0, np.int64))


def stored(sums: Sequence[float], sketches: Sequence[Counts]) -> Tally:
    """The tally that was kept as sums and histograms."""
    dense = np.concatenate(list(sketches))
    codes = np.flatnonzero(dense)
    return Tally(np.array(sums, np.float64), codes, dense[codes])


@dataclass(frozen=True, slots=True)
class Columns:
    """What a tally reads of some events, column by column."""

    numbers: NDArray[np.float64]
    """Shape (len(NUMBERS), events), NaN for what is not known."""
    measured: NDArray[np.bool_]
    """Whether the ceiling was measured."""
    whole: NDArray[np.bool_]
    """Whether the outcome is complete."""
    cut: NDArray[np.bool_]
    """Whether the outcome is truncated."""
    cost_nanousd: NDArray[np.float64]


def columns(
    numbers: Sequence[Sequence[object]], sources: Sequence[str], outcomes: Sequence[str], costs: Sequence[int | None]
) -> Columns:
    """Make columns of what was read of each event: ``NUMBERS``, source of the ceiling, outcome, cost."""
    return Columns(
        np.array(numbers, np.float64).T,
        np.array([source in _MEASURED for source in sources], np.bool_),
        np.array([outcome == Outcome.COMPLETE for outcome in outcomes], np.bool_),
        np.array([outcome == Outcome.TRUNCATED for outcome in outcomes], np.bool_),
        np.array(costs, np.float64),
    )


def columns_of(events: Sequence[Event]) -> Columns:
    """Make columns of events, at least one."""
    costs = [None if event.cost_usd is None else int(event.cost_usd * NANO) for event in events]
    sources = [event.ceiling_source for event in events]
    return columns(list(map(_NUMBERS, events)), sources, [event.outcome for event in events], costs)


def parts_of(read: Columns) -> tuple[NDArray[np.float64], list[NDArray[np.float64]]]:
    """Sums of each event, shape (events, len(SUMS)), and its ratios, NaN where it has none."""
    output, predicted, selected, ceiling, prompt, cached, reasoning, success, complete = read.numbers
    limit = np.where(read.measured, ceiling, selected)
    used = (success == 1) & (complete == 1) & ~np.isnan(output)
    rated = used & ~np.isnan(limit)
    judged = (read.whole | read.cut) & (complete == 1) & ~np.isnan(limit)
    told = read.whole & used & (output > 0) & (predicted > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        answered = np.where(output > 0, output, np.nan)
        ratios = [
            np.where(rated & (limit > 0), limit / answered, np.nan),
            np.where(used & (selected > 0), selected / answered, np.nan),
            np.where(told, predicted / answered, np.nan),
        ]
        smape = np.where(told, 2 * np.abs(predicted - output) / (predicted + output), 0.0)
    sums = np.stack([
        np.ones(len(output)), judged, rated, rated & read.measured, told, smape, _known(prompt), _known(cached),
        _known(output), _known(reasoning), np.where(rated, limit, 0), np.where(rated, output, 0),
        _known(read.cost_nanousd), ~np.isnan(read.cost_nanousd),
    ], axis=1)  # fmt: skip
    return sums.astype(np.float64), ratios


def _known(column: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(np.isnan(column), 0, column)
