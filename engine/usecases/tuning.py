"""From wishes about classes and paths to what the solver takes."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from importlib import resources

import numpy as np

from engine.columns import Columns
from engine.errors import UsageError
from engine.gitglobs import git_globs
from engine.model import ChunkClass
from engine.pack.problem import Mask


@cache
def default_weights() -> dict[ChunkClass, float]:
    """Weights of the classes in the default profile."""
    text = (resources.files("engine.usecases") / "weights.toml").read_text("utf-8")
    return {ChunkClass(name): float(weight) for name, weight in tomllib.loads(text)["weights"].items()}


def matching(patterns: Iterable[str], columns: Columns) -> Mask:
    """(m,) files whose paths match globs, written as in ``.gitignore``.

    Raises:
        UsageError: a glob is none.
    """
    try:
        spec = git_globs(patterns)
    except ValueError as error:
        raise UsageError(f"{error}") from error
    matches = (spec.match_file(row.path) for row in columns.files)
    return np.fromiter(matches, np.bool_, len(columns.files))
