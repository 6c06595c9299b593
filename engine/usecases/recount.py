"""One pack counted for several models: the same text, other vocabularies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from engine.model import Method, Model
from engine.tokens import tokenizer


@dataclass(frozen=True, slots=True)
class ModelCount:
    """What a pack costs for a model."""

    model: str
    encoding: str
    method: Method
    tokens: int
    """Recount of the text with the model's tokenizer."""
    error_band: tuple[float, float]
    """Relative band around the count; zeros when it is exact."""
    context_window: int
    quality: float
    """Quality of the pack; the same for all, since the text is."""

    @property
    def fits(self) -> bool:
        """Whether the window of the model holds the text."""
        return self.tokens <= self.context_window

    def as_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {**asdict(self), "method": self.method.value, "error_band": list(self.error_band), "fits": self.fits}


def recount(text: str, quality: float, models: Sequence[Model]) -> tuple[ModelCount, ...]:
    """Count a text for each model, in the order given; models that share a vocabulary share the count."""
    counts: dict[str, int] = {}
    for model in models:
        if model.encoding not in counts:
            counts[model.encoding] = tokenizer(model.encoding).count(text)
    return tuple(
        ModelCount(
            model=model.id,
            encoding=model.encoding,
            method=model.method,
            tokens=counts[model.encoding],
            error_band=model.error_band,
            context_window=model.context_window,
            quality=quality,
        )
        for model in models
    )
