"""``gateway.toml``: what the hook assumes of calls that say nothing, and output tokens that keys may use a day."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.config_file import MAX_NUMBER, parse_settings, read_limited
from engine.errors import InputError

FILE = "gateway.toml"
_TOP = ("db", "category", "complexity", "on_exhausted", "smallest_tokens", "keys_per_day", "default_per_day")
_EXHAUSTED = ("refuse", "shrink")
_COMPLEXITIES = ("", "low", "medium", "high")


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewaySettings:
    """Settings of the hook. Without a file these are they."""

    db: str = ""
    """URL of the database; ``""`` takes what packsight's own settings name."""
    category: str = ""
    """Kind of work of calls that do not name theirs; ``""`` lets the estimator tell."""
    complexity: str = ""
    on_exhausted: str = "refuse"
    """``refuse`` a call whose key has less left than ``smallest_tokens``, or ``shrink`` its ceiling to these."""
    smallest_tokens: int = 256
    """Lowest ceiling that a budget of a key shrinks a call to, in output tokens."""
    default_per_day: int | None = None
    """Output tokens that a key may use in a day (UTC); None for as many as it likes."""
    keys_per_day: Mapping[str, int] = field(default_factory=dict)
    """The same for single keys, by LiteLLM's alias of the key or its hash. 0 refuses every call."""

    def per_day(self, *names: str) -> int | None:
        """Output tokens a day of the key with one of these names."""
        return next((self.keys_per_day[name] for name in names if name in self.keys_per_day), self.default_per_day)


def read_gateway(path: Path) -> GatewaySettings:
    """Read the file; one that does not exist is empty.

    Raises:
        InputError: it is no regular file or no TOML, or has an unknown key or a value that makes no sense.
    """
    raw = read_limited(path, follow_links=True)
    table = {} if raw is None else parse_settings(str(path), raw)
    for name, value in table.items():
        if name not in _TOP:
            near = difflib.get_close_matches(name, _TOP, 1)
            known = f"did you mean '{near[0]}'?" if near else f"keys: {', '.join(_TOP)}"
            raise InputError(f"{path}: there is no '{name[:60]}'", known)
        trouble = _trouble(name, value)
        if trouble:
            raise InputError(f"{path}: '{name}' must be {trouble}")
    return GatewaySettings(**table)


def _trouble(name: str, value: Any) -> str:
    """What a value must be, or ``""`` when it is."""
    match name:
        case "db" | "category":
            return "" if isinstance(value, str) else "text"
        case "complexity":
            return "" if value in _COMPLEXITIES else "low, medium or high"
        case "on_exhausted":
            return "" if value in _EXHAUSTED else " or ".join(_EXHAUSTED)
        case "smallest_tokens":
            return "" if _is_tokens(value) and value else "a number of tokens above 0"
        case "default_per_day":
            return "" if _is_tokens(value) else "a number of tokens"
        case _:
            fits = isinstance(value, dict) and all(map(_is_tokens, value.values()))
            return "" if fits else "a table of keys and their tokens"


def _is_tokens(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MAX_NUMBER
