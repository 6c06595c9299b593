from __future__ import annotations

import time
from pathlib import Path

import pytest

from engine.inspector import Inspector
from engine.request import PackRequest, ScanRequest
from engine.store import blobs
from engine.store.blobs import BlobCache
from engine.store.prune import prune
from tests.engine.store.test_blobs import KEY, record
from tests.sample import make_repository

DAY_S = 86_400
OTHER = b"o" * 28


def later(monkeypatch: pytest.MonkeyPatch, days: float) -> None:
    now_s = time.time() + days * DAY_S
    monkeypatch.setattr(time, "time", lambda: now_s)


def test_what_is_unused_for_long_goes_and_what_is_used_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    with BlobCache(None) as cache:
        cache.save("o200k_base", [(KEY, record()), (OTHER, record())])
        cache.keep_snapshot("here", b"d", b"state")
        assert prune(cache, 30).blobs == 0
        later(monkeypatch, 20)
        cache.touch([KEY])
        later(monkeypatch, 20)
        gone = prune(cache, 30)
        assert (gone.blobs, gone.repositories) == (1, 1)
        assert cache.records([KEY, OTHER], "o200k_base").keys() == {KEY}
        assert cache.details([KEY, OTHER]).keys() == {KEY}


def test_what_another_version_of_the_program_made_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    with BlobCache(None) as cache:
        with monkeypatch.context() as older:
            older.setattr(blobs, "analyzer_version", lambda: b"older")
            older.setattr(blobs, "summary_version", lambda: b"older")
            cache.save("o200k_base", [(OTHER, record())])
            cache.keep_snapshot("there", b"d", b"state")
        cache.save("o200k_base", [(KEY, record())])
        cache.keep_snapshot("here", b"d", b"state")
        gone = prune(cache, 30)
        assert (gone.blobs, gone.repositories) == (1, 1)
        assert cache.status()["blobs"] == cache.status()["repositories"] == 1
        assert cache.snapshot("here", b"d") == b"state"


def test_a_repository_that_is_scanned_now_and_then_stays_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scan = ScanRequest(make_repository(tmp_path / "shop"), "gpt-4o")
    path = tmp_path / "blobs.db"
    for days in (0, 20, 20):
        later(monkeypatch, days)
        with Inspector(cache_path=path) as inspector:
            inspector.scan(scan)
    with Inspector(cache_path=path) as inspector:
        assert inspector.prune_cache(30)["repositories"] == 0
        assert inspector.pack(PackRequest(scan, "9k")).report["cache"]["misses"] == 0
        later(monkeypatch, 40)
        assert inspector.prune_cache(30)["blobs"] > 0
    with Inspector(cache_path=path) as inspector:
        assert inspector.scan(scan)["cache"]["hits"] == 0


def test_room_is_given_back_to_the_disk(tmp_path: Path) -> None:
    with BlobCache(tmp_path / "blobs.db") as cache:
        cache.save("o200k_base", [(bytes([at]) * 28, record(bytes(range(256)) * 200)) for at in range(40)])
        cache.shrink()
        full = cache.status()["size_bytes"]
        gone = prune(cache, -1)
        assert gone.blobs == 40
        assert gone.freed_bytes == full - gone.size_bytes > full / 2
