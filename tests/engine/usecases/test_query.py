"""Queries against real small repositories: the index is incremental, can be stopped, and decides packs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine.errors import Cancelled
from engine.events import Event, Progress, ignore, never
from engine.inspector import Inspector
from engine.request import PackRequest, ScanRequest
from engine.usecases.query import QueryIndex, query_relevance
from engine.walk.content import ContentSource
from tests.engine.walk.repos import make

MODEL = "gpt-4o"
SUBJECTS = ("invoice", "parser", "socket", "palette", "ledger", "schedule")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "shop"
    (root / "src").mkdir(parents=True)
    for subject in SUBJECTS:
        functions = "\n\n".join(
            f"def {verb}_{subject}(given):\n"
            + "".join(f"    {subject}_{step} = given.{verb}({step})\n" for step in range(8))
            + f"    return {subject}_0"
            for verb in ("open", "close", "measure", "repair")
        )
        (root / "src" / f"{subject}.py").write_text(functions + "\n", "utf-8")
    return root


@pytest.fixture
def inspector(tmp_path: Path) -> Inspector:
    return Inspector(cache_path=tmp_path / "blobs.db")


def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    seen: list[str] = []
    original = ContentSource.read

    def read(self: ContentSource, file, limit_bytes):  # type: ignore[no-untyped-def]
        seen.append(file.path)
        return original(self, file, limit_bytes)

    monkeypatch.setattr(ContentSource, "read", read)
    return seen


def test_what_was_asked_for_is_in_the_pack_in_full(folder: Path, inspector: Inspector) -> None:
    scan = ScanRequest(folder, MODEL)
    without = inspector.pack(PackRequest(scan, 500))
    packed = inspector.pack(PackRequest(scan, 500, query="the ledger cannot be repaired: see repair_ledger"))
    assert "ledger_7 = given.repair(7)" in packed.text
    assert packed.text != without.text
    assert packed.report["query"] == "the ledger cannot be repaired: see repair_ledger"
    item = next(item for item in packed.report["items"] if item["symbol"] == "repair_ledger")
    assert item["level"] == 0
    assert "the query meets" in item["reason"]
    assert not any("the query" in item["reason"] for item in without.report["items"])


def test_different_queries_make_different_packs_and_again_the_same(folder: Path, inspector: Inspector) -> None:
    scan = ScanRequest(folder, MODEL)
    first, other, again = (
        inspector.pack(PackRequest(scan, 500, query=query)).text for query in ("socket", "palette", "socket")
    )
    assert first == again != other


def test_a_second_index_reads_nothing_and_after_a_change_one_file(
    folder: Path, inspector: Inspector, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = QueryIndex.open(inspector.repository(ScanRequest(folder, MODEL)), ignore, never)
    seen = reads(monkeypatch)
    again = QueryIndex.open(inspector.repository(ScanRequest(folder, MODEL)), ignore, never)
    assert seen == []
    assert np.array_equal(first.relevance("open socket"), again.relevance("open socket"))
    with (folder / "src" / "socket.py").open("a", encoding="utf-8") as stream:
        stream.write("\n\ndef flush_socket(buffer):\n    return buffer\n")
    changed = Inspector(cache_path=folder.parent / "blobs.db").repository(ScanRequest(folder, MODEL))
    seen.clear()
    value = QueryIndex.open(changed, ignore, never).relevance("flush the buffer")
    assert seen == ["src/socket.py"]
    columns, _ = changed.columns()
    assert columns.files[int(columns.file[value.argmax()])].path == "src/socket.py"


def test_progress_is_told_and_heeds_cancellation(folder: Path, inspector: Inspector) -> None:
    repository = inspector.repository(ScanRequest(folder, MODEL))
    with pytest.raises(Cancelled):
        QueryIndex.open(repository, ignore, lambda: True)
    events: list[Event] = []
    QueryIndex.open(repository, events.append, never)
    told = [event for event in events if isinstance(event, Progress)]
    assert {event.phase for event in told} == {"index"}
    assert told[-1].done == told[-1].total
    assert told[-1].done_bytes > 0


def test_a_file_that_changed_since_the_scan_has_no_terms_and_is_no_error(folder: Path, inspector: Inspector) -> None:
    repository = inspector.repository(ScanRequest(folder, MODEL))
    (folder / "src" / "ledger.py").write_text("gone = 1\n", "utf-8")
    (folder / "src" / "parser.py").unlink()
    value = query_relevance(repository, "measure_palette", ignore, never)
    columns, _ = repository.columns()
    assert columns.files[int(columns.file[value.argmax()])].path == "src/palette.py"


def test_a_query_of_nothing_is_no_query(folder: Path, inspector: Inspector) -> None:
    scan = ScanRequest(folder, MODEL)
    assert inspector.pack(PackRequest(scan, 500, query=" \n ")).text == inspector.pack(PackRequest(scan, 500)).text


def test_hostile_files_are_indexed(folder: Path, inspector: Inspector) -> None:
    (folder / "long.js").write_text("x" * 3_000_000, "utf-8")
    (folder / "noise.txt").write_bytes(bytes(range(1, 256)) * 4_000)
    (folder / "words.txt").write_text("\u202eword\x1b[31m " * 50_000, "utf-8")
    (folder / "a\nb [bold].py").write_text("def strange(): pass\n", "utf-8")
    repository = inspector.repository(ScanRequest(folder, MODEL))
    value = query_relevance(repository, "strange \x1b[31m [bold] \ud800", ignore, never)
    columns, _ = repository.columns()
    assert np.isfinite(value).all()
    best = int((value / columns.tokens[:, 0]).argmax())
    assert columns.files[int(columns.file[best])].path == "a\nb [bold].py"


def test_the_first_query_of_a_live_repository_says_how_far_its_index_is(folder: Path, inspector: Inspector) -> None:
    scan = ScanRequest(folder, MODEL)
    live = inspector.live(scan)
    said: list[Event] = []
    asked = PackRequest(scan, 500, query="ledger")
    with pytest.raises(Cancelled):
        live.repack(asked, lambda: bool(said), emit=said.append)
    live.repack(asked, emit=said.append)
    steps = [event for event in said if isinstance(event, Progress)]
    assert {step.phase for step in steps} == {"index"}
    assert 0 < steps[-1].done == steps[-1].total
    told = len(said)
    live.repack(PackRequest(scan, 600, query="invoice"), emit=said.append)
    assert len(said) == told
    live.close()


def test_an_index_that_was_kept_gives_the_same_and_reads_no_terms(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make(
        tmp_path / "shop", {"a.py": "def total():\n    return price()\n", "b.py": "def price():\n    return 1\n"}
    )
    scan = ScanRequest(root, "gpt-4o")
    with Inspector(cache_path=tmp_path / "blobs.db") as inspector:
        first = QueryIndex.open(inspector.repository(scan), ignore, never).explain("the price")

    def refuse(*_: object) -> None:
        raise AssertionError("the terms were put together again")

    monkeypatch.setattr("engine.usecases.query.repository_terms", refuse)
    with Inspector(cache_path=tmp_path / "blobs.db") as inspector:
        again = QueryIndex.open(inspector.repository(scan), ignore, never).explain("the price")
    assert (first.total == again.total).all()
    (root / "b.py").write_text("def price():\n    return 2\n", "utf-8")
    with (
        Inspector(cache_path=tmp_path / "blobs.db") as inspector,
        pytest.raises(AssertionError, match="put together again"),
    ):
        QueryIndex.open(inspector.repository(scan), ignore, never)


def test_an_index_with_a_file_that_could_not_be_read_is_not_kept(tmp_path: Path) -> None:
    root = make(tmp_path / "shop", {"a.py": "def total():\n    return 1\n", "b.py": "def price():\n    return 1\n"})
    scan = ScanRequest(root, "gpt-4o")
    with Inspector(cache_path=tmp_path / "blobs.db") as inspector:
        repository = inspector.repository(scan)
        text = (root / "b.py").read_text("utf-8")
        (root / "b.py").unlink()
        assert not QueryIndex.open(repository, ignore, never).explain("total").total.argmax()
        (root / "b.py").write_text(text, "utf-8")
    with Inspector(cache_path=tmp_path / "blobs.db") as inspector:
        found = QueryIndex.open(inspector.repository(scan), ignore, never).explain("price")
        assert found.lexical[1] > 0
