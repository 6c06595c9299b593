"""What chunks are worth for what is asked: one place for packs, live packing and searches."""

from __future__ import annotations

from engine.columns import Floats
from engine.events import Emit, IsCancelled
from engine.usecases.repository import Repository
from engine.usecases.value import relevance


def relevance_for(repository: Repository, query: str, emit: Emit, cancelled: IsCancelled) -> Floats:
    """(n,) relevance of every chunk for a query; an empty one asks for nothing in particular.

    Raises:
        Cancelled: ``cancelled`` said so.
    """
    return relevance(repository)
