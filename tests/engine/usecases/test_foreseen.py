"""What is read ahead while git works is believed only for the state that it belongs to."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from engine.inspector import Inspector
from engine.request import ScanRequest
from engine.store.blobs import BlobCache
from engine.usecases.foreseen import Foreseen
from tests.engine.walk.repos import make


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    path = tmp_path / "cache" / "blobs.db"
    with BlobCache(path) as cache:
        cache.keep_snapshot("here", b"state 1", b"data 1")
    return path


def test_a_state_is_given_by_its_digest_only(kept: Path) -> None:
    with BlobCache(kept) as cache:
        foreseen = Foreseen(cache, lambda root: "here", "o200k_base")
        foreseen.while_git_works(Path("/"))
        assert foreseen.state("here", b"state 1") == b"data 1"
        assert foreseen.state("here", b"state 2") is None


def test_what_another_process_kept_meanwhile_is_found(kept: Path) -> None:
    with BlobCache(kept) as cache, BlobCache(kept) as other:
        foreseen = Foreseen(cache, lambda root: "here", "o200k_base")
        foreseen.while_git_works(Path("/"))
        other.keep_snapshot("here", b"state 2", b"data 2")
        assert foreseen.state("here", b"state 2") == b"data 2"


def test_a_damaged_state_is_none(kept: Path) -> None:
    with sqlite3.connect(kept) as database:
        database.execute("UPDATE snapshot SET data = x'00112233445566'")
    database.close()
    with BlobCache(kept) as cache:
        assert cache.last_snapshot("here") is None
        assert cache.last_snapshot("there") is None


@pytest.mark.parametrize("soon", ["", "scan", "pack"])
def test_a_changed_file_is_seen_whatever_was_read_ahead(tmp_path: Path, soon: str) -> None:
    root = make(tmp_path / "root", {"a.py": "a = 1\n"})
    request = ScanRequest(root, "gpt-5.5")
    path = tmp_path / "blobs.db"
    for text in ("a = 1\n", "a = 1\nb = 2\n", "a = 1\nb = 2\n"):
        (root / "a.py").write_text(text)
        with Inspector(cache_path=path) as inspector:
            opened = inspector.repository(request, soon=soon)
            columns, _ = opened.columns()
            assert int(columns.end_line.max()) == text.count("\n")
    assert opened.misses == 0
