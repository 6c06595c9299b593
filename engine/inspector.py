"""The facade: everything a front end may ask of the engine, and the only engine module with behaviour it imports.

```python
from pathlib import Path
from engine.inspector import Inspector
from engine.request import PackRequest, ScanRequest

with Inspector() as inspector:
    scan = ScanRequest(Path("."), model="gpt-5.5")
    print(inspector.scan(scan)["tokens"])
    print(inspector.pack(PackRequest(scan, budget="8k")).text)
```
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

from engine.config import Config
from engine.events import Emit, IsCancelled, Warned, ignore, never
from engine.model import ChunkClass
from engine.request import PackRequest, ScanRequest
from engine.store.paths import Folders, cache_dir, config_dir, data_dir
from engine.usecases.caching import Caching
from engine.usecases.calling import Calling
from engine.usecases.catalogued import Catalogued
from engine.usecases.checking import FORMATS_OF_VERDICTS as FORMATS_OF_VERDICTS
from engine.usecases.checking import Checking
from engine.usecases.extended import Extended
from engine.usecases.learning import Learning
from engine.usecases.reading import Reading
from engine.usecases.settling import Settling
from engine.usecases.teaching import Teaching
from engine.usecases.watching import UNITS as UNITS
from engine.usecases.watching import Watching

if TYPE_CHECKING:
    from engine.gate import Verdict as Verdict
    from engine.live import Chart as Chart
    from engine.live import Live as Live
    from engine.live import Moved as Moved
    from engine.profiles import Profile as Profile
    from engine.profiles.layers import LayeredValue as LayeredValue
    from engine.profiles.learning_outcomes import Mark as Mark
    from engine.profiles.learning_outcomes import ShownPack as ShownPack
    from engine.store.blobs import BlobCache
    from engine.usecases.calibrate import Calibration as Calibration
    from engine.usecases.compare import Comparison as Comparison
    from engine.usecases.compare import Difference as Difference
    from engine.usecases.learn_lesson import Lesson as Lesson
    from engine.usecases.pack import Packed as Packed
    from engine.usecases.profile_version import ProfileVersion as ProfileVersion
    from engine.usecases.profiles import RepositoryProfiles as RepositoryProfiles
    from engine.usecases.recount import ModelCount as ModelCount
    from engine.usecases.repository import Repository
    from engine.usecases.searched import Searched as Searched
    from engine.usecases.split import Split as Split
    from engine.usecases.watch_text import EditedText as EditedText
    from engine.usecases.watch_text import Snapshot as Snapshot
    from engine.usecases.watching import Unit as Unit

__all__ = ["FORMATS_OF_VERDICTS", "Inspector"]

T = TypeVar("T")


class Inspector(Caching, Catalogued, Settling, Learning, Calling, Teaching, Reading, Checking, Watching, Extended):
    """Scans, packs, shows and counts, sharing one cache. Close it, or use it as a context manager.

    Long calls report through ``emit`` and stop with ``Cancelled`` soon after ``cancelled`` says so.
    """

    def __init__(
        self,
        *,
        use_cache: bool = True,
        emit: Emit = ignore,
        cancelled: IsCancelled = never,
        cache_path: Path | None = None,
    ) -> None:
        """Prepare; files are opened when they are needed.

        Args:
            use_cache: False keeps everything in memory and writes nothing.
            emit: Receives progress and warnings.
            cancelled: Asked several times a second.
            cache_path: File of the blob cache; by default in the user's cache directory.
        """
        super().__init__()
        self._use_cache = use_cache
        self._emit = emit
        self._cancelled = cancelled
        self._cache_path = cache_path
        self._cache: BlobCache | None = None
        self._open: tuple[ScanRequest, Repository] | None = None
        self._told: set[str] = set()

    def __enter__(self) -> Inspector:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the cache and the processes that read objects."""
        self._tell_of_plugins()
        if self._open is not None:
            self._open[1].listing.content.close()
            self._open = None
        if self._cache is not None:
            self._cache.close()
            self._cache = None
        self._tell_outage()

    # -- what can be asked ---------------------------------------------------------------------------------------

    def default_weights(self) -> dict[ChunkClass, float]:
        """Weights of classes that nothing was said about."""
        from engine.usecases.tuning import default_weights

        return default_weights()

    def repository(self, request: ScanRequest, *, soon: str = "") -> Repository:
        """Open a repository; asking again for the same one costs nothing. ``soon`` is as for ``open_repository``.

        Raises:
            InputError: no repository, or the model is unknown.
            Cancelled: on request.
        """
        from engine.usecases.repository import open_repository

        if self._open is None or self._open[0] != request:
            known = replace(request, model_files=self._model_files())
            model = self.model(request.model)
            opened = open_repository(known, model, self._blobs(), self._emit, self._cancelled, soon=soon)
            self._open = (request, opened)
            self._tell_of_plugins()
        return self._open[1]

    def scan(self, request: ScanRequest) -> dict[str, Any]:
        """Profile of a repository: the scan's JSON.

        Raises:
            InputError: no repository, or the model is unknown.
            Cancelled: on request.
        """
        opened = self.repository(request, soon="scan")
        from engine.usecases.report import scan_report

        return scan_report(opened)

    def pack(self, request: PackRequest, *, record: Config | None = None) -> Packed:
        """Pack a repository into a budget.

        Args:
            request: What to pack, and into how much.
            record: Settings under which the pack is written down in the telemetry; None leaves no trace of it.

        Raises:
            InputError: no repository, or the model is unknown.
            UsageError: budget, format or tuning make no sense.
            BudgetTooSmall: nothing fits.
            Cancelled: on request.
        """
        self.repository(request.scan, soon="pack")
        from engine.usecases.pack import pack_repository

        packed = self._packed(request, lambda opened: pack_repository(opened, request, self._emit, self._cancelled))
        if record is not None:
            self.record_pack(request, packed.report, record)
        return packed

    def split(self, request: PackRequest, size: str | int, *, whole: bool = True) -> Split:
        """Pack into parts of at most so many tokens each, files in the order of their paths.

        Args:
            request: As for ``pack``.
            size: Tokens of a part, or a written form such as ``32k``.
            whole: Everything in scope in full; otherwise what fits the budget of the request.

        Raises:
            PacksightError: as ``pack``.
        """
        from engine.usecases.split import split_repository as split

        return self._packed(request, lambda opened: split(opened, request, size, whole, self._emit, self._cancelled))

    def search(self, request: PackRequest, intent: str = "", limit: int = 20) -> Searched:
        """Find what answers the query of a request, and pack it: best hits in full, the rest degraded around them.

        Args:
            request: As for ``pack``, with a query.
            intent: What the query is after, when the rules are not to decide.
            limit: Hits that are listed at most.

        Raises:
            UsageError: no query, an unknown intent, a limit below 1; and as ``pack``.
            PacksightError: as ``pack``.
        """
        from engine.usecases.search import search_repository as search

        return self._packed(request, lambda opened: search(opened, request, intent, limit, self._emit, self._cancelled))

    def live(self, request: ScanRequest, *, emit: Emit | None = None, cancelled: IsCancelled | None = None) -> Live:
        """Open a repository for packing it again and again; each call looks at the files anew.

        Args:
            request: Which files, counted for which model.
            emit: Receives the events of this scan instead of the inspector's own.
            cancelled: Asked during this scan instead of the inspector's own.

        Raises:
            InputError: no repository, or the model is unknown.
            Cancelled: on request.
        """
        from engine.usecases.live import LiveRepository
        from engine.usecases.repository import open_repository

        emit, cancelled = emit or self._emit, cancelled or self._cancelled
        known = replace(request, model_files=self._model_files())
        opened = open_repository(known, self.model(request.model), self._blobs(), emit, cancelled)
        if self._open is not None:
            self._open[1].listing.content.close()
        # What else is asked of the facade from now on is about the files as they were found now.
        self._open = (request, opened)
        return LiveRepository(opened, request, emit, cancelled)

    @staticmethod
    def moved(old: Chart, new: Chart) -> Moved:
        """Where the chunks and files of a repository are after it was opened again."""
        from engine.usecases.moved import moved

        return moved(old, new)

    def command_line(self, request: PackRequest) -> str:
        """The shell command that gives the same pack here and now.

        Raises:
            InputError: the model is unknown, or a configuration file is wrong.
        """
        from engine.usecases.command_line import command_line
        from engine.usecases.wishes import format_of

        root = request.scan.path
        config = self.config(root if root.is_dir() else None, {})
        if config["format"] and not request.format:
            request = replace(request, format=format_of(request, self.model(request.scan.model)))
        return command_line(request, config)

    def diff(self, left: PackRequest, right: PackRequest) -> Comparison:
        """Pack twice and compare: what enters, what leaves, what changes level.

        Raises:
            PacksightError: as ``pack``.
        """
        from engine.usecases.compare import compare
        from engine.usecases.compare_match import unchanged

        one, files = self.pack(left), self.repository(left.scan).identified
        other = self.pack(right)
        return compare(one, other, unchanged(files, self.repository(right.scan).identified))

    def models_at_once(self, request: PackRequest, models: Sequence[str]) -> tuple[ModelCount, ...]:
        """Pack once and count the text for several models.

        Raises:
            PacksightError: as ``pack``.
        """
        from engine.usecases.recount import recount

        known = [self.model(name) for name in models]
        packed = self.pack(request)
        return recount(packed.text, packed.report["quality"], known)

    def folders(self) -> Folders:
        """Where files of the person live."""
        return Folders(config_dir(), data_dir(), cache_dir())

    # -- inside --------------------------------------------------------------------------------------------------

    def _packed(self, request: PackRequest, pack: Callable[[Repository], T]) -> T:
        from engine.scan.texts import ChangedMeanwhile
        from engine.usecases.unmatched import warn_unmatched

        try:
            packed = pack(self.repository(request.scan))
        except ChangedMeanwhile as change:
            self._emit(Warned(f"{change.message}; scanning again"))
            self.repository(request.scan).distrust(change.key)
            self._open = None
            packed = pack(self.repository(request.scan))
        warn_unmatched(self.repository(request.scan), request.tuning, self._emit)
        return packed
