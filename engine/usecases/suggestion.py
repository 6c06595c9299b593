"""Facts of a scanned repository for a suggested profile: tokens per class, and what the usual budgets come to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import cast

from engine.errors import BudgetTooSmall
from engine.events import Emit, IsCancelled
from engine.model import ChunkClass
from engine.profiles import Facts, Suggestion, suggest
from engine.profiles.suggest import budgets, quality_goal
from engine.request import PackRequest, Tuning
from engine.usecases.pack import pack_repository
from engine.usecases.repository import Repository


def suggestion(repository: Repository, name: str, emit: Emit, cancelled: IsCancelled) -> Suggestion:
    """Suggest a profile: first the tuning, then the budget that packs with this tuning need.

    Raises:
        InputError: there is no text in the repository.
        Cancelled: on request.
    """
    classes = cast(Mapping[str, Mapping[str, int]], repository.summary["classes"])
    tokens = {ChunkClass(key): row["tokens"] for key, row in classes.items()}
    facts = Facts(tokens, repository.model.context_window)
    tuning = suggest(facts, name).profile.tuning
    return suggest(replace(facts, qualities=_qualities(repository, tuning, emit, cancelled)), name)


def _qualities(
    repository: Repository, tuning: Tuning, emit: Emit, cancelled: IsCancelled
) -> tuple[tuple[int, float], ...]:
    """Look for the smallest budget that is good enough; a larger one is never worse, so few need a pack."""
    ladder, found = budgets(repository.model.context_window), dict[int, float]()

    def good(at: int) -> bool:
        try:
            request = PackRequest(repository.request, ladder[at], tuning=tuning)
            found[ladder[at]] = pack_repository(repository, request, emit, cancelled).report["quality"]
        except BudgetTooSmall:
            return False
        return found[ladder[at]] >= quality_goal()

    low, high = -1, len(ladder) - 1
    if good(high):
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if good(middle) else (middle, high)
    return tuple(sorted(found.items()))
