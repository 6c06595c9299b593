"""Wishes about paths that no path meets: mostly slips of the pen, so they are said once, in one line."""

from __future__ import annotations

from engine.events import Emit, Warned
from engine.request import Tuning
from engine.usecases.repository import Repository
from engine.usecases.tuning import matching
from engine.visible import visible_text

_MOST_NAMED = 5
"""Globs that the line names."""


def warn_unmatched(repository: Repository, tuning: Tuning, emit: Emit) -> None:
    """Say what ``unmatched`` finds, as a warning."""
    words = unmatched(repository, tuning)
    if words:
        emit(Warned(words))


def unmatched(repository: Repository, tuning: Tuning) -> str:
    """Name the pins and excludes that are about no file of a repository; ``""`` when each meets one.

    Raises:
        UsageError: a glob is none.
    """
    columns, _ = repository.columns()
    wishes = [("pin", glob) for glob, _ in tuning.pins] + [("exclude", glob) for glob in tuning.excludes]
    lost = [f"{what} '{visible_text(glob)}'" for what, glob in wishes if not matching((glob,), columns).any()]
    if not lost:
        return ""
    more = f" and {len(lost) - _MOST_NAMED} more" if len(lost) > _MOST_NAMED else ""
    return f"no file matches {', '.join(lost[:_MOST_NAMED])}{more}"
