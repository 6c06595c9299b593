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
    found: list[tuple[int, float]] = []
    for budget_tokens in budgets(repository.model.context_window):
        try:
            request = PackRequest(repository.request, budget_tokens, tuning=tuning)
            quality = pack_repository(repository, request, emit, cancelled).report["quality"]
        except BudgetTooSmall:
            continue
        found.append((budget_tokens, quality))
        if quality >= quality_goal():
            break
    return tuple(found)
