"""The part of the facade that knows models: the catalog with the user's own entries."""

from __future__ import annotations

from pathlib import Path

from engine.model import Model
from engine.store.paths import config_dir

MODELS_FILE = "models.toml"


class Catalogued:
    """Finds models by id or alias."""

    def models(self) -> tuple[Model, ...]:
        """The catalog, the user's own entries included."""
        from engine.tokens import catalog

        return tuple(catalog(self._model_files()).models)

    def model(self, name: str) -> Model:
        """Find a model by id or alias.

        Raises:
            InputError: there is none; names the nearest.
        """
        from engine.tokens import catalog

        return catalog(self._model_files()).find(name)

    def _model_files(self) -> tuple[Path, ...]:
        path = config_dir() / MODELS_FILE
        return (path,) if path.exists() else ()
