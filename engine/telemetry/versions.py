"""Versions of the estimator as JSON and back."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.budgets.learned import Cell, LearnedBudget
from engine.errors import InputError
from engine.telemetry.bands.band import Band, BandKey, read_bands, write_bands


@dataclass(frozen=True, slots=True)
class StartedTrial:
    """A base on trial, and since when its calls count."""

    category: str
    complexity: str
    base_tokens: int
    since: datetime.datetime


@dataclass(frozen=True, slots=True)
class VersionBody:
    """What a version holds beside its name."""

    learned: Mapping[Cell, LearnedBudget] = field(default_factory=dict)
    trials: tuple[StartedTrial, ...] = ()
    bands: Mapping[BandKey, Band] = field(default_factory=dict)
    """Error bands of counts that were measured."""


def write_body(body: VersionBody) -> str:
    """Write a version, the same for the same content."""
    return json.dumps({
        "learned": [
            {
                **cell._asdict(),
                "budget": one.budget_tokens,
                "p50": one.p50_tokens,
                "p90": one.p90_tokens,
                "p95": one.p95_tokens,
                "samples": one.samples,
                "basis": one.basis,
                "predicted": one.predicted_tokens,
            }
            for cell, one in sorted(body.learned.items())
        ],
        "trials": [
            {
                "category": one.category,
                "complexity": one.complexity,
                "base": one.base_tokens,
                "since": one.since.isoformat(),
            }
            for one in body.trials
        ],
        "bands": write_bands(body.bands),
    })  # fmt: skip


def read_body(text: str) -> VersionBody:
    """Read what ``write_body`` wrote.

    Raises:
        InputError: it is no version.
    """
    try:
        table = json.loads(text)
        learned = {
            Cell(one["category"], one["complexity"], one["provider"], one["family"]): LearnedBudget(
                int(one["budget"]),
                int(one["p50"]),
                int(one["p90"]),
                int(one["p95"]),
                int(one["samples"]),
                str(one["basis"]),
                None if one["predicted"] is None else int(one["predicted"]),
            )
            for one in table["learned"]
        }
        trials = tuple(
            StartedTrial(
                one["category"], one["complexity"], int(one["base"]), datetime.datetime.fromisoformat(one["since"])
            )
            for one in table["trials"]
        )
        bands = read_bands(table.get("bands", ()))
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"a version of the estimator cannot be read: {error}", "packsight calibrate --rollback"
        ) from None
    return VersionBody(learned, trials, bands)
