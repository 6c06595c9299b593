"""Settings of measured bands: ``bands.toml`` as a frozen object."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class BandSettings:
    """The data file says what each figure means."""

    share: float
    least: int
    latest: int
    least_tokens: int
    most_ratio: float
    widest: float
    most_moved: float
    most_frame: int
    language: int


@cache
def band_settings() -> BandSettings:
    """What ships."""
    return BandSettings(**tomllib.loads(files(__package__).joinpath("bands.toml").read_text("utf-8")))
