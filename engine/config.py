"""Settings and where each came from: flag > environment > repository file > user file > default.

The repository's file is ``.packsight.toml`` at the root of what is scanned; the user's is ``config.toml`` in the
configuration directory. Both are data: an unknown key is an error that names the nearest valid one. The repository's
file comes from strangers: it counts only as a regular file that no link leads to.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.config_file import read_settings
from engine.errors import InputError

if TYPE_CHECKING:
    from engine.gate.rules import CheckSettings

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
    "record": True,
}
"""Simple settings with their defaults. An empty ``format`` means the model's own default."""

ENVIRONMENT = {
    key: f"PACKSIGHT_{key.upper()}" for key in ("model", "budget", "format", "profile", "db", "reserve", "record")
}
"""The variable of each setting that has one."""

_SWITCHES = ("record",)
_ON, _OFF = ("1", "true", "yes", "on"), ("0", "false", "no", "off")


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
    allow_secrets: tuple[str, ...] = ()
    """Path globs of files in which nothing is a secret: the user's word alone."""
    check: CheckSettings | None = None
    """What ``packsight check`` demands: the repository's word, or the user's where it has none."""

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
        InputError: a file is no regular file, no TOML, or has an unknown key or a wrong value.
    """
    layers = [(str(user_file), read_settings(user_file, follow_links=True))]
    if root:
        path = root / REPOSITORY_FILE
        repository = read_settings(path, follow_links=False)
        # Strangers may ask that nothing is written down, never that something is.
        if repository.get("record"):
            del repository["record"]
        if "secrets" in repository:
            raise InputError(f"{path}: [secrets] counts only in your own settings", f"write it to {user_file}")
        layers.insert(0, (str(path), repository))
    allow = tuple(layers[-1][1].get("secrets", {}).get("allow", ()))
    settings = {key: _settle(key, layers, flags or {}, environment) for key in DEFAULTS}
    pack: dict[str, Any] = {}
    for _, layer in reversed(layers):
        for key, value in layer.get("pack", {}).items():
            if isinstance(value, dict) and isinstance(pack.get(key), dict):
                pack[key] = {**pack[key], **value}
            else:
                pack[key] = value
    rules = tuple(rule for _, layer in layers for rule in layer.get("class_rules", []))
    check = next((layer["check"] for _, layer in layers if "check" in layer), None)
    return Config(settings, pack, rules, allow, check)


def _settle(
    key: str, layers: list[tuple[str, dict[str, Any]]], flags: Mapping[str, object], environment: Mapping[str, str]
) -> Setting:
    if flags.get(key) is not None:
        return Setting(flags[key], "flag")
    variable = ENVIRONMENT.get(key)
    if variable and environment.get(variable):
        value = environment[variable]
        return Setting(_switched(variable, value) if key in _SWITCHES else value, f"environment {variable}")
    for origin, layer in layers:
        if key in layer:
            return Setting(layer[key], origin)
    return Setting(DEFAULTS[key], "default")


def _switched(variable: str, text: str) -> bool:
    word = text.strip().lower()
    if word not in (*_ON, *_OFF):
        raise InputError(f"{variable} is {text[:40]!r}, which is neither on nor off", "write 1 or 0")
    return word in _ON
