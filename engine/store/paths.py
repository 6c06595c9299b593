"""Where files of the user live: data that matters, cache that does not, configuration."""

from __future__ import annotations

import os
from pathlib import Path


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
