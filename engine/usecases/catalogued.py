"""The part of the facade that knows models: the catalog with the user's own entries."""

from __future__ import annotations

from pathlib import Path
from typing import Any

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

    @staticmethod
    def model_json(model: Model) -> dict[str, Any]:
        """A model as JSON; the keys are a contract."""
        return {
            "id": model.id,
            "aliases": list(model.aliases),
            "provider": model.provider,
            "context_window": model.context_window,
            "max_input": model.max_input,
            "max_output": model.max_output,
            "price_in": None if model.price_in is None else float(model.price_in),
            "price_out": None if model.price_out is None else float(model.price_out),
            "encoding": model.encoding,
            "method": model.method.value,
            "as_of": str(model.as_of),
            "error_band": list(model.error_band),
            "claim": model.claim,
            "source": model.source,
        }

    def _model_files(self) -> tuple[Path, ...]:
        path = config_dir() / MODELS_FILE
        return (path,) if path.exists() else ()
