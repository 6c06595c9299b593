"""The measured figures of the estimates: reads ``estimate.toml``, which explains them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class Figures:
    """One table of ``estimate.toml``."""

    base: str
    """Encoding that is counted exactly."""
    per_token: float
    """Tokens of the target for each token of ``base``."""
    per_cjk: float
    """Tokens added for each Chinese, Japanese or Korean character."""
    per_other: float
    """Tokens added for each other character beyond ASCII."""
    error_band: tuple[float, float]
    """Relative band of the true count around the estimate, as ``basis`` says."""
    basis: str
    """What the figures were measured on, in words."""


@cache
def figures() -> dict[str, Figures]:
    """Read ``estimate.toml``: figures by name of the estimate."""
    from importlib.resources import files

    table = tomllib.loads(files("engine.tokens").joinpath("estimate.toml").read_text("utf-8"))
    return {
        name: Figures(**{**fields, "error_band": (fields["error_band"][0], fields["error_band"][1])})
        for name, fields in table.items()
    }
