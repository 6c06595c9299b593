"""What is known about each vocabulary: read from ``encodings.toml`` and from the rank files a person registers."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DEFAULT_WINDOW = 262_144
"""Characters of one engine call. tiktoken dies on runs of a million blanks; memory stays near 30 MB."""


@dataclass(frozen=True, slots=True)
class Spec:
    """One vocabulary. The fields are those of ``encodings.toml``, which explains them."""

    name: str
    engine: str = ""
    """Name inside the token engine; empty for a registered rank file."""
    codec: str = "ordinary"
    cuts: str = "none"
    """``lines``, ``newline-runs``, ``newlines`` or ``none`` (nothing is known; seams are found by agreement)."""
    lead: bool = False
    nfc: bool = False
    pattern: str = ""
    sha256: str = ""
    cache: str = ""
    window: int = DEFAULT_WINDOW
    """Characters of one engine call."""
    ranks: Path | None = None
    """A registered ``.tiktoken`` rank file."""
    aliases: tuple[str, ...] = ()


@cache
def built_in() -> dict[str, Spec]:
    """Read the shipped vocabularies by name and alias; tables are about 14, read once per process."""
    from importlib.resources import files

    table = tomllib.loads(files("engine.tokens").joinpath("encodings.toml").read_text("utf-8"))
    specs: dict[str, Spec] = {}
    for name, fields in table.items():
        spec = Spec(name=name, **{**fields, "aliases": tuple(fields.get("aliases", ()))})
        specs[name] = spec
        for alias in spec.aliases:
            specs[alias] = spec
    return specs
