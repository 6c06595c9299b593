"""Read theme files: a few base colours, and colours of levels, classes and states where the base does not suffice."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from pathlib import Path

BASE = (
    "background", "surface", "panel", "foreground", "primary", "secondary", "accent", "success", "warning", "error",
)  # fmt: skip
"""Colours every theme that ships has; a person's own needs ``primary`` alone."""
LEVELS = ("full", "trimmed", "condensed", "capsule", "outline", "emergency", "omitted")
CLASSES = (
    "code", "tests", "comments", "examples", "config", "docs", "data", "generated", "vendored", "lockfile",
)  # fmt: skip
STATES = ("budget-ok", "budget-near", "budget-over", "pinned", "estimate", "muted")
_TABLES = {"base": BASE, "level": LEVELS, "class": CLASSES, "state": STATES}
_COLOR = re.compile(r"#[0-9a-fA-F]{6}")
MAX_FILE_BYTES = 64 * 1024
"""A theme is a screenful; anything larger is not one."""


class ThemeUnusable(Exception):
    """A theme file cannot be used; the message names file, key and what is expected there."""


@dataclass(frozen=True, slots=True)
class ThemeFile:
    """One theme. Colours are ``#rrggbb``."""

    name: str
    title: str
    """For people."""
    dark: bool
    base: Mapping[str, str]
    """Of ``BASE``."""
    variables: Mapping[str, str] = field(default_factory=dict)
    """Of ``level-…``, ``class-…`` and the states."""


@cache
def shipped() -> tuple[ThemeFile, ...]:
    """The themes that come with the program, by name.

    Raises:
        ThemeUnusable: never, unless the installation is damaged.
    """
    files = sorted(
        (entry for entry in resources.files("themes").iterdir() if entry.name.endswith(".toml")),
        key=lambda entry: entry.name,
    )
    return tuple(parse_theme(entry.name, entry.read_text("utf-8")) for entry in files)


def load_theme(path: Path) -> ThemeFile:
    """Read a theme file.

    Raises:
        ThemeUnusable: it cannot be read, or a key or colour in it is none.
    """
    try:
        if not path.is_file():
            raise ThemeUnusable(f"{path.name}: not a regular file")
        if path.stat().st_size > MAX_FILE_BYTES:
            raise ThemeUnusable(f"{path.name}: larger than {MAX_FILE_BYTES:,} bytes")
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ThemeUnusable(f"{path.name}: {error}") from error
    return parse_theme(path.name, text)


def load_themes(folder: Path) -> tuple[list[ThemeFile], list[str]]:
    """Read all themes of a folder.

    Returns:
        The themes by name, and for each file that is none, why, in one line.
    """
    themes, troubles = [], []
    for path in sorted(folder.glob("*.toml")) if folder.is_dir() else []:
        try:
            themes.append(load_theme(path))
        except ThemeUnusable as trouble:
            troubles.append(str(trouble))
    return themes, troubles


def parse_theme(file_name: str, text: str) -> ThemeFile:
    """Read the text of a theme file.

    Raises:
        ThemeUnusable: names the file, the key, and the nearest key that exists.
    """
    try:
        table = tomllib.loads(text)
    except RecursionError as error:
        raise ThemeUnusable(f"{file_name}: nested too deeply") from error
    except ValueError as error:  # no TOML, or a number of more digits than can be read
        raise ThemeUnusable(f"{file_name}: {error}") from error
    name = file_name.removesuffix(".toml")
    title, dark = table.pop("title", name), table.pop("dark", True)
    if not isinstance(title, str) or not isinstance(dark, bool):
        raise ThemeUnusable(f"{file_name}: 'title' is a text and 'dark' is true or false")
    _known(file_name, table, tuple(_TABLES), "table")
    colors = {part: _colors(file_name, part, table.get(part, {})) for part in _TABLES}
    if "primary" not in colors["base"]:
        raise ThemeUnusable(f"{file_name}: [base] needs at least 'primary'")
    variables = {
        **{f"level-{key}": color for key, color in colors["level"].items()},
        **{f"class-{key}": color for key, color in colors["class"].items()},
        **colors["state"],
    }
    return ThemeFile(name, title, dark, colors["base"], variables)


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two colours, 1 to 21, as WCAG 2.2 defines it ("contrast ratio", "relative luminance")."""
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(color: str) -> float:
    channels = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _colors(file_name: str, part: str, table: object) -> dict[str, str]:
    if not isinstance(table, dict):
        raise ThemeUnusable(f"{file_name}: '{part}' must be a table: write [{part}]")
    _known(file_name, table, _TABLES[part], f"key in [{part}]")
    for key, color in table.items():
        if not isinstance(color, str) or not _COLOR.fullmatch(color):
            raise ThemeUnusable(f"{file_name}: [{part}] {key} is not a colour such as #4fa3ff")
    return {str(key): str(color).lower() for key, color in table.items()}


def _known(file_name: str, table: Mapping[str, object], names: tuple[str, ...], what: str) -> None:
    for key in table:
        if key not in names:
            nearest = difflib.get_close_matches(key, names, 1)
            hint = f"did you mean '{nearest[0]}'?" if nearest else f"there are: {', '.join(names)}"
            raise ThemeUnusable(f"{file_name}: there is no {what} named '{key[:60]}'; {hint}")
