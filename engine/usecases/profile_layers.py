"""The layers of a repository's profile: what ships, what the team's file says, what the person chose, what this run
names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from engine.config import DEFAULTS, REPOSITORY_FILE, USER_FILE, Config
from engine.config_file import read_settings
from engine.profiles import Profile, settings_table
from engine.profiles.layers import SIMPLE, Layer, LayeredValue, layered
from engine.store.paths import config_dir
from engine.usecases.budgets import ORIGIN
from engine.usecases.in_force import explicit
from engine.usecases.tuning import default_weights


def layers_of(
    root: Path | None, config: Config, profile: Profile | None, team: Profile | None = None
) -> tuple[LayeredValue, ...]:
    """Every value in force with the layer that it comes from.

    Args:
        root: Folder that may hold the team's file.
        config: Settings with the profile in force and the saved budget.
        profile: The profile in force; a person's own where the database is a team's.
        team: The team's profile in force, from a team's database.

    Raises:
        InputError: a settings file is wrong.
    """
    settings = config.settings
    named = [key for key in SIMPLE if explicit(settings[key])]
    layers = [Layer("run", settings[key].origin, {key: settings[key].value}) for key in named]
    if profile is not None:
        layers.append(Layer("personal", f"profile '{profile.name}'", settings_table(profile)))
    if settings["budget"].origin == ORIGIN:
        layers.append(Layer("personal", ORIGIN, {"budget": settings["budget"].value}))
    if team is not None:
        layers.append(Layer("team", f"profile '{team.name}' of the team", settings_table(team)))
    if root is not None:
        path = root / REPOSITORY_FILE
        layers.append(Layer("team", str(path), read_settings(path, follow_links=False)))
    own = config_dir() / USER_FILE
    layers.append(Layer("personal", str(own), read_settings(own, follow_links=True)))
    layers.append(Layer("default", "default", _defaults()))
    return layered(layers, config.pack)


def _defaults() -> dict[str, Any]:
    weights = {name.value: weight for name, weight in default_weights().items()}
    return {**{key: DEFAULTS[key] for key in SIMPLE}, "pack": {"weights": weights}}
