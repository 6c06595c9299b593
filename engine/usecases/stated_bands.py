"""The error band that is stated of a model's counts: the one that ships, or the one that was measured and applied."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from engine.errors import InputError
from engine.model import Method, Model
from engine.store.address import address_of
from engine.telemetry.bands.band import Band, BandKey, bands_of


def bands_in_force(db_url: str) -> Mapping[BandKey, Band]:
    """Bands of the estimator version in force; none while there is no database, or it cannot be read.

    Raises:
        UsageError: the URL names no database.
    """
    address = address_of(db_url)
    if not address.exists:
        return {}
    try:
        if address.path is not None:
            from engine.store.glance import glance_at_version

            body = glance_at_version(address.path)
            return bands_of(body) if body else {}
        from engine.store.database import open_database
        from engine.store.estimator_versions import current_version

        with open_database(db_url, create=False) as database:
            saved = current_version(database)
        return {} if saved is None else bands_of(saved.body)
    except InputError:
        # A count is right with either band; whoever opens the database for itself says what is wrong with it.
        return {}


def with_band(model: Model, bands: Mapping[BandKey, Band]) -> Model:
    """A model with the band that was measured for it; as it is without one, and where its counts are exact."""
    from engine.budgets.labels import family_of

    if model.method is Method.EXACT:
        return model
    band = bands.get(BandKey(model.encoding, model.method.value, family_of(model.id)))
    if band is None:
        return model
    measured = f"measured {band.middle:+.1%} ({band.low:+.1%} to {band.high:+.1%}) over {band.samples:,} samples"
    return replace(
        model,
        error_band=(band.low, band.high),
        claim=f"{model.claim}; {measured}",
        band_source="measured",
        band_samples=band.samples,
    )
