"""Changes of a request, as pure functions: what keys, sliders and menus do to it.

Each takes a ``PackRequest`` and gives another one; undo, the profile and the command line all follow from that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from engine.budget import parse_budget
from engine.errors import PacksightError
from engine.model import ChunkClass
from engine.request import PackRequest, Tuning

_Value = TypeVar("_Value")

DEEPEST = 5
"""Level that a class may fall to when nothing is said."""


def with_budget(request: PackRequest, budget_tokens: int, context_window: int) -> PackRequest:
    """Set the budget, kept within the window beside the reserve."""
    most = max(1, context_window - request.reserve_tokens)
    return replace(request, budget=min(max(1, budget_tokens), most))


def step_budget(
    request: PackRequest, budget_tokens: int, context_window: int, direction: int, *, coarse: bool
) -> PackRequest:
    """Move the budget by a fine or coarse step that suits its size, onto round numbers.

    Args:
        request: What is in force.
        budget_tokens: The budget in force, as a number.
        context_window: Window of the model.
        direction: 1 for more, -1 for less.
        coarse: Ten times the step.
    """
    step = _round_step(budget_tokens if direction > 0 else budget_tokens - 1, coarse)
    moved = (budget_tokens // step + 1) * step if direction > 0 else ((budget_tokens - 1) // step) * step
    return with_budget(request, moved, context_window)


def _round_step(budget_tokens: int, coarse: bool) -> int:
    """The power of ten that is 1 to 10 % of the budget; ten times that when coarse."""
    step = 10
    while step * 100 <= budget_tokens:
        step *= 10
    return step * 10 if coarse else step


def with_reserve(request: PackRequest, reserve_tokens: int, context_window: int) -> PackRequest:
    """Set the tokens kept for the answer."""
    return replace(request, reserve_tokens=min(max(0, reserve_tokens), context_window - 1))


def with_room(request: PackRequest, answer_tokens: int, context_window: int) -> PackRequest:
    """Keep so many tokens free for the answer; a budget that leaves no such room becomes as large as it may be."""
    kept = with_reserve(request, answer_tokens, context_window)
    try:
        budget = parse_budget(kept.budget, context_window)
    except PacksightError:
        return kept
    return with_budget(kept, budget, context_window) if budget + kept.reserve_tokens > context_window else kept


def with_weight(request: PackRequest, chunk_class: ChunkClass, weight: float | None) -> PackRequest:
    """Set the weight of a class; None for the default."""
    return _tuned(request, weights=_put(request.tuning.weights, chunk_class, weight))


def with_share(request: PackRequest, chunk_class: ChunkClass, share: tuple[float, float] | None) -> PackRequest:
    """Set minimum and maximum share of a class; None, or everything, for no limit."""
    return _tuned(request, shares=_put(request.tuning.shares, chunk_class, None if share == (0.0, 1.0) else share))


def with_max_level(request: PackRequest, chunk_class: ChunkClass, level: int | None) -> PackRequest:
    """Set the deepest level of a class; None for the default."""
    return _tuned(request, max_level=_put(request.tuning.max_level, chunk_class, None if level == DEEPEST else level))


def with_max_level_of_all(request: PackRequest, level: int) -> PackRequest:
    """Set the deepest level of every class."""
    return _tuned(request, max_level={} if level == DEEPEST else dict.fromkeys(ChunkClass, level))


def without_class(request: PackRequest, chunk_class: ChunkClass) -> PackRequest:
    """Take back everything that was said about a class."""
    request = with_share(with_weight(request, chunk_class, None), chunk_class, None)
    return with_max_level(request, chunk_class, None)


def without_classes(request: PackRequest) -> PackRequest:
    """Take back everything that was said about classes; pins and excludes stay."""
    return _tuned(request, weights={}, shares={}, max_level={})


def with_pin(request: PackRequest, glob: str, level: int | None) -> PackRequest:
    """Pin a glob to a level, after all other pins; None takes the pin away."""
    others = tuple(pin for pin in request.tuning.pins if pin[0] != glob)
    return _tuned(request, pins=others if level is None else (*others, (glob, level)))


def with_exclude(request: PackRequest, glob: str, excluded: bool) -> PackRequest:
    """Leave a glob out of the pack, or take it back."""
    others = tuple(known for known in request.tuning.excludes if known != glob)
    return _tuned(request, excludes=(*others, glob) if excluded else others)


def with_query(request: PackRequest, query: str) -> PackRequest:
    """Set what the pack is for."""
    return replace(request, query=query.strip())


def glob_of(path: str, *, folder: bool = False) -> str:
    """Glob that matches exactly this path, or everything below this folder; marks of globs are taken literally."""
    literal = "".join(map(_literal, path))
    return f"/{literal}/" if folder else f"/{literal}"


def _literal(character: str) -> str:
    # Blank characters stand in brackets: at the end of a glob they would be stripped, even behind a backslash.
    if character.isspace():
        return f"[{character}]"
    return f"\\{character}" if character in "\\*?[]!#" else character


def _put(known: Mapping[ChunkClass, _Value], key: ChunkClass, value: _Value | None) -> dict[ChunkClass, _Value]:
    others = {name: old for name, old in known.items() if name != key}
    return others if value is None else {**others, key: value}


def _tuned(request: PackRequest, **changes: object) -> PackRequest:
    tuning: Tuning = replace(request.tuning, **changes)  # type: ignore[arg-type]
    return replace(request, tuning=tuning)
