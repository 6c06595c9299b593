"""Search terms in the blob cache."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from engine.store.blobs import BlobCache

ROWS = [(b"one", b"first terms"), (b"two", b""), (b"three", bytes(range(256)) * 50)]


def test_terms_come_back_to_the_version_that_made_them(tmp_path: Path) -> None:
    with BlobCache(tmp_path / "blobs.db") as cache:
        cache.save_terms(b"v1", ROWS)
        assert cache.terms([key for key, _ in ROWS] + [b"unknown"], b"v1") == dict(ROWS)
        assert cache.terms([b"one"], b"v2") == {}
    with BlobCache(tmp_path / "blobs.db") as cache:
        assert cache.terms([b"one"], b"v1") == {b"one": b"first terms"}


def test_another_version_replaces_and_forgetting_forgets() -> None:
    cache = BlobCache(None)
    cache.save_terms(b"v1", ROWS)
    cache.save_terms(b"v2", [(b"one", b"other terms")])
    assert cache.terms([b"one", b"two"], b"v1") == {b"two": b""}
    assert cache.terms([b"one"], b"v2") == {b"one": b"other terms"}
    cache.forget([b"one"], "nowhere")
    assert cache.terms([b"one"], b"v2") == {}
    cache.clear()
    assert cache.terms([b"two"], b"v1") == {}


def test_damaged_terms_are_absent(tmp_path: Path) -> None:
    path = tmp_path / "blobs.db"
    with BlobCache(path) as cache:
        cache.save_terms(b"v1", ROWS)
    with sqlite3.connect(path) as db:
        db.execute("UPDATE terms SET data = X'0011223344556677' WHERE key = ?", (b"one",))
    db.close()
    with BlobCache(path) as cache:
        assert cache.terms([b"one", b"two"], b"v1") == {b"two": b""}
