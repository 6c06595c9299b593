"""Counts that are known of every vocabulary, for a look at whether the installed engines count as they should."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def golden() -> tuple[str, dict[str, int]]:
    """The text, and its tokens by encoding, of ``golden.toml``."""
    table: dict[str, Any] = tomllib.loads((files("engine.usecases") / "golden.toml").read_text("utf-8"))
    return table["text"], table["tokens"]
