"""What earlier commits changed counts for queries of their words: end to end, and only up to the packed commit."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.inspector import Inspector
from engine.request import PackRequest, ScanRequest
from engine.usecases import past
from engine.usecases.past import recent_past
from engine.usecases.query import QueryIndex
from tests.engine.walk.repos import commit, make, write

MODEL = "gpt-4o"


def source(names: list[str], extra: str = "") -> str:
    return "\n\n".join(f"def {name}(given):\n    {name}_kept = given\n    return {name}_kept{extra}" for name in names)


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    names = [f"work_{letter}" for letter in "abcdefgh"]
    root = make(tmp_path / "r", {"one.py": source(names), "two.py": source([f"other_{name}" for name in names])})
    changed = source(names).replace("work_e_kept = given", "work_e_kept = given + 1")
    write(root, {"one.py": changed})
    commit(root, "Round the corners of thumbnails")
    return root


def hits(inspector: Inspector, repo: Path, rev: str | None = None) -> dict[str, float]:
    request = PackRequest(ScanRequest(repo, MODEL, rev=rev), 800, query="round the corners of thumbnails given")
    return {hit.symbol: hit.why["past"] for hit in inspector.search(request).hits}


def test_a_commit_of_those_words_lifts_what_it_changed(repo: Path, tmp_path: Path) -> None:
    with Inspector(cache_path=tmp_path / "blobs.db") as inspector:
        found = hits(inspector, repo)
        assert next(iter(found)) == "work_e"
        assert found["work_e"] > 0.1
        packed = inspector.pack(
            PackRequest(ScanRequest(repo, MODEL), 800, query="round the corners of thumbnails given")
        )
        item = next(item for item in packed.report["items"] if item["symbol"] == "work_e")
        assert "earlier commits" in item["reason"]


def test_a_revision_knows_what_came_before_it_and_no_more(repo: Path, tmp_path: Path) -> None:
    with Inspector(cache_path=tmp_path / "blobs.db") as inspector:
        assert hits(inspector, repo, "HEAD~1")["work_e"] == 0
        assert hits(inspector, repo, "HEAD")["work_e"] > 0


def test_history_is_read_once_per_commit(repo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Inspector(cache_path=tmp_path / "blobs.db") as inspector:
        first = recent_past(inspector.repository(ScanRequest(repo, MODEL)))
        monkeypatch.setattr(past, "recent_commits", lambda listing: pytest.fail("read again"))
        again = recent_past(inspector.repository(ScanRequest(repo, MODEL)))
    assert first.paths == again.paths
    assert first.line.tolist() == again.line.tolist()
    assert first.terms.tolist() == again.terms.tolist()


def test_a_folder_has_no_past(tmp_path: Path) -> None:
    write(tmp_path / "plain", {"a.py": "def round_corners():\n    return 1\n"})
    with Inspector(cache_path=tmp_path / "blobs.db") as inspector:
        opened = inspector.repository(ScanRequest(tmp_path / "plain", MODEL))
        assert len(recent_past(opened).sizes) == 0
        request = PackRequest(ScanRequest(tmp_path / "plain", MODEL), 500, query="round corners")
        assert "def round_corners" in inspector.pack(request).text


def test_what_was_changed_lately_is_a_reason_of_its_own(repo: Path, tmp_path: Path) -> None:
    with Inspector(cache_path=tmp_path / "blobs.db") as inspector:
        request = PackRequest(ScanRequest(repo, MODEL), 800, query="what keeps the given work")
        why = {hit.symbol: hit.why for hit in inspector.search(request).hits}
        assert why["work_e"]["recent"] > why["work_d"]["recent"] > 0
        # Nobody asks for anything: what was changed lately is no answer to words that are nowhere.
        assert not inspector.search(PackRequest(ScanRequest(repo, MODEL), 800, query="zzyzx")).hits


def test_the_second_query_opens_nothing_again(repo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scan = ScanRequest(repo, MODEL)
    with Inspector(cache_path=tmp_path / "blobs.db") as inspector:
        first = inspector.pack(PackRequest(scan, 800, query="corners of thumbnails")).text
        monkeypatch.setattr(QueryIndex, "open", lambda *given: pytest.fail("opened again"))
        assert inspector.search(PackRequest(scan, 800, query="work given")).hits
        assert inspector.pack(PackRequest(scan, 800, query="corners of thumbnails")).text == first
        other = inspector.pack(PackRequest(scan, 800, query="other work given")).text
    with Inspector(cache_path=tmp_path / "other.db") as inspector:
        monkeypatch.undo()
        assert inspector.pack(PackRequest(scan, 800, query="other work given")).text == other
