from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.chunk import code
from engine.classify import Rules
from engine.errors import Cancelled, InputError
from engine.events import Progress
from engine.scan import pool, run, worker
from engine.scan.identity import identify
from engine.scan.plan import batches, plan
from engine.scan.pool import Pool
from engine.scan.record import BlobRecord
from engine.scan.run import Analysed, analyse
from engine.scan.settings import Settings
from engine.scan.worker import Task
from engine.store.blobs import BlobCache
from engine.walk import ContentSource, Listing, open_listing
from tests.sample import make_repository

ENCODING = "o200k_base"


def many_files(number: int) -> dict[str, str | bytes]:
    body = "\n".join(f"def f{i}(x):\n    return x + {i}\n" for i in range(120))
    return {f"pkg/m{i}.py": f"NAME = {i}\n\n\n{body}" for i in range(number)}


@pytest.fixture
def listing(tmp_path: Path) -> Listing:
    return open_listing(make_repository(tmp_path / "shop"))


@pytest.fixture
def large(tmp_path: Path) -> Listing:
    return open_listing(make_repository(tmp_path / "large", many_files(60)))


def numbers(analysed: Analysed) -> dict[str, tuple[Any, ...]]:
    """Everything that matters of an analysis, by path."""
    return {
        entry.file.path: (tuple(map(str, head)), rows, counts)
        for entry, head, rows, counts in zip(
            analysed.entries, analysed.heads, analysed.rows, analysed.counts, strict=True
        )
    }


