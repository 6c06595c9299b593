"""How far counts of packs were from what providers say was sent, by model and tokenizer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import Select, func, select

from engine.budgets.labels import family_of
from engine.store.database import Database
from engine.store.telemetry_tables import events, packs
from engine.telemetry.bands import Sample

_LATEST = 2_000
"""Packs of a model and tokenizer that count."""


@dataclass(frozen=True, slots=True)
class CountError:
    """The error of a tokenizer for a model, as the logs show it."""

    model: str
    encoding: str
    method: str
    packs: int
    """Packs of which the provider said what was sent."""
    low: float
    """Relative error (sent / counted - 1) that 1 in 40 packs is below."""
    middle: float
    """The median; what goes around a pack (instructions, message frame) is part of it."""
    high: float
    """Relative error that 1 in 40 packs is above."""


def input_samples(database: Database) -> list[Sample]:
    """Compare our counts of prompts that held a pack with what providers counted, pack by pack, newest first.

    Raises:
        InputError: the database cannot be read.
    """
    with database.read() as connection:
        return [
            Sample(family_of(row.model), row.encoding, row.method, row.at_us, row.counted, row.told)
            for row in connection.execute(_compared())
        ]


def input_errors(database: Database) -> tuple[CountError, ...]:
    """Compare counted with sent tokens of the latest packs.

    Raises:
        InputError: the database cannot be read.
    """
    found: dict[tuple[str, str, str], list[float]] = {}
    with database.read() as connection:
        for row in connection.execute(_compared()):
            ratios = found.setdefault((row.model, row.encoding, row.method), [])
            if len(ratios) < _LATEST:
                ratios.append(row.told / row.counted - 1)
    return tuple(
        CountError(*name, len(ratios), *(round(float(one), 5) for one in np.quantile(ratios, (0.025, 0.5, 0.975))))
        for name, ratios in sorted(found.items())
    )


def _compared() -> Select[Any]:
    """Packs of which the provider said what was sent; what went along with a pack counts where it was counted."""
    # The first attempt sent the pack as it was counted; the prompt of a continuation also holds the answer so far.
    sent = select(events.c.pack_key, func.min(events.c.prompt_tokens).label("sent")).where(events.c.pack_key != "")
    by_key = sent.where(events.c.prompt_tokens > 0).group_by(events.c.pack_key).subquery()
    told = func.coalesce(packs.c.sent_tokens, by_key.c.sent)
    counted = func.coalesce(packs.c.asked_tokens, packs.c.actual_tokens)
    return (
        select(
            packs.c.model, packs.c.encoding, packs.c.method, packs.c.at_us, counted.label("counted"), told.label("told")
        )
        .select_from(packs.outerjoin(by_key, by_key.c.pack_key == packs.c.dedupe_key))
        .where(told.is_not(None), counted > 0)
        .order_by(packs.c.at_us.desc())
        .limit(_LATEST * 10)
    )
