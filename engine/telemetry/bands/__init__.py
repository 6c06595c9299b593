"""How far our counts of input are from what providers counted, and the error band that follows.

In: samples (our count, the provider's). Out: a verdict for each tokenizer and model family. Counts are never changed,
only what is said about them; an exact count has no band, whatever is measured.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.on_demand import names

if TYPE_CHECKING:
    from engine.telemetry.bands.band import Band, BandKey, bands_of
    from engine.telemetry.bands.measuring import Language, Measured, measure
    from engine.telemetry.bands.sample import Sample
    from engine.telemetry.bands.settings import BandSettings, band_settings

__all__ = [
    "Band",
    "BandKey",
    "BandSettings",
    "Language",
    "Measured",
    "Sample",
    "band_settings",
    "bands_of",
    "measure",
]

# Every count for a model that is no exact one asks for its band, and needs no more than that.
__getattr__ = names(
    __name__,
    {
        **dict.fromkeys(("Band", "BandKey", "bands_of"), "band"),
        **dict.fromkeys(("Language", "Measured", "measure"), "measuring"),
        "Sample": "sample",
        **dict.fromkeys(("BandSettings", "band_settings"), "settings"),
    },
)
