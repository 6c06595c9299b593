"""The part of the facade that has the blob cache: opening it, looking at it, and forgetting."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.events import Emit, Warned
from engine.store.address import address_of
from engine.store.paths import cache_dir
from engine.usecases.outages import Outages

if TYPE_CHECKING:
    from engine.store.blobs import BlobCache

CACHE_FILE = "blobs.db"


class Caching(Outages):
    """Opens one cache when it is first needed; whoever inherits it closes it."""

    _emit: Emit
    _use_cache: bool
    _cache_path: Path | None
    _cache: BlobCache | None
    _db_url: str | None

    def cache_status(self) -> dict[str, Any]:
        """What the cache holds."""
        blobs = self._blobs()
        return {"path": str(blobs.path or "memory"), **blobs.status()}

    def prune_cache(self, days: int) -> dict[str, int]:
        """Forget analyses of other versions of the program, and those not used for so many days.

        Raises:
            CacheUnusable: the cache cannot be written.
        """
        from engine.store.prune import prune_as_json

        return prune_as_json(self._blobs(), days)

    def clear_cache(self) -> int:
        """Forget all analyses; returns how many blobs were forgotten."""
        return self._blobs().clear()

    def shared(self) -> dict[str, int]:
        """What was shared with the team's server since the cache was opened; empty without one."""
        # Asked at the end of every scan: what talks to servers is not loaded where there is none.
        if self._cache is None or address_of(self._db_url).path is not None:
            return {}
        from engine.store.team.cache import shared_counts

        return shared_counts(self._cache)

    def _opened(self, path: Path) -> BlobCache:
        from engine.store.blobs import BlobCache

        address = address_of(self._db_url)
        if address.path is not None:
            return BlobCache(path)
        from engine.store.team.cache import TeamCache

        return TeamCache(path, address, self._note_outage)

    def _blobs(self) -> BlobCache:
        if self._cache is None:
            from engine.store.blobs import BlobCache, CacheUnusable

            path = self._cache_path or cache_dir() / CACHE_FILE
            try:
                self._cache = self._opened(path) if self._use_cache else BlobCache(None)
            except CacheUnusable as error:
                self._emit(Warned(f"{error.message}; going on without it"))
                self._cache = BlobCache(None)
            if self._cache.set_aside:
                self._emit(Warned(f"the cache was damaged; it was moved to {self._cache.set_aside} and is rebuilt"))
        return self._cache
