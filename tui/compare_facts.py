"""What the compare screen asks of the engine, in the engine's thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from engine.config import Config
from engine.request import PackRequest

if TYPE_CHECKING:
    from engine.inspector import Comparison, ModelCount

NOW, SAVED = "now", "saved"
"""Words for what is in force in the app, and for what was opened or saved last."""


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """Two packs side by side."""

    left: str
    """The words of the left side."""
    right: str
    found: Comparison


def compare(
    engine: Any, config: Config | None, current: PackRequest, saved: PackRequest, left: str, right: str
) -> Compared:
    """Pack both sides and compare.

    Raises:
        PacksightError: words that name nothing, or a side that cannot be packed.
    """
    sides = [_side(engine, config, current, saved, words) for words in (left, right)]
    return Compared(left, right, engine.diff(*sides))


def count_for(engine: Any, request: PackRequest, recent: Sequence[str], most: int) -> tuple[ModelCount, ...]:
    """Count the pack in force for its model, those used last, and one of each provider, ``most`` in all.

    Raises:
        PacksightError: a model is unknown, or there is no such pack.
    """
    # The catalog names a provider's newest model first, and the providers people ask for most before the others.
    first: dict[str, str] = {}
    for model in engine.models():
        first.setdefault(model.provider, model.id)
    models = list(dict.fromkeys([engine.model(request.scan.model).id, *recent, *first.values()]))[:most]
    counts: tuple[ModelCount, ...] = engine.models_at_once(request, models)
    return counts


def _side(engine: Any, config: Config | None, current: PackRequest, saved: PackRequest, words: str) -> PackRequest:
    """A side as a person writes it: what the words name, and for the rest what is in force in the app."""
    words = words.strip() or NOW
    if words == NOW:
        return current
    if words == SAVED:
        return saved
    flags: dict[str, object] = {} if config is None else {"db": config["db"] or None}
    plain = engine.variant(current.scan, flags, NOW)
    named = engine.variant(current.scan, flags, words)
    changed = {
        field.name: getattr(named, field.name)
        for field in fields(PackRequest)
        if getattr(named, field.name) != getattr(plain, field.name)
    }
    return replace(current, **changed)
