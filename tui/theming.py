"""From theme files to Textual themes, with our own colours filled in for themes that do not know them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from textual.app import App
from textual.theme import Theme

from themes import ThemeFile, load_themes, shipped

DEFAULT = "ink"
"""Theme of somebody who never chose one."""
_DARK, _LIGHT = "ink", "paper"
"""Where colours come from that a theme does not name."""


def to_textual(theme: ThemeFile) -> Theme:
    """Make a Textual theme; what the file leaves out comes from the shipped theme of its kind."""
    fallback = next(known for known in shipped() if known.name == (_DARK if theme.dark else _LIGHT))
    base = {**fallback.base, **theme.base}
    made = Theme(name=theme.name, primary=base["primary"], dark=theme.dark)
    made.variables = {
        **default_variables(theme.dark),
        **theme.variables,
        "footer-key-foreground": base["primary"],
    }
    for key, color in base.items():
        setattr(made, key, color)
    return made


def default_variables(dark: bool) -> dict[str, str]:
    """Our own theme variables, for themes that are not ours."""
    name = _DARK if dark else _LIGHT
    return dict(next(theme.variables for theme in shipped() if theme.name == name))


def own_names(folder: Path) -> set[str]:
    """Names of the themes that a folder has files for, also of those that cannot be used."""
    return {path.stem for path in folder.glob("*.toml")}


def register_themes(app: App[Any], folder: Path) -> list[str]:
    """Make the themes that ship and those of a folder known to the app; a name of the folder wins.

    Asked again, it takes up what changed; a file that is broken meanwhile leaves its theme as it was.

    Returns:
        What is wrong with files of the folder, a line each.
    """
    own, troubles = load_themes(folder)
    there = own_names(folder) & set(app.available_themes)
    for theme in (*(known for known in shipped() if known.name not in there), *own):
        app.register_theme(to_textual(theme))
    return troubles
