"""The part of the facade that knows models: the catalog with the user's own entries."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.model import Method, Model
from engine.store.paths import config_dir

if TYPE_CHECKING:
    from engine.telemetry.bands import Band, BandKey

MODELS_FILE = "models.toml"


class Catalogued:
    """Finds models by id or alias, each with the error band that is stated of its counts."""

    _db_url: str | None = None
    """Database of the settings that were read last: it may hold measured bands. None before any were."""

    def models(self) -> tuple[Model, ...]:
        """The catalog, the user's own entries included."""
        bands = self._bands()
        if not bands:
            return self._shipped_models()
        from engine.usecases.stated_bands import with_band

        return tuple(with_band(model, bands) for model in self._shipped_models())

    def model(self, name: str) -> Model:
        """Find a model by id or alias.

        Raises:
            InputError: there is none; names the nearest.
        """
        found = self._shipped_model(name)
        bands = {} if found.method is Method.EXACT else self._bands()
        if not bands:
            return found
        from engine.usecases.stated_bands import with_band

        return with_band(found, bands)

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
            "band_source": model.band_source,
            "band_samples": model.band_samples,
            "claim": model.claim,
            "source": model.source,
        }

    def _shipped_models(self) -> tuple[Model, ...]:
        from engine.tokens import catalog

        return tuple(catalog(self._model_files()).models)

    def _shipped_model(self, name: str) -> Model:
        from engine.tokens import catalog

        return catalog(self._model_files()).find(name)

    def _bands(self) -> Mapping[BandKey, Band]:
        if self._db_url is None:
            return {}
        from engine.usecases.stated_bands import bands_in_force

        return bands_in_force(self._db_url)

    def _model_files(self) -> tuple[Path, ...]:
        path = config_dir() / MODELS_FILE
        return (path,) if path.exists() else ()
