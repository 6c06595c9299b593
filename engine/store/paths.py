"""Where files of the user live: data that matters, cache that does not, configuration."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Folders:
    """The folders of a person's files; none of them need exist."""

    config: Path
    """Settings, themes, keymap, own models."""
    data: Path
    """The database, and what the app remembers."""
    cache: Path
    """Analyses, which can be made again."""


def cache_dir() -> Path:
    """Directory of the blob cache; ``PACKSIGHT_CACHE_DIR`` overrides the system's choice."""
    return _directory("PACKSIGHT_CACHE_DIR", "cache")


def data_dir() -> Path:
    """Directory of the database; ``PACKSIGHT_DATA_DIR`` overrides the system's choice."""
    return _directory("PACKSIGHT_DATA_DIR", "data")


def config_dir() -> Path:
    """Directory of the user's configuration; ``PACKSIGHT_CONFIG_DIR`` overrides the system's choice."""
    return _directory("PACKSIGHT_CONFIG_DIR", "config")


def _directory(variable: str, which: str) -> Path:
    chosen = os.environ.get(variable)
    if chosen:
        return Path(chosen)
    import platformdirs

    places = platformdirs.PlatformDirs("packsight", appauthor=False)
    return Path({"cache": places.user_cache_dir, "data": places.user_data_dir, "config": places.user_config_dir}[which])
