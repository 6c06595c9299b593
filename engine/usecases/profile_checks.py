"""Whether a profile can make packs for a model, and what to say when there is no such profile."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from engine.budget import parse_budget
from engine.errors import InputError, UsageError
from engine.gitglobs import git_globs
from engine.model import Model
from engine.profiles import Profile, settings_table
from engine.tuning import check


def check_profile(profile: Profile, model: Model) -> None:
    """Refuse what could never make a pack.

    Raises:
        UsageError: names what is wrong.
    """
    from engine.render import check_format

    window = model.context_window
    budget_tokens = 0 if profile.budget is None else parse_budget(profile.budget, window)
    reserve_tokens = profile.reserve_tokens or 0
    if reserve_tokens < 0 or budget_tokens + reserve_tokens > window:
        raise UsageError(
            f"budget {budget_tokens:,} and reserve {reserve_tokens:,} do not fit the window of {window:,} tokens",
            f"use at most {max(0, window - budget_tokens):,} for the reserve",
        )
    if profile.format:
        check_format(profile.format)
    check(profile.tuning)
    settings_table(profile)
    _check_globs((*(glob for glob, _ in profile.tuning.pins), *profile.tuning.excludes))


def _check_globs(globs: Sequence[str]) -> None:
    if not globs:
        return
    for glob in globs:
        try:
            git_globs([glob])
        except ValueError as error:
            raise UsageError(f"'{glob}' is no glob: {error}", "for instance src/*.py or docs/") from error


def no_such_profile(name: str, model_id: str, names: Sequence[str]) -> InputError:
    """The error for a profile that is not saved, with the nearest that is."""
    nearest = difflib.get_close_matches(name, names, 1)
    hint = f"there are: {', '.join(names)}" if names else "none is saved: packsight profile save NAME"
    return InputError(
        f"there is no profile '{name[:80]}' for this repository and {model_id}",
        f"did you mean '{nearest[0]}'?" if nearest else hint,
    )
