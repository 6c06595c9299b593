"""Chunks that a query asks for by their very name, lifted above those that only hold its words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from engine.columns import Texts
from engine.rank import Contributions
from engine.rank.intent import Entity

MOST_LOOKED_AT = 300
"""Chunks whose names are compared, those first whose names hold most of the query's words: some milliseconds."""
_PART = re.compile(r"\w+")
_LOOSE = 0.6
"""What a name says that agrees in its last parts only, against one that agrees as it was asked for."""
_SPREAD = 0.1
"""Share of the lift by which chunks of one name are told apart by everything else."""


def with_named(parts: Contributions, entities: Sequence[Entity], texts: Texts, lift: float) -> Contributions:
    """Lift chunks whose qualified name ends as the query writes it.

    Args:
        parts: What each signal says.
        entities: What the query names; functions, classes and functions of frames count.
        texts: Says the names of chunks.
        lift: Relevance that such a chunk has at least, in units of the best one's.
    """
    names = [entity.inside or entity.name for entity in entities if entity.kind in ("function", "class", "frame")]
    asked = _whole({tuple(_PART.findall(name)) for name in names if entity_name(name)})
    total = parts.total
    top = float(total.max(initial=0.0))
    if not asked or lift <= 0 or top <= 0:
        return parts
    rows = np.flatnonzero(parts.symbol > 0)
    rows = rows[np.argsort(-parts.symbol[rows], kind="stable")][:MOST_LOOKED_AT]
    symbol = parts.symbol.copy()
    for row in rows.tolist():
        agreed = max(_agreement(name, tuple(_PART.findall(texts.symbol(row)))) for name in asked)
        wanted = top * lift * agreed * (1.0 - _SPREAD + _SPREAD * float(total[row]) / top)
        symbol[row] += max(0.0, wanted - float(total[row])) if agreed else 0.0
    return replace(parts, symbol=symbol)


def entity_name(name: str) -> bool:
    """Whether this is a name of code rather than a path."""
    return bool(_PART.search(name)) and "/" not in name.rpartition(".")[0] and "\\" not in name


def _whole(names: set[tuple[str, ...]]) -> set[tuple[str, ...]]:
    """Names without those that only begin another: who asks for a method does not ask for its class."""
    return {name for name in names if not any(len(other) > len(name) and other[: len(name)] == name for other in names)}


def _agreement(asked: tuple[str, ...], symbol: tuple[str, ...]) -> float:
    """1 where a symbol ends in all parts of a name, less where a name ends in all parts of a symbol, else 0."""
    if not symbol:
        return 0.0
    if symbol[-len(asked) :] == asked:
        return 1.0
    return _LOOSE if asked[-len(symbol) :] == symbol else 0.0
