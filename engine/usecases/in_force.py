"""Which profile is in force, and laying it over the settings: above the files, below environment and flags.

A profile in use is a person's own choice for this repository, so it goes before what the repository's file says.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from engine.config import Config, Setting
from engine.errors import InputError
from engine.events import Emit, Warned
from engine.model import Model
from engine.profiles import Profile, check_name, lay_over, settings_table
from engine.profiles.profile import NO_PROFILE
from engine.profiles.tables import pack_table
from engine.store.address import address_of
from engine.store.reach import ServerTrouble
from engine.store.team.copy import LastKnown, keep_copy, last_known
from engine.tuning import read_table
from engine.usecases.profile_checks import no_such_profile
from engine.usecases.profile_version import read_saved

IN_USE = "in use for this repository and model"
"""How the active profile is named among the origins of settings."""
OWN_IN_USE = "your own, over the team's"
"""The same for a person's own profile where the database is a team's."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where the profiles of a repository and a model are."""

    identity: Callable[[], str]
    """Gives the identity of the repository; asked only when there is a database."""
    model: Model
    db_url: str
    note: Callable[[ServerTrouble, LastKnown | None], None]
    """Hears of a server in trouble, and of what is read in its place."""

    @property
    def exists(self) -> bool:
        """Whether anything may be saved."""
        return address_of(self.db_url).exists

    def newest(self, name: str | None) -> Profile | None:
        """The newest version of a profile, or of the active one; None when there is none.

        Raises:
            InputError: the database or the saved text cannot be used.
            UsageError: the URL names no database.
        """
        if not self.exists:
            return None
        address, identity = address_of(self.db_url), self.identity()
        if address.path is not None:
            glanced = self._glanced(address.path, identity, name)
            if glanced:
                return glanced[0]
        try:
            return self._opened(identity, name)
        except ServerTrouble as trouble:
            copy = last_known(address)
            if copy is None or copy.address.path is None:
                raise
            self.note(trouble, copy)
            return next(iter(self._glanced(copy.address.path, identity, name)), None)

    def _glanced(self, path: Path, identity: str, name: str | None) -> tuple[Profile | None, ...]:
        """The profile, or None when there is none; empty when the file has to be opened properly to know."""
        from engine.store.glance import glance_at_profile

        glance = glance_at_profile(path, identity, self.model.id, name)
        if glance is None:
            return ()
        seen = glance.profile
        return (None if seen is None else read_saved(seen.name, seen.version, seen.body),)

    def _opened(self, identity: str, name: str | None) -> Profile | None:
        from engine.store.database import open_database
        from engine.store.profiles import list_profiles

        with open_database(self.db_url, create=False) as database:
            keep_copy(database)
            saved = list_profiles(database, identity, self.model.id)
        for one in saved:
            if one.name == name or (name is None and one.active):
                return read_saved(one.name, one.version, one.body)
        return None

    def names(self) -> tuple[str, ...]:
        """Names of all profiles, for an error message."""
        if not self.exists:
            return ()
        from engine.store.database import open_database
        from engine.store.profiles import list_profiles

        with open_database(self.db_url, create=False) as database:
            return tuple(one.name for one in list_profiles(database, self.identity(), self.model.id))


def with_profile(config: Config, shelf: Shelf, emit: Emit) -> Config:
    """Lay the profile in force over the settings; ``profile`` then names it, and is empty when there is none.

    A profile that a flag or variable names must exist; ``none`` and ``default`` mean no profile. Otherwise the active
    one is in force, else the one that a settings file names, if it is saved here.

    Raises:
        InputError: a flag or variable names a profile that is not saved, or the database cannot be used for it.
        UsageError: the URL of the database makes no sense.
    """
    setting = config.settings["profile"]
    name = str(setting.value).strip()
    if explicit(setting):
        if name.lower() in ("", *NO_PROFILE):
            return _without(config)
        found = shelf.newest(check_name(name))
        if found is None:
            raise no_such_profile(name, shelf.model.id, shelf.names())
        return _laid(config, found, setting.origin, emit)
    if shelf.exists:
        # A repository that cannot be opened is no trouble of the database, which is forgiven below.
        shelf.identity()
    try:
        active = shelf.newest(None)
        if active is not None:
            return _laid(config, active, IN_USE, emit)
        if name.lower() in ("", *NO_PROFILE):
            return _without(config)
        found = shelf.newest(name)
    except ServerTrouble as trouble:
        shelf.note(trouble, None)
        return _without(config)
    except InputError as error:
        emit(Warned(f"{error.message}; going on without a profile"))
        return _without(config)
    if found is None:
        emit(Warned(f"{setting.origin} names the profile '{name[:80]}', which is not saved here; going on without it"))
        return _without(config)
    return _laid(config, found, setting.origin, emit)


def with_layers(config: Config, team: Shelf, own: Shelf, emit: Emit) -> Config:
    """Lay the team's active profile over the settings, and a person's own active profile over that.

    A profile that is named for this run is looked for in the team's database, then in the person's own, and is alone.

    Raises:
        InputError: as ``with_profile``.
    """
    if explicit(config.settings["profile"]):
        named = check_name(str(config.settings["profile"].value).strip() or NO_PROFILE[0])
        here = own.exists and named.lower() not in NO_PROFILE and team.newest(named) is None
        return with_profile(config, own if here and own.newest(named) is not None else team, emit)
    settled = with_profile(config, team, emit)
    mine = own_profile(own, emit)
    return settled if mine is None else _laid(settled, mine, OWN_IN_USE, emit)


def own_profile(own: Shelf, emit: Emit) -> Profile | None:
    """A person's own active profile; a file in trouble has none here."""
    try:
        return own.newest(None)
    except InputError as error:
        emit(Warned(f"{error.message}; going on without a profile of your own"))
        return None


def explicit(setting: Setting) -> bool:
    """Whether a person named the value for this run: profiles do not overrule it."""
    return setting.origin == "flag" or setting.origin.startswith("environment ")


def _without(config: Config) -> Config:
    setting = config.settings["profile"]
    return replace(config, settings={**config.settings, "profile": Setting("", setting.origin)})


def _laid(config: Config, profile: Profile, origin: str, emit: Emit) -> Config:
    settings = dict(config.settings)
    for key, value in settings_table(profile).items():
        if key in settings and not explicit(settings[key]):
            settings[key] = Setting(value, f"profile '{profile.name}'")
    settings["profile"] = Setting(profile.name, origin)
    below = read_table(config.pack)
    both = lay_over(below, profile.tuning)
    given_up = [
        name.value
        for name, share in below.shares.items()
        if name not in profile.tuning.shares and both.shares[name] != share
    ]
    if given_up:
        emit(Warned(f"profile '{profile.name}' leaves less than the smallest share of {', '.join(given_up)}"))
    return replace(config, settings=settings, pack=pack_table(both))
