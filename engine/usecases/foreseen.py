"""What opening a repository comes to need, made ready while git looks at the files: nothing else can be done then.

A scan of a known state spends most of its time on starting: modules, a digest of the program, the kept state. Git
needs its own time for the files, on another core, and what is loaded meanwhile is not waited for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from engine.scan.version import summary_version
from engine.tokens import warm

if TYPE_CHECKING:
    from engine.store.blobs import BlobCache

_WORKERS_NEED = ("engine.scan.plan", "engine.scan.run", "engine.scan.worker")
_ASSEMBLING_NEEDS = ("engine.scan.assemble", "engine.render.layout", "engine.usecases.summary")
_NEXT = {
    "": (),
    # The report and, for the command, the profile in force.
    "scan": ("engine.usecases.report", "engine.usecases.in_force", "engine.usecases.known_as"),
    # ``numpy.unique`` loads ``numpy.ma`` when it is first called.
    "pack": ("engine.usecases.pack", "numpy.ma", "engine.usecases.unmatched"),
}


class Foreseen:
    """Loads ahead, for one opening of a repository."""

    def __init__(self, cache: BlobCache, place_of: Callable[[Path], str], encoding: str, soon: str = "") -> None:
        """Prepare; nothing is loaded yet.

        Args:
            cache: Knows the state that the repository was last seen in.
            place_of: Name of a root in the cache.
            encoding: Vocabulary that workers would count with.
            soon: What is done once the repository is open: ``scan``, ``pack`` or nothing known.
        """
        self._cache = cache
        self._place_of = place_of
        self._encoding = encoding
        self._soon = _NEXT[soon]
        self._last: tuple[bytes, bytes] | None = None

    def while_git_works(self, root: Path) -> None:
        """Load what the end of a scan needs where the state may be a known one, else what workers need."""
        summary_version()
        self._last = self._cache.last_snapshot(self._place_of(root))
        if self._last is not None:
            _load(self._soon)
        else:
            _load(_WORKERS_NEED)
            warm(self._encoding)

    def while_workers_work(self) -> None:
        """Load what follows the analysis: forked workers stay small, and a known state never needs most of it."""
        _load((*_ASSEMBLING_NEEDS, *self._soon))

    def state(self, place: str, digest: bytes) -> bytes | None:
        """What is kept of a repository in this very state, read ahead or now."""
        if self._last is not None and self._last[0] == digest:
            return self._last[1]
        return self._cache.snapshot(place, digest)


def _load(modules: Sequence[str]) -> None:
    for name in modules:
        import_module(name)
