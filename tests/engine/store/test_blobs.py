from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from engine.scan.record import BlobRecord
from engine.store.blobs import BlobCache, CacheUnusable

KEY = b"k" * 28


def record(counts: bytes = b"\1\0\0\0" * 6) -> BlobRecord:
    return BlobRecord("6b" * 20, "", "python", "", 3, 30, ["f"], b"r" * 30, counts, b"g", b"d")


def test_what_was_saved_is_found_after_reopening(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "blobs.db"
    with BlobCache(path) as cache:
        cache.save("o200k_base", [(KEY, record())])
    with BlobCache(path) as cache:
        head, rows, counts = cache.records([KEY, b"unknown"], "o200k_base")[KEY]
        assert (head, rows, counts) == (record().head(), record().rows, record().counts)
        assert cache.details([KEY]) == {KEY: b"d"}
        assert cache.graphs([KEY]) == {KEY: b"g"}


def test_counts_of_another_vocabulary_are_not_mixed_up(tmp_path: Path) -> None:
    with BlobCache(tmp_path / "blobs.db") as cache:
        cache.save("o200k_base", [(KEY, record())])
        assert cache.records([KEY], "cl100k_base")[KEY][2] is None
        recount = BlobRecord("6b" * 20, "", "", "", 0, 30, [], b"", b"\2\0\0\0" * 6, b"", b"")
        cache.save("cl100k_base", [(KEY, recount)])
        head, _, counts = cache.records([KEY], "cl100k_base")[KEY]
        assert counts == recount.counts
        assert head == record().head()
        assert cache.records([KEY], "o200k_base")[KEY][2] == record().counts


def test_a_file_that_is_no_database_is_set_aside_and_rebuilt(tmp_path: Path) -> None:
    path = tmp_path / "blobs.db"
    path.write_bytes(b"this is no database" * 1000)
    with BlobCache(path) as cache:
        assert cache.set_aside is not None
        assert cache.set_aside.read_bytes().startswith(b"this is no database")
        cache.save("o200k_base", [(KEY, record())])
        assert KEY in cache.records([KEY], "o200k_base")


def test_a_flipped_bit_makes_a_row_unknown_not_wrong(tmp_path: Path) -> None:
    path = tmp_path / "blobs.db"
    with BlobCache(path) as cache:
        cache.save("o200k_base", [(KEY, record()), (b"other", record())])
    db = sqlite3.connect(path)
    (data,) = db.execute("SELECT data FROM counts WHERE key = ?", (KEY,)).fetchone()
    flipped = data[:-1] + bytes([data[-1] ^ 1])
    db.execute("UPDATE counts SET data = ? WHERE key = ?", (flipped, KEY))
    db.commit()
    db.close()
    with BlobCache(path) as cache:
        assert cache.records([KEY, b"other"], "o200k_base").keys() == {b"other"}


def test_damaged_pages_are_found_while_reading_and_the_cache_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "blobs.db"
    keys = [bytes([i]) * 28 for i in range(200)]
    with BlobCache(path) as cache:
        cache.save("o200k_base", [(key, record(b"\1\0\0\0" * 600)) for key in keys])
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(8192)
        file.write(b"\xff" * (size - 8192))
    with BlobCache(path) as cache:
        cache.records(keys, "o200k_base")
        cache.save("o200k_base", [(KEY, record())])
        assert KEY in cache.records([KEY], "o200k_base")


def test_a_folder_that_cannot_be_written_is_one_clear_error(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    with pytest.raises(CacheUnusable, match="cannot be used"):
        BlobCache(blocked / "blobs.db")


def test_an_older_schema_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "blobs.db"
    db = sqlite3.connect(path)
    db.execute("CREATE TABLE head (something TEXT)")
    db.execute("PRAGMA user_version = 999")
    db.commit()
    db.close()
    with BlobCache(path) as cache:
        cache.save("o200k_base", [(KEY, record())])
        assert KEY in cache.records([KEY], "o200k_base")


def test_snapshots_belong_to_one_state(tmp_path: Path) -> None:
    with BlobCache(tmp_path / "blobs.db") as cache:
        cache.keep_snapshot("here", b"state 1", b"data")
        assert cache.snapshot("here", b"state 1") == b"data"
        assert cache.snapshot("here", b"state 2") is None
        assert cache.snapshot("there", b"state 1") is None


def test_two_open_caches_share_one_file(tmp_path: Path) -> None:
    path = tmp_path / "blobs.db"
    with BlobCache(path) as one, BlobCache(path) as two:
        one.save("o200k_base", [(b"one", record())])
        two.save("o200k_base", [(b"two", record())])
        assert one.records([b"one", b"two"], "o200k_base").keys() == {b"one", b"two"}


def test_clearing_forgets_everything(tmp_path: Path) -> None:
    with BlobCache(tmp_path / "blobs.db") as cache:
        cache.save("o200k_base", [(KEY, record())])
        assert cache.clear() == 1
        assert cache.records([KEY], "o200k_base") == {}
        assert cache.status()["blobs"] == 0
