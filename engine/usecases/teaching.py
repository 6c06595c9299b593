"""The part of the facade that learns what packs should show: remembered packs, what became of them, and lessons."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.config import Config
from engine.errors import InputError, UsageError
from engine.events import Emit, IsCancelled, Warned
from engine.model import Model
from engine.request import PackRequest, ScanRequest, Tuning

if TYPE_CHECKING:
    from engine.profiles.learning_outcomes import Mark, ShownPack
    from engine.store.blobs import BlobCache
    from engine.usecases.database import Upkeep
    from engine.usecases.learn_lesson import Lesson
    from engine.usecases.outcomes import PackOutcomes
    from engine.usecases.pack import Packed
    from engine.usecases.profile_version import ProfileVersion
    from engine.usecases.profiles import RepositoryProfiles
    from engine.usecases.repository import Repository
    from engine.usecases.searched import Searched
    from engine.usecases.split import Split

LEARNED = "learned"
"""Name of the profile that the first lesson makes, where none is in use."""
COMMITS = 40
"""Past commits that a lesson looks for, unless somebody wants more."""
QUERIES = ("message", "none")
"""What packs of the past are made for: the message of the commit that followed, or nothing in particular."""


class Teaching(ABC):
    """Answers about learning; whoever inherits it opens repositories, settles settings and has the cache."""

    _emit: Emit
    _cancelled: IsCancelled

    @abstractmethod
    def model(self, name: str) -> Model:
        """Find a model by id or alias."""

    @abstractmethod
    def database(self, config: Config) -> Upkeep:
        """The database that settings name."""

    @abstractmethod
    def repository(self, request: ScanRequest) -> Repository:
        """Open a repository."""

    @abstractmethod
    def request(self, scan: ScanRequest, config: Config, asked: Tuning | None = None, query: str = "") -> PackRequest:
        """Make a request of settings."""

    @abstractmethod
    def profiles(self, path: Path, model: str, config: Config) -> RepositoryProfiles:
        """The saved profiles of a repository and a model."""

    @abstractmethod
    def _blobs(self) -> BlobCache: ...

    @abstractmethod
    def _model_files(self) -> tuple[Path, ...]: ...

    @abstractmethod
    def _identity(self, scan: ScanRequest, db_url: str) -> str: ...

    def remember_shown(self, key: str, request: PackRequest, packed: Packed | Split | Searched, config: Config) -> bool:
        """Remember what a recorded pack shows at which level: paths, lines, blob ids, never text; opens no database.

        Args:
            key: What ``record_pack`` returned; the report then has it as ``pack_id``. Nothing happens for ``""``.
            request: What was packed.
            packed: The pack, its parts, or what a search packed.
            config: Names the database.

        Returns:
            False where nothing was kept. Nothing that goes wrong ends what is going on.
        """
        if not key or packed.solution is None or packed.problem is None:
            return False
        packed.report["pack_id"] = key
        try:
            from engine.profiles.learning_outcomes import pack_json
            from engine.usecases.outcome_record import shown_pack
            from engine.usecases.outcomes import waiting_outcomes

            url = self.database(config).url
            root = str(self.repository(request.scan).listing.root)
            what = (packed.report, packed.solution, packed.problem)
            shown = shown_pack(key, request, *what, self._identity(request.scan, url), root)
            return waiting_outcomes(url).put({"kind": "pack", **pack_json(shown)})
        except Exception as error:
            self._emit(
                Warned(f"what the pack shows was not kept: {getattr(error, 'message', '') or type(error).__name__}")
            )
            return False

    def note_expanded(self, place: str, config: Config) -> bool:
        """Note that a place was shown in full, for the newest pack that shows less of it; says whether it was kept.

        Nothing happens where settings say ``record = false`` or no pack was remembered, and nothing fails.
        """
        if not config["record"]:
            return False
        try:
            from engine.usecases.outcomes import note_expanded
            from engine.usecases.places import parse_place

            found = parse_place(place)
            return note_expanded(self.database(config).url, found.path, found.start_line, found.end_line)
        except Exception:
            return False

    def outcomes(self, path: Path, config: Config) -> PackOutcomes:
        """Remembered packs of a repository, to list and to mark.

        Raises:
            InputError: no repository.
            UsageError: the URL of the database makes no sense.
            Cancelled: on request.
        """
        from engine.usecases.known_as import known_as
        from engine.usecases.outcomes import PackOutcomes
        from engine.walk import open_listing, other_spellings

        url = self.database(config).url
        listing = open_listing(path, emit=self._emit, cancelled=self._cancelled)
        listing.content.close()
        known = known_as(listing, url)
        names = (known.best, known.name, *other_spellings(known.best))
        return PackOutcomes(tuple(dict.fromkeys(names)), listing, url)

    @staticmethod
    def outcome_json(pack: ShownPack, marks: Sequence[Mark]) -> dict[str, Any]:
        """A remembered pack and what became of it as JSON; the keys are a contract."""
        from engine.usecases.outcomes import outcome_json

        return outcome_json(pack, marks)

    def learn(
        self, path: Path, config: Config, *, commits: int = COMMITS, query: str = "message", use_outcomes: bool = True
    ) -> Lesson:
        """Propose an update of the class weights of the profile in force, measured on later commits; saves nothing.

        Args:
            path: Repository, or a folder in one.
            config: Settings; the profile in force, or the one they name, is what is learned for.
            commits: Past commits to look for; each costs what it changed.
            query: One of ``QUERIES``.
            use_outcomes: Also go by what became of remembered packs.

        Raises:
            InputError: no repository with commits, an unknown model, or the database cannot be used.
            UsageError: a query that is none, or too few commits.
            Cancelled: on request; analyses so far are kept.
        """
        from engine.profiles import Profile
        from engine.usecases.learn import Pupil, learn
        from engine.usecases.learn_examples import Examples

        if query not in QUERIES:
            raise UsageError(f"'{query[:40]}' is no kind of query", f"one of {', '.join(QUERIES)}")
        if commits < 1:
            raise UsageError(f"{commits} commits are none", f"for instance {COMMITS}")
        scan = ScanRequest(
            path,
            config["model"],
            submodules=bool(config["submodules"]),
            include=tuple(config["include"]),
            exclude=tuple(config["exclude"]),
            class_rules=config.class_rules,
        )
        found, profiles = self.outcomes(path, config), self.profiles(path, config["model"], config)
        if not found.listing.revision:
            raise InputError(f"{path} has no commits to learn from", "name a git repository with a history")
        request = self.request(scan, config)
        name = request.profile or LEARNED
        saved = next((one for one in profiles.list() if one.profile.name == name), None)
        pupil = Pupil(
            profiles.repository, profiles.model.id,
            saved.profile if saved and request.profile else Profile(name),
            saved.version if saved else None, bool(request.profile),
        )  # fmt: skip
        told = found.list(profiles.model.id) if use_outcomes else ()
        request = replace(request, scan=replace(scan, model_files=self._model_files()))
        examples = Examples(found.listing, request, profiles.model, self._blobs(), query == "message")
        return learn(examples, told, request, pupil, query, commits, self._emit, self._cancelled)

    def keep_lesson(self, lesson: Lesson, path: Path, config: Config) -> ProfileVersion:
        """Save what a lesson proposes as a new version, and use it where no profile was in force.

        Raises:
            InputError: the lesson was refused, or the profile changed since; or as ``RepositoryProfiles.save``.
        """
        if lesson.refused:
            raise InputError(f"not applied: {lesson.refused}", "packsight profile learn shows the figures")
        profiles = self.profiles(path, lesson.model, config)
        saved = next((one for one in profiles.list() if one.profile.name == lesson.profile), None)
        if (saved.version if saved else None) != lesson.version:
            raise InputError(f"profile '{lesson.profile}' changed meanwhile", "learn again")
        kept = profiles.save(lesson.profile, lesson.proposed)
        return kept if lesson.in_force else profiles.use(lesson.profile) or kept
