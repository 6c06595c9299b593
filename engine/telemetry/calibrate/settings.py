"""Settings of calibration: ``calibrate.toml`` as a frozen object."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Settings:
    """How budgets are learned; the data file says what each figure means."""

    target: float
    window: int
    refit_every: int
    parent_weight: float
    parent_from: int
    least: int
    provisional_below: int
    escalate_by: float
    longest_tokens: int
    round_to: int
    drift_last: int
    drift_chance: float
    largest_cut: float
    input_bounds: tuple[int, ...]
    input_names: tuple[str, ...]


@cache
def settings() -> Settings:
    """What ships."""
    table = tomllib.loads(files("engine.telemetry.calibrate").joinpath("calibrate.toml").read_text("utf-8"))
    return Settings(
        target=table["target"],
        window=table["window"],
        refit_every=table["refit_every"],
        parent_weight=table["parent_weight"],
        parent_from=table["parent_from"],
        least=table["least"],
        provisional_below=table["provisional_below"],
        escalate_by=table["escalate_by"],
        longest_tokens=table["longest"],
        round_to=table["round_to"],
        drift_last=table["drift"]["last"],
        drift_chance=table["drift"]["chance"],
        largest_cut=table["change"]["largest_cut"],
        input_bounds=tuple(table["input_sizes"]["bounds"]),
        input_names=tuple(table["input_sizes"]["names"]),
    )
