"""A measured error band, and reading those of an estimator version without loading the estimator."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any, NamedTuple

from engine.errors import InputError


class BandKey(NamedTuple):
    """What a band holds for."""

    encoding: str
    method: str
    family: str
    """Model family by ``engine.budgets.labels.family_of``."""


class Band(NamedTuple):
    """Relative error of a count: the provider's count / ours - 1."""

    low: float
    middle: float
    high: float
    samples: int


def bands_of(body: str) -> dict[BandKey, Band]:
    """Read the bands of an estimator version; versions of earlier programs have none.

    Raises:
        InputError: it is no version.
    """
    try:
        return read_bands(json.loads(body).get("bands", ()))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"measured error bands cannot be read: {error}", "packsight calibrate --rollback") from None


def read_bands(rows: Any) -> dict[BandKey, Band]:
    """Read what ``write_bands`` wrote.

    Raises:
        ValueError: it is something else; so do KeyError and TypeError.
    """
    found = {}
    for row in rows:
        band = Band(float(row["low"]), float(row["middle"]), float(row["high"]), int(row["samples"]))
        if not (math.isfinite(band.high) and -1 <= band.low <= band.high):
            raise ValueError(f"no band: {band.low:g} to {band.high:g}")
        found[BandKey(str(row["encoding"]), str(row["method"]), str(row["family"]))] = band
    return found


def write_bands(bands: Mapping[BandKey, Band]) -> list[dict[str, object]]:
    """Write bands as JSON values, the same for the same bands."""
    return [{**key._asdict(), **bands[key]._asdict()} for key in sorted(bands)]
