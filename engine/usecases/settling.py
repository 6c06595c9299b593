"""The part of the facade that settles what is asked: settings, saved budgets, profiles, and requests made of them."""

from __future__ import annotations

import contextlib
from abc import ABC, abstractmethod
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from engine.config import USER_FILE, Config, Setting, load_config
from engine.errors import InputError
from engine.events import Emit, IsCancelled, Warned, ignore
from engine.model import Model
from engine.request import PackRequest, ScanRequest, Tuning
from engine.store.address import address_of
from engine.store.paths import config_dir
from engine.store.reach import ServerTrouble
from engine.store.team.copy import last_known
from engine.usecases.outages import Outages

if TYPE_CHECKING:
    from engine.profiles import Profile, Suggestion
    from engine.profiles.layers import LayeredValue
    from engine.usecases.budgets import RepositoryBudget
    from engine.usecases.database import Upkeep
    from engine.usecases.in_force import Shelf
    from engine.usecases.known_as import KnownAs
    from engine.usecases.profiles import RepositoryProfiles
    from engine.usecases.repository import Repository


class Settling(Outages, ABC):
    """Answers about settings; whoever inherits it opens repositories and knows the models."""

    _emit: Emit
    _cancelled: IsCancelled
    _db_url: str | None

    def __init__(self) -> None:
        self._identities: dict[Path, KnownAs] = {}

    @abstractmethod
    def models(self) -> tuple[Model, ...]:
        """The catalog."""

    @abstractmethod
    def model(self, name: str) -> Model:
        """Find a model by id or alias."""

    @abstractmethod
    def repository(self, request: ScanRequest) -> Repository:
        """Open a repository."""

    def config(self, path: Path | None, flags: dict[str, object]) -> Config:
        """Settle all settings for a repository, without profiles.

        Raises:
            InputError: a configuration file is wrong.
        """
        from engine.usecases.database import database_url

        settled = load_config(path, config_dir() / USER_FILE, flags)
        self._db_url = database_url(settled, ignore)
        return settled

    def settings(self, scan: ScanRequest, config: Config) -> Config:
        """Lay the profile in force and the saved budget over the settings; ``profile`` then names it, or is empty.

        Raises:
            InputError: no repository, an unknown model, or a flag names a profile that is not saved.
            UsageError: the URL of the database makes no sense.
            Cancelled: on request.
        """
        from engine.usecases.budgets import gives_way, with_saved
        from engine.usecases.in_force import with_layers, with_profile

        shelf, own = self.shelf(scan, config), self.own_shelf(scan, config)
        settled = (
            with_profile(config, shelf, self._emit) if own is None else with_layers(config, shelf, own, self._emit)
        )
        saved = self.persisted_budget(scan, config) if gives_way(settled.settings["budget"]) else None
        self._tell_outage()
        return with_saved(settled, saved)

    def layers(self, path: Path, config: Config) -> tuple[LayeredValue, ...]:
        """Every value that packs of a repository go by, with the layer it comes from: default, team, personal, run.

        Raises:
            InputError: as ``settings``.
            UsageError: as ``settings``.
            Cancelled: on request.
        """
        from engine.usecases.in_force import explicit, own_profile
        from engine.usecases.profile_layers import layers_of

        settled = self.settings_of(path, config)
        name, scan = settled["profile"], ScanRequest(path, config["model"])
        shelf, own = self.shelf(scan, config), self.own_shelf(scan, config)
        profile, team = None, None
        if own is None:
            profile = shelf.newest(name) if name else None
        elif explicit(settled.settings["profile"]):
            profile = (shelf.newest(name) or own.newest(name)) if name else None
        else:
            profile = own_profile(own, self._emit)
            with contextlib.suppress(ServerTrouble):
                team = shelf.newest(None)
        return layers_of(path if path.is_dir() else None, settled, profile, team)

    def shown_settings(self, config: Config) -> dict[str, Setting]:
        """Settings as they may be shown: the URL of a database without its password."""
        from engine.usecases.database import shown_url

        database = config.settings["db"]
        return {**config.settings, "db": Setting(shown_url(str(database.value)), database.origin)}

    def settings_of(self, path: Path, config: Config) -> Config:
        """The same for a path that nobody is about to scan.

        Raises:
            InputError: as ``settings``.
            UsageError: as ``settings``.
            Cancelled: on request.
        """
        from engine.usecases.budgets import has_database
        from engine.usecases.known_as import standing

        url = self.database(config).url
        if path not in self._identities and has_database(url):
            self._identities[path] = standing(path, url, self._emit, self._cancelled)[0]
        return self.settings(ScanRequest(path, config["model"]), config)

    def request(self, scan: ScanRequest, config: Config, asked: Tuning | None = None, query: str = "") -> PackRequest:
        """Make a request of settings, the profile in force, the saved budget, and wishes named for this run.

        Args:
            scan: Which files, counted for which model.
            config: Settings, as ``config`` gives them.
            asked: Wishes of this run; they go before all others.
            query: What the pack is for.

        Raises:
            InputError: no repository, an unknown model, or a flag names a profile that is not saved.
            UsageError: budget, reserve or wishes make no sense.
            Cancelled: on request.
        """
        from engine.usecases.requests import pack_request

        return pack_request(scan, self.model(scan.model), self.settings(scan, config), asked or Tuning(), query)

    def variant(self, scan: ScanRequest, flags: dict[str, object], text: str) -> PackRequest:
        """One side of a comparison: settings with others in their place, as ``32k`` or ``model=gpt-5.5,rev=HEAD~5``.

        Raises:
            InputError: a model, profile or revision that it names is not there.
            UsageError: it names something that is none.
            Cancelled: on request.
        """
        from engine.usecases.requests import is_revision, variant_request

        return variant_request(self, scan, flags, text, is_revision)

    def profile(self, name: str, request: PackRequest) -> Profile:
        """The wishes of a request as a profile; saves nothing.

        Raises:
            UsageError: the name is none.
        """
        from engine.profiles import Profile, check_name

        return Profile(check_name(name), request.budget, request.reserve_tokens, request.format, request.tuning)

    def profiles(self, path: Path, model: str, config: Config) -> RepositoryProfiles:
        """The saved profiles of a repository and a model.

        Raises:
            InputError: no repository, or the model is unknown.
            Cancelled: on request.
        """
        from engine.usecases.known_as import standing
        from engine.usecases.profiles import RepositoryProfiles

        def suggested(name: str) -> Suggestion:
            from engine.usecases.suggestion import suggestion

            return suggestion(self.repository(scan), name, self._emit, self._cancelled)

        scan = ScanRequest(
            path,
            model,
            submodules=bool(config["submodules"]),
            include=tuple(config["include"]),
            exclude=tuple(config["exclude"]),
            class_rules=config.class_rules,
        )
        found, url = self.model(model), self.database(config).url
        known, revision = standing(path, url, self._emit, self._cancelled)
        self._identities[path] = known
        return RepositoryProfiles(
            known,
            found,
            config,
            url,
            revision,
            path,
            suggested,
            self._note_outage,
        )

    def shelf(self, scan: ScanRequest, config: Config) -> Shelf:
        """Where the profiles of a repository and model are; opens nothing yet.

        Raises:
            InputError: the model is unknown.
        """
        from engine.usecases.in_force import Shelf

        url = self.database(config).url
        return Shelf(lambda: self._identity(scan, url), self.model(scan.model), url, self._note_outage)

    def own_shelf(self, scan: ScanRequest, config: Config) -> Shelf | None:
        """A person's own profiles, which go before those of a team; None where the database is a person's own.

        Raises:
            InputError: the model is unknown.
        """
        from engine.usecases.in_force import Shelf
        from engine.usecases.known_as import known_as

        if address_of(self.database(config).url).path is not None:
            return None
        return Shelf(
            lambda: known_as(self.repository(scan).listing, "").name, self.model(scan.model), "", self._note_outage
        )

    def budget(self, path: Path, model: str, config: Config) -> RepositoryBudget:
        """The saved budget of a repository and a model, to show, save and clear.

        Raises:
            InputError: no repository, or the model is unknown.
            Cancelled: on request.
        """
        from engine.usecases.budgets import RepositoryBudget
        from engine.usecases.known_as import standing

        url = self.database(config).url
        known, _ = standing(path, url, self._emit, self._cancelled)
        self._identities[path] = known
        return RepositoryBudget(known, self.model(model), config, url)

    def persisted_budget(self, request: ScanRequest, config: Config) -> int | None:
        """The saved budget of a repository and model, or None; a database in trouble is a warning here.

        Raises:
            InputError: no repository, or the model is unknown.
            UsageError: the URL of the database makes no sense.
            Cancelled: on request.
        """
        from engine.usecases.budgets import has_database, persisted_budget

        url = self.database(config).url
        if not has_database(url):
            return None
        identity, model = self._identity(request, url), self.model(request.model)
        try:
            return persisted_budget(identity, model.id, url)
        except ServerTrouble as trouble:
            copy = last_known(address_of(url))
            self._note_outage(trouble, copy)
            return (
                None if copy is None else persisted_budget(identity, model.id, f"sqlite:///{quote(copy.address.shown)}")
            )
        except InputError as error:
            self._emit(Warned(f"{error.message}; going on without a saved budget"))
            return None

    def database(self, config: Config) -> Upkeep:
        """Upkeep of the database that settings name: status, upgrade, backup. Opens nothing yet."""
        from engine.usecases.database import Upkeep, database_url

        return Upkeep(database_url(config, self._emit))

    def _identity(self, scan: ScanRequest, db_url: str) -> str:
        """What the repository is known by; whoever asks is about to scan it, so it is opened for that."""
        if scan.path not in self._identities:
            from engine.usecases.known_as import known_as

            self._identities[scan.path] = known_as(self.repository(scan).listing, db_url)
        return self._identities[scan.path].name
