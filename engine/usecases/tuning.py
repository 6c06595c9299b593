"""From wishes about classes and paths to the arrays that the solver takes."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from importlib import resources

import numpy as np

from engine.columns import Columns
from engine.errors import UsageError
from engine.model import ChunkClass
from engine.pack.problem import NO_PIN, Levels, Mask
from engine.request import Tuning


@cache
def default_weights() -> dict[ChunkClass, float]:
    """Weights of the classes in the default profile."""
    text = (resources.files("engine.usecases") / "weights.toml").read_text("utf-8")
    return {ChunkClass(name): float(weight) for name, weight in tomllib.loads(text)["weights"].items()}


def pins_of(tuning: Tuning, columns: Columns) -> Levels | None:
    """(n,) level each chunk is pinned to; later pins win."""
    if not tuning.pins:
        return None
    by_file = np.full(len(columns.files), NO_PIN, np.int8)
    for pattern, level in tuning.pins:
        by_file[_matching((pattern,), columns)] = level
    return by_file[columns.file]


def excluded_of(tuning: Tuning, columns: Columns) -> Mask | None:
    """(n,) chunks that the tuning leaves out."""
    if not tuning.excludes:
        return None
    by_file = np.zeros(len(columns.files), np.bool_)
    by_file[_matching(tuning.excludes, columns)] = True
    return by_file[columns.file]


def _matching(patterns: Iterable[str], columns: Columns) -> list[int]:
    import pathspec

    try:
        spec = pathspec.GitIgnoreSpec.from_lines(patterns)
    except ValueError as error:
        raise UsageError(f"{error}") from error
    return [index for index, row in enumerate(columns.files) if spec.match_file(row.path)]
