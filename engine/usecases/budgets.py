"""The persisted budget of a repository and a model.

It goes before what files say, and behind flags, variables and the profile in use: flag > environment > repository (the
profile in use, the saved budget, ``.packsight.toml``) > user file > default.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from engine.budget import parse_budget
from engine.config import Config, Setting
from engine.model import Model
from engine.store.address import address_of
from engine.store.team.copy import keep_copy

if TYPE_CHECKING:
    from engine.store.budgets import SavedBudget
    from engine.usecases.known_as import KnownAs

ORIGIN = "budget saved for this repository and model"
"""How a persisted budget is named among the origins of settings."""


def gives_way(setting: Setting) -> bool:
    """Whether a saved budget goes before a setting: before files and defaults, behind flags, variables and profiles."""
    return not (setting.origin == "flag" or setting.origin.startswith(("environment ", "profile ")))


def with_saved(config: Config, saved_tokens: int | None) -> Config:
    """The settings with the saved budget in its place."""
    if saved_tokens is None or not gives_way(config.settings["budget"]):
        return config
    return replace(config, settings={**config.settings, "budget": Setting(saved_tokens, ORIGIN)})


def within(setting: Setting, context_window: int, reserve_tokens: int = 0) -> str | int:
    """A budget as it is written; the default, which nobody chose, is never more than a model's window leaves.

    Raises:
        UsageError: it makes no sense for the model; names where it was written.
    """
    if setting.origin == "default":
        room = max(1, context_window - reserve_tokens)
        return setting.value if parse_budget(setting.value, sys.maxsize) <= room else room
    parse_budget(setting.value, context_window, setting.origin)
    written: str | int = setting.value
    return written


def has_database(db_url: str | None) -> bool:
    """Say whether there may be anything saved; imports no database library.

    Raises:
        UsageError: ``db_url`` names no database.
    """
    return address_of(db_url).exists


def persisted_budget(repository_identity: str, model_id: str, db_url: str | None) -> int | None:
    """Return the tokens that were saved for a repository and a model, or None.

    Without a database nothing is imported and nothing is made.

    Raises:
        InputError: the database cannot be used.
        UsageError: ``db_url`` names no database.
    """
    from engine.store.glance import glance_at_budget

    address = address_of(db_url)
    if address.path is not None and address.exists:
        glance = glance_at_budget(address.path, repository_identity, model_id)
        if glance is not None:
            return glance.tokens
    found = _saved(repository_identity, model_id, db_url)
    return None if found is None else found.tokens


@dataclass(frozen=True, slots=True)
class RepositoryBudget:
    """The budget of one repository and model."""

    known: KnownAs
    """What the repository is known by."""
    model: Model
    config: Config
    db_url: str
    """Database to keep it in; ``""`` is the user's own file."""

    @property
    def repository(self) -> str:
        """Identity of the repository."""
        return self.known.name

    def show(self) -> dict[str, Any]:
        """The saved budget (``budget``, None without one) and the one that a pack would use, with its origin.

        Raises:
            InputError: the database cannot be used.
            UsageError: the URL names no database, or the budget in force makes no sense.
        """
        saved = _saved(self.repository, self.model.id, self.db_url)
        setting = with_saved(self.config, None if saved is None else saved.tokens).settings["budget"]
        window = self.model.context_window
        return {
            "repository": self.repository,
            "model": self.model.id,
            "budget": None if saved is None else saved.tokens,
            "saved_at": None if saved is None else saved.saved_at.isoformat(timespec="seconds"),
            "in_force": parse_budget(within(setting, window), window, setting.origin),
            "origin": setting.origin,
            "context_window": window,
        }

    def save(self, written: str | int) -> int:
        """Keep a written budget (``32k``, ``40%``) as tokens of this model; returns them.

        Raises:
            InputError: the database cannot be written.
            UsageError: the budget makes no sense, or the URL names no database.
        """
        tokens = parse_budget(written, self.model.context_window)
        from engine.store import budgets
        from engine.store.database import open_database

        with open_database(self.db_url, create=True) as database:
            saved = budgets.save_budget(database, self.known.at_home(database), self.model.id, tokens)
            keep_copy(database, at_once=True)
            return saved.tokens

    def clear(self) -> bool:
        """Forget the budget; returns whether there was one.

        Raises:
            InputError: the database cannot be written.
            UsageError: the URL names no database.
        """
        if not has_database(self.db_url):
            return False
        from engine.store import budgets
        from engine.store.database import open_database

        with open_database(self.db_url, create=False) as database:
            was_there = budgets.clear_budget(database, self.known.at_home(database), self.model.id)
            keep_copy(database, at_once=True)
            return was_there


def _saved(repository_identity: str, model_id: str, db_url: str | None) -> SavedBudget | None:
    if not has_database(db_url):
        return None
    from engine.store import budgets
    from engine.store.database import open_database

    with open_database(db_url, create=False) as database:
        return budgets.find_budget(database, repository_identity, model_id)
