"""Settings and where each came from: flag > environment > repository file > user file > default.

The repository's file is ``.packsight.toml`` at the root of what is scanned; the user's is ``config.toml`` in the
configuration directory. Both are data: an unknown key is an error that names the nearest valid one.
"""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.errors import InputError

REPOSITORY_FILE = ".packsight.toml"
USER_FILE = "config.toml"

DEFAULTS: dict[str, object] = {
    "model": "gpt-5.5",
    "budget": "32k",
    "format": "",
    "profile": "",
    "db": "",
    "reserve": 0,
    "include": [],
    "exclude": [],
    "submodules": False,
}
"""Simple settings with their defaults. An empty ``format`` means the model's own default."""

TABLES = frozenset({"pack", "class_rules"})
"""Keys that hold tables: pack settings and extra classification rules."""

PACK_KEYS = frozenset({"weights", "shares", "max_level", "pins", "excludes"})
"""Keys of the ``pack`` table."""

_ENVIRONMENT = {key: f"PACKSIGHT_{key.upper()}" for key in ("model", "budget", "format", "profile", "db", "reserve")}


@dataclass(frozen=True, slots=True)
class Setting:
    """A value with its origin."""

    value: Any
    origin: str
    """``flag``, ``environment PACKSIGHT_MODEL``, the path of a file, or ``default``."""


@dataclass(frozen=True, slots=True)
class Config:
    """All settings in force."""

    settings: Mapping[str, Setting]
    pack: Mapping[str, Any]
    """The merged ``pack`` tables; the repository's keys win over the user's."""
    class_rules: tuple[Mapping[str, Any], ...]
    """Extra classification rules, the repository's first."""

    def __getitem__(self, key: str) -> Any:
        return self.settings[key].value


def load_config(
    root: Path | None,
    user_file: Path,
    flags: Mapping[str, object] | None = None,
    environment: Mapping[str, str] = os.environ,
) -> Config:
    """Read every source and settle each value.

    Args:
        root: Folder that may hold the repository's file.
        user_file: The user's file; it need not exist.
        flags: Values given on the command line; None means not given.
        environment: Variables to look at.

    Raises:
        InputError: a file is no TOML, or has an unknown key or a value of the wrong type.
    """
    paths = [*([root / REPOSITORY_FILE] if root else []), user_file]
    layers = [(str(path), _read(path)) for path in paths]
    settings = {key: _settle(key, layers, flags or {}, environment) for key in DEFAULTS}
    pack: dict[str, Any] = {}
    for _, layer in reversed(layers):
        for key, value in layer.get("pack", {}).items():
            if isinstance(value, dict) and isinstance(pack.get(key), dict):
                pack[key] = {**pack[key], **value}
            else:
                pack[key] = value
    rules = tuple(rule for _, layer in layers for rule in layer.get("class_rules", []))
    return Config(settings, pack, rules)


def _settle(
    key: str, layers: list[tuple[str, dict[str, Any]]], flags: Mapping[str, object], environment: Mapping[str, str]
) -> Setting:
    if flags.get(key) is not None:
        return Setting(flags[key], "flag")
    variable = _ENVIRONMENT.get(key)
    if variable and environment.get(variable):
        return Setting(environment[variable], f"environment {variable}")
    for origin, layer in layers:
        if key in layer:
            return Setting(layer[key], origin)
    return Setting(DEFAULTS[key], "default")


def _read(path: Path) -> dict[str, Any]:
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"{path}: {error}") from error
    _check_keys(path, "", table, DEFAULTS.keys() | TABLES)
    for key, value in table.items():
        wanted = {"pack": dict, "class_rules": list}.get(key) or type(DEFAULTS[key])
        accepted = (str, int) if key in ("budget", "reserve") else (wanted,)
        if not isinstance(value, accepted) or (isinstance(value, bool) and wanted is not bool):
            raise InputError(f"{path}: '{key}' must be a {wanted.__name__}, not {type(value).__name__}")
    _check_keys(path, "pack.", table.get("pack", {}), PACK_KEYS)
    return table


def _check_keys(path: Path, prefix: str, table: Mapping[str, Any], valid: frozenset[str] | set[str]) -> None:
    for key in table:
        if key not in valid:
            nearest = difflib.get_close_matches(key, valid, 1, 0.0)
            raise InputError(f"{path}: unknown key '{prefix}{key}'", f"did you mean '{prefix}{nearest[0]}'?")
