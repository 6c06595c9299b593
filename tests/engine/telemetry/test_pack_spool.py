from __future__ import annotations

import datetime
import fcntl
import os
from dataclasses import replace
from pathlib import Path

import pytest

from engine.telemetry.pack_event import PackEvent
from engine.telemetry.pack_spool import PackSpool

PACK = PackEvent(
    timestamp=datetime.datetime(2026, 11, 20, 12, 0, 0, 123456, datetime.UTC), dedupe_key="a", repository="shop",
    model="gpt-5.5", encoding="o200k_base", method="exact", budget_tokens=1000, est_used_tokens=990, actual_tokens=980,
    quality=0.75, profile="mine\x1b[31m", intent="api", made_by="pack", revision="abc", seconds=0.25,
)  # fmt: skip


def waiting(spool: PackSpool) -> list[PackEvent]:
    return [pack for _, packs in spool.take() for pack in packs]


def test_what_is_put_comes_back_as_it_was_until_it_is_removed(tmp_path: Path) -> None:
    spool = PackSpool(tmp_path / "spool")
    assert not spool
    packs = [replace(PACK, dedupe_key=f"{number}") for number in range(5)]
    assert all(spool.put(pack) for pack in packs)
    assert spool
    assert waiting(spool) == packs
    assert waiting(spool) == packs
    for path, _ in spool.take():
        spool.remove(path)
    assert not spool


def test_a_half_line_of_a_killed_writer_costs_only_itself(tmp_path: Path) -> None:
    spool = PackSpool(tmp_path)
    spool.put(PACK)
    with open(tmp_path / "packs.jsonl", "ab") as file:
        file.write(b'\n{"timestamp": "2026-11-20T12:00:00+00:00", "dedupe_k')
    spool.put(replace(PACK, dedupe_key="b"))
    assert [pack.dedupe_key for pack in waiting(spool)] == ["a", "b"]


@pytest.mark.parametrize(
    "line",
    [b"[]", b"{}", b"\xff\xfe", b'{"timestamp": "x"}', b"[" * 100_000, b'{"timestamp": 5, "dedupe_key": 7}', b"null"],
)
def test_lines_that_are_no_packs_are_passed_over(tmp_path: Path, line: bytes) -> None:
    (tmp_path / "packs.jsonl").write_bytes(line + b"\n")
    spool = PackSpool(tmp_path)
    spool.put(PACK)
    assert waiting(spool) == [PACK]


def test_the_disk_holds_only_the_newest(tmp_path: Path) -> None:
    spool = PackSpool(tmp_path, most_bytes=2000)
    for number in range(200):
        assert spool.put(replace(PACK, dedupe_key=f"{number}"))
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 4000
    keys = [int(pack.dedupe_key) for pack in waiting(spool)]
    assert sorted(keys) == list(range(min(keys), 200))


def test_a_writer_that_hangs_on_the_file_stops_nobody(tmp_path: Path) -> None:
    spool = PackSpool(tmp_path, patience_s=0.01)
    spool.put(PACK)
    with open(tmp_path / "packs.jsonl", "rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert spool.put(replace(PACK, dedupe_key="b"))
        assert [pack.dedupe_key for pack in waiting(spool)] == ["b"]
    assert {pack.dedupe_key for pack in waiting(spool)} == {"a", "b"}


def test_a_link_where_the_file_should_be_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "spool").mkdir()
    mine = tmp_path / "mine"
    mine.write_text("mine")
    (tmp_path / "spool" / "packs.jsonl").symlink_to(mine)
    assert not PackSpool(tmp_path / "spool").put(PACK)
    assert mine.read_text() == "mine"


def test_only_its_owner_reads_it(tmp_path: Path) -> None:
    PackSpool(tmp_path / "spool").put(PACK)
    modes = [os.stat(path).st_mode & 0o777 for path in (tmp_path / "spool", tmp_path / "spool" / "packs.jsonl")]
    assert modes == [0o700, 0o600]


def test_a_folder_that_cannot_be_made_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert not PackSpool(tmp_path / "file" / "spool").put(PACK)