def test_a_second_scan_reads_no_file_and_starts_no_worker(large: Listing, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = BlobCache(None)
    first = analyse(large, Settings(ENCODING), cache)

    def refuse(*_: object, **__: object) -> bytes:
        raise AssertionError("a file was read")

    monkeypatch.setattr(ContentSource, "read", refuse)
    monkeypatch.setattr(run, "Pool", refuse)
    second = analyse(large, Settings(ENCODING), cache)
    assert (first.hits, first.misses) == (0, 60)
    assert (second.hits, second.misses) == (60, 0)
    assert numbers(second) == numbers(first)


def test_only_changed_and_new_files_are_analysed(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "shop")
    cache = BlobCache(None)
    before = analyse(open_listing(root), Settings(ENCODING), cache)
    (root / "shop/money.py").write_text("CENTS = 1\n")
    (root / "new.py").write_text("NEW = 1\n")
    after = analyse(open_listing(root), Settings(ENCODING), cache)
    assert after.misses == 2
    assert numbers(after)["shop/orders.py"] == numbers(before)["shop/orders.py"]
    assert numbers(after)["shop/money.py"] != numbers(before)["shop/money.py"]


def test_workers_give_what_one_process_gives(large: Listing) -> None:
    alone = analyse(large, Settings(ENCODING), None, workers=1)
    together = analyse(large, Settings(ENCODING), None, workers=3)
    assert numbers(together) == numbers(alone)


def test_binary_and_empty_files_are_skipped_with_the_reason_and_remembered(listing: Listing) -> None:
    cache = BlobCache(None)
    first = analyse(listing, Settings(ENCODING), cache)
    again = analyse(listing, Settings(ENCODING), cache)
    reasons = {item.path: item.reason for item in first.skipped}
    assert reasons.keys() == {"logo.png", "shop/__init__.py"}
    assert "binary" in reasons["logo.png"]
    assert again.skipped == first.skipped
    assert again.misses == 0


@pytest.mark.parametrize("other", ["cl100k_base", "claude-4.7"])
def test_another_vocabulary_counts_again_without_parsing(
    listing: Listing, other: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh = analyse(listing, Settings(other), None)
    cache = BlobCache(None)
    analyse(listing, Settings(ENCODING), cache)

    def refuse(*_: object, **__: object) -> BlobRecord:
        raise AssertionError("a file was parsed again")

    monkeypatch.setattr(worker, "analyze", refuse)
    recounted = analyse(listing, Settings(other), cache)
    assert recounted.misses > 0
    assert numbers(recounted) == numbers(fresh)


def test_cancelling_keeps_what_was_analysed(large: Listing) -> None:
    cache = BlobCache(None)
    seen: list[object] = []

    def note(event: object) -> None:
        if isinstance(event, Progress):
            seen.append(event)

    with pytest.raises(Cancelled):
        analyse(large, Settings(ENCODING), cache, emit=note, cancelled=lambda: len(seen) >= 5)
    known = cache.records([entry.key for entry in plan(identify(large, []))], ENCODING)
    assert 5 <= len(known) < 60
    assert analyse(large, Settings(ENCODING), cache).hits == len(known)


def poisoned(poison: Callable[[], object]) -> Callable[..., BlobRecord]:
    """``run_task`` that does something terrible for one file, unless it is only read as text."""
    original = worker.run_task

    def run_poisoned(task: Task, content: ContentSource, settings: Settings, rules: Rules) -> BlobRecord:
        if task.file.path == "pkg/m7.py" and not task.text_only:
            poison()
        return original(task, content, settings, rules)

    return run_poisoned


@pytest.mark.parametrize(
    "poison",
    [lambda: os.kill(os.getpid(), signal.SIGKILL), lambda: os._exit(3), signal.pause],
    ids=["kill", "exit", "hang"],
)
def test_a_file_that_kills_or_hangs_its_worker_costs_only_itself(
    large: Listing, poison: Callable[[], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "run_task", poisoned(poison))
    # Only a forked worker inherits the poison.
    monkeypatch.setattr(pool, "_start_method", lambda: "fork")
    tasks = [Task(entry.file, entry.file_class, large.object_format) for entry in plan(identify(large, []))]
    workers = Pool(large.content, Settings(ENCODING), size=2, stall_s=1.0)
    answers = {
        task.file.path: (task.text_only, record)
        for task, record in workers.run(batches(tasks, [5_000] * len(tasks)), lambda: False)
    }
    assert len(answers) == 60
    assert all(record.rows for _, record in answers.values())
    assert [path for path, (text_only, _) in answers.items() if text_only] == ["pkg/m7.py"]


def test_a_file_that_always_kills_its_worker_is_skipped_with_the_reason(
    large: Listing, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = worker.run_task

    def run_poisoned(task: Task, content: ContentSource, settings: Settings, rules: Rules) -> BlobRecord:
        if task.file.path == "pkg/m7.py":
            os._exit(3)
        return original(task, content, settings, rules)

    monkeypatch.setattr(worker, "run_task", run_poisoned)
    monkeypatch.setattr(pool, "_start_method", lambda: "fork")
    analysed = analyse(large, Settings(ENCODING), BlobCache(None), workers=2)
    assert [(item.path, item.reason) for item in analysed.skipped] == [("pkg/m7.py", "stopped its worker")]
    assert len(analysed.entries) == 59


def test_a_file_that_vanishes_is_skipped_and_not_remembered(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "shop")
    cache = BlobCache(None)
    listing = open_listing(root)
    kept = (root / "shop/money.py").read_bytes()
    (root / "shop/money.py").unlink()
    gone = analyse(listing, Settings(ENCODING), cache)
    assert "shop/money.py" in {item.path for item in gone.skipped}
    (root / "shop/money.py").write_bytes(kept)
    back = analyse(listing, Settings(ENCODING), cache)
    assert "shop/money.py" in {entry.file.path for entry in back.entries}


def test_the_bytes_are_believed_where_line_endings_hide_from_git(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "shop", {"a.py": "x = 1\ny = 2\n", ".gitattributes": "*.py text=auto\n"})
    same = make_repository(tmp_path / "same", {"a.py": "x = 1\ny = 2\n"})
    (root / "a.py").write_bytes(b"x = 1\r\ny = 2\r\n")
    cache = BlobCache(None)
    with_returns = numbers(analyse(open_listing(root), Settings(ENCODING), cache))["a.py"]
    assert numbers(analyse(open_listing(same), Settings(ENCODING), cache))["a.py"] != with_returns
    assert numbers(analyse(open_listing(root), Settings(ENCODING), cache))["a.py"] == with_returns


def test_rules_of_the_user_decide_before_those_that_ship(listing: Listing) -> None:
    cache = BlobCache(None)
    before = numbers(analyse(listing, Settings(ENCODING), cache))
    rules = ({"class": "vendored", "paths": ["shop/money.py"]},)
    after = numbers(analyse(listing, Settings(ENCODING, class_rules=rules), cache))
    assert after["shop/money.py"] != before["shop/money.py"]
    assert after["shop/orders.py"] == before["shop/orders.py"]


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("broken", ["analyze", "parser"])
def test_a_program_that_lacks_a_part_says_so_and_remembers_nothing(
    large: Listing, workers: int, broken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(*_: object, **__: object) -> None:
        raise ImportError("no module named tree_sitter")

    expected = numbers(analyse(large, Settings(ENCODING), None))
    cache = BlobCache(None)
    with monkeypatch.context() as patch:
        patch.setattr(*((worker, "analyze") if broken == "analyze" else (code, "parse")), missing)
        patch.setattr(code, "read_python", lambda _: None)
        patch.setattr(pool, "_start_method", lambda: "fork")
        with pytest.raises(InputError, match="missing: no module named tree_sitter"):
            analyse(large, Settings(ENCODING), cache, workers=workers)
    assert numbers(analyse(large, Settings(ENCODING), cache)) == expected


def test_a_repository_whose_every_file_stops_its_worker_is_no_empty_one(
    large: Listing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "run_task", lambda *_: os._exit(3))
    monkeypatch.setattr(pool, "_start_method", lambda: "fork")
    with pytest.raises(InputError, match="stopped its worker"):
        analyse(large, Settings(ENCODING), BlobCache(None), workers=2)
