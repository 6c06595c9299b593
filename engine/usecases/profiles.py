"""The saved profiles of a repository and a model: what ``packsight profile`` and the app work with."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from engine.config import Config
from engine.errors import InputError, UsageError
from engine.model import Model
from engine.profiles import Profile, Suggestion, check_name, describe_difference, settings_table, written
from engine.profiles import changed as changed_by_words
from engine.store.address import address_of
from engine.store.reach import ServerTrouble
from engine.store.team.copy import LastKnown, keep_copy, last_known
from engine.usecases.budgets import has_database
from engine.usecases.profile_checks import check_profile, no_such_profile
from engine.usecases.profile_version import ProfileVersion, version_of

if TYPE_CHECKING:
    from engine.store.database import Database
    from engine.usecases.known_as import KnownAs


@dataclass(frozen=True, slots=True)
class RepositoryProfiles:
    """Profiles of one repository and model. Every call opens the database anew; nothing is kept between calls.

    All methods that touch the database raise ``InputError`` when it cannot be used and ``UsageError`` when its URL
    names none.
    """

    known: KnownAs
    """What the repository is known by."""
    model: Model
    config: Config
    db_url: str
    """Database to keep them in; ``""`` is the user's own file."""
    revision: str
    """Commit that stands in the repository now, or ``""``; saved with a profile."""
    root: Path
    """What the profiles are for, as it was named."""
    suggested: Callable[[str], Suggestion]
    """Makes a suggestion under a name; scans the repository."""
    note: Callable[[ServerTrouble, LastKnown | None], None]
    """Hears of a server in trouble, and of what is read in its place."""

    @property
    def repository(self) -> str:
        """Identity of the repository."""
        return self.known.name

    def list(self) -> tuple[ProfileVersion, ...]:
        """The newest version of each profile, by name."""
        with self._reading() as database:
            if database is None:
                return ()
            from engine.store.profiles import list_profiles

            return tuple(map(version_of, list_profiles(database, self.repository, self.model.id)))

    def active(self) -> ProfileVersion | None:
        """The profile in use, or None."""
        return next((found for found in self.list() if found.active), None)

    def show(self, name: str, version: int | None = None) -> ProfileVersion:
        """A version of a profile, by default the newest.

        Raises:
            InputError: there is none; names the nearest.
        """
        found = self.history(name)
        for one in found:
            if version in (None, one.version):
                return one
        raise InputError(f"profile '{name}' has no version {version}", f"its versions are 1 to {found[0].version}")

    def history(self, name: str) -> tuple[ProfileVersion, ...]:
        """All versions of a profile, the newest first.

        Raises:
            InputError: there is no such profile; names the nearest.
        """
        with self._reading() as database:
            if database is None:
                raise no_such_profile(name, self.model.id, ())
            from engine.store.profiles import profile_history

            return tuple(map(version_of, profile_history(database, self.repository, self.model.id, name)))

    def save(self, name: str, profile: Profile) -> ProfileVersion:
        """Keep a profile as the newest version of ``name``, tuned at the commit that stands here now.

        Raises:
            UsageError: the name is none, or the profile makes no sense for the model.
        """
        kept = replace(profile, name=check_name(name), tuned_at_revision=self.revision)
        self.check(kept)
        from engine.store.database import open_database
        from engine.store.profiles import save_profile

        with open_database(self.db_url, create=True) as database:
            home = self.known.at_home(database)
            saved = version_of(save_profile(database, home, self.model.id, name, written(kept)))
            keep_copy(database, at_once=True)
            return saved

    def use(self, name: str | None) -> ProfileVersion | None:
        """Make a profile the one that packs use, or none of them.

        Raises:
            InputError: there is no such profile; names the nearest.
        """
        if not has_database(self.db_url):
            if name is None:
                return None
            raise no_such_profile(name, self.model.id, ())
        from engine.store.database import open_database
        from engine.store.profiles import use_profile

        with open_database(self.db_url, create=False) as database:
            used = use_profile(database, self.known.at_home(database), self.model.id, name)
            keep_copy(database, at_once=True)
            return None if used is None else version_of(used)

    def restore(self, name: str, version: int) -> ProfileVersion:
        """Make an earlier version of a profile the newest again, word for word; the newest itself is left as it is.

        Raises:
            InputError: there is no such version.
        """
        self.show(name, version)
        from engine.store.database import open_database
        from engine.store.profiles import get_profile, save_profile

        with open_database(self.db_url, create=False) as database:
            home = self.known.at_home(database)
            body = get_profile(database, home, self.model.id, name, version).body
            saved = version_of(save_profile(database, home, self.model.id, name, body))
            keep_copy(database, at_once=True)
            return saved

    def reset(self) -> None:
        """Use no profile."""
        self.use(None)

    def empty(self, name: str) -> Profile:
        """A profile that says nothing yet.

        Raises:
            UsageError: the name is none.
        """
        return Profile(check_name(name))

    def plain(self, profile: Profile) -> dict[str, Any]:
        """A profile as plain data with the keys of a settings file."""
        return {"name": profile.name, **settings_table(profile)}

    def changed(self, profile: Profile, words: Sequence[str]) -> Profile:
        """Apply ``KEY=VALUE`` words to a profile; saves nothing.

        Raises:
            UsageError: a word or its value is none, or the outcome makes no sense for the model.
        """
        outcome = changed_by_words(profile, words)
        self.check(outcome)
        return outcome

    def check(self, profile: Profile) -> None:
        """Refuse a profile whose budget, reserve, format, shares or globs could never make a pack for the model.

        Raises:
            UsageError: names what is wrong.
        """
        check_profile(profile, self.model)

    def differences(self, before: Profile | None, after: Profile | None) -> tuple[str, ...]:
        """What changes from one profile to another, in words; None is no profile."""
        from engine.usecases.tuning import default_weights

        return describe_difference(before, after, default_weights())

    def suggest(self, name: str = "suggested") -> Suggestion:
        """A profile made from a scan, with a reason for each choice; saves nothing.

        Raises:
            InputError: the repository cannot be scanned.
            Cancelled: on request.
        """
        return self.suggested(check_name(name))

    def export(self, profile: Profile) -> str:
        """The profile as TOML that ``import_file`` takes, here or elsewhere."""
        return written(profile)

    def export_to_repository(self, profile: Profile) -> Path:
        """Set the profile's keys in the ``.packsight.toml`` of the folder; returns the file.

        Raises:
            InputError: the file is no settings file or cannot be written, or the profiles are those of a single file.
        """
        from engine.usecases.profile_files import put_into_settings

        return put_into_settings(self.root, profile)

    def import_file(self, path: Path, name: str = "") -> Profile:
        """Read a profile from a file that ``export`` or a person wrote; saves nothing.

        Raises:
            InputError: the file cannot be read, or is wrong; names the line.
            UsageError: the profile has no name, or makes no sense for the model.
        """
        from engine.usecases.profile_files import profile_of_file

        profile = profile_of_file(path, name)
        try:
            self.check(profile)
        except UsageError as error:
            raise UsageError(f"{path}: {error.message}", error.hint) from error
        return profile

    @contextmanager
    def _reading(self) -> Iterator[Database | None]:
        if not has_database(self.db_url):
            yield None
            return
        from engine.store.database import open_database

        try:
            opened = open_database(self.db_url, create=False)
        except ServerTrouble as trouble:
            copy = last_known(address_of(self.db_url))
            if copy is None:
                raise
            self.note(trouble, copy)
            opened = open_database(f"sqlite:///{quote(copy.address.shown)}", create=False)
        with opened as database:
            keep_copy(database)
            yield database
