"""What a request asks for, checked and in numbers, before anything is computed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from engine.budget import parse_budget
from engine.errors import InputError, UsageError
from engine.model import Model
from engine.render import FormatName, check_format
from engine.request import PackRequest
from engine.tuning import check
from engine.usecases.repository import Repository


@dataclass(frozen=True, slots=True)
class Wishes:
    """Budget and format of a request."""

    budget_tokens: int
    format: FormatName


def wishes_of(request: PackRequest, model: Model) -> Wishes:
    """Read budget, reserve, format and tuning.

    Raises:
        UsageError: they make no sense for the model.
    """
    budget_tokens = parse_budget(request.budget, model.context_window)
    if request.reserve_tokens < 0 or budget_tokens + request.reserve_tokens > model.context_window:
        raise UsageError(
            f"budget {budget_tokens:,} and reserve {request.reserve_tokens:,} do not fit the window of "
            f"{model.context_window:,} tokens",
            f"use at most {max(0, model.context_window - budget_tokens):,} for the reserve",
        )
    check(request.tuning)
    return Wishes(budget_tokens, format_of(request, model))


def format_of(request: PackRequest, model: Model) -> FormatName:
    """The format of a pack: what is asked for, else the model's own.

    Raises:
        UsageError: there is no such format; names those there are.
    """
    name = request.format or default_format(model.provider)
    check_format(name)
    return cast(FormatName, name)


def default_format(provider: str) -> str:
    """``xml`` for Claude models, ``markdown`` otherwise."""
    return "xml" if provider == "anthropic" else "markdown"


def require_text(repository: Repository) -> None:
    """Refuse a repository without text.

    Raises:
        InputError: there is nothing to pack.
    """
    if repository.summary["chunks"]:
        return
    skipped = len(repository.skipped)
    why = f"{skipped:,} files are there, none with text" if skipped else "no file is there, or none that was asked for"
    raise InputError(f"there is nothing to pack in {repository.listing.root}", why)
