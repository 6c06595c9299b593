"""One version of a saved profile, as front ends see it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.profiles import Profile, read_profile, settings_table

if TYPE_CHECKING:
    from engine.store.profiles import SavedProfile


@dataclass(frozen=True, slots=True)
class ProfileVersion:
    """One version of a saved profile."""

    profile: Profile
    version: int
    """From 1; each save that changes something makes the next."""
    active: bool
    """Whether packs use the profile, at its newest version."""
    saved_at: datetime.datetime
    """In UTC."""

    def as_dict(self) -> dict[str, Any]:
        """Plain data: ``name``, ``version``, ``active``, ``saved_at``, ``tuned_at`` and the keys of a settings file."""
        return {
            "name": self.profile.name,
            "version": self.version,
            "active": self.active,
            "saved_at": self.saved_at.isoformat(timespec="seconds"),
            "tuned_at": self.profile.tuned_at_revision,
            **settings_table(self.profile),
        }


def version_of(saved: SavedProfile) -> ProfileVersion:
    """Read a row of the database.

    Raises:
        InputError: the text that was saved is no profile.
    """
    profile = read_saved(saved.name, saved.version, saved.body)
    return ProfileVersion(profile, saved.version, saved.active, saved.saved_at)


def read_saved(name: str, version: int, body: str) -> Profile:
    """Read the text of a saved profile.

    Raises:
        InputError: it is no profile; names the line.
    """
    return read_profile(body, f"profile '{name}', version {version}", name)
