from __future__ import annotations

import datetime
import os
import subprocess
import sys
import zlib
from dataclasses import replace
from pathlib import Path

import pytest

from engine.errors import InputError
from engine.model import ChunkClass
from engine.profiles.learning_outcomes import Mark, ShownPack, ShownPlace
from engine.store.database import Database, open_database
from engine.store.outcome_spool import OutcomeSpool
from engine.store.outcomes import (
    count_outcomes,
    keep_marks,
    keep_outcomes,
    keep_tokens,
    list_outcomes,
    packs_since,
)
from engine.store.profiles import save_profile

AT = datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.UTC)
CODE = ChunkClass.CODE
HOSTILE = "caf\udce9/\x1b[31m[/slug]\n.py"
PACK = ShownPack(
    "0123456789abcdef", AT, "shop", "/home/caf\udce9", "a" * 40, "gpt-4o", "", 4_000, 3_900, False, {CODE: 1.0},
    (ShownPlace(HOSTILE, "b" * 40, 1, 40, 3, CODE),),
)  # fmt: skip
MARK = Mark("useful", HOSTILE, 1, 40, AT, CODE, 3)
PUT = """
import sys
from pathlib import Path
from engine.store.outcome_spool import OutcomeSpool
spool = OutcomeSpool(Path(sys.argv[1]))
assert all(spool.put({"kind": "pack", "n": int(sys.argv[2]) * 100 + n}) for n in range(20))
"""


def numbered(number: int) -> ShownPack:
    return replace(PACK, pack_id=f"{number:016x}", at=AT + datetime.timedelta(seconds=number))


def kept_and_given_back(database: Database) -> None:
    assert keep_outcomes(database, [PACK, PACK, numbered(7)]) == 2
    assert keep_outcomes(database, [PACK]) == 0
    for _ in range(2):
        keep_marks(database, PACK.pack_id, [MARK, replace(MARK, what="cited", path="x" * 5_000)])
    keep_tokens(database, PACK.pack_id, 3_950, None)
    keep_tokens(database, PACK.pack_id, None, 120)
    newer, (pack, marks) = list_outcomes(database, ["elsewhere", "shop"])
    assert newer == (replace(numbered(7), root=newer[0].root), ())
    assert pack == replace(PACK, root=pack.root, sent_tokens=3_950, output_tokens=120)
    assert pack.root == "/home/caf\\udce9"
    assert [(mark.what, mark.at, mark.name, mark.level) for mark in marks] == [
        ("useful", AT, CODE, 3), ("cited", AT, CODE, 3),
    ]  # fmt: skip
    assert list_outcomes(database, ["shop"], "other-model") == ()
    assert [one.pack_id for one in packs_since(database, AT, AT)] == [PACK.pack_id]
    with pytest.raises(InputError):
        keep_marks(database, "feedfeedfeed", [MARK])


def test_packs_and_marks_are_kept() -> None:
    with open_database(None, create=True) as database:
        kept_and_given_back(database)


def test_packs_and_marks_are_kept_on_a_server(url: str) -> None:
    with open_database(url, create=True) as database:
        kept_and_given_back(database)


def test_the_oldest_packs_go_with_their_marks_and_nothing_else() -> None:
    with open_database(None, create=True) as database:
        save_profile(database, "shop", "gpt-4o", "lean", "text")
        keep_outcomes(database, map(numbered, range(5)))
        keep_marks(database, numbered(0).pack_id, [MARK])
        keep_marks(database, numbered(4).pack_id, [MARK])
        keep_outcomes(database, [numbered(9)], most=3)
        assert [pack.pack_id for pack, _ in list_outcomes(database, ["shop"])] == [
            numbered(number).pack_id for number in (9, 4, 3)
        ]
        assert count_outcomes(database) == 3
        with database.read() as connection:
            assert connection.exec_driver_sql("SELECT count(*) FROM outcome_marks").scalar_one() == 1


def test_what_waits_comes_back_oldest_first_and_is_bounded(tmp_path: Path) -> None:
    spool = OutcomeSpool(tmp_path / "spool", most_files=3)
    assert not spool
    for number in range(5):
        assert spool.put({"n": number, "path": HOSTILE})
    assert [values["n"] for _, values in spool.read()] == [2, 3, 4]
    assert next(values for _, values in spool.read())["path"] == HOSTILE
    for path, _ in list(spool.read()):
        assert path.stat().st_mode & 0o077 == 0
        spool.remove(path)
    assert not spool


def test_what_waits_too_long_goes(tmp_path: Path) -> None:
    folder = tmp_path / "spool"
    OutcomeSpool(folder).put({"n": 1})
    (old,) = folder.iterdir()
    old.rename(folder / f"{1:020d}-1-x.json.z")
    OutcomeSpool(folder).put({"n": 2})
    assert [values["n"] for _, values in OutcomeSpool(folder).read()] == [2]


def test_files_that_are_none_of_ours_give_nothing(tmp_path: Path) -> None:
    spool = OutcomeSpool(tmp_path)
    bomb = zlib.compress(b"[" * 50_000_000)
    for number, data in enumerate((b"no zlib", zlib.compress(b"[]"), zlib.compress(b'{"a": ')[:-3], bomb)):
        (tmp_path / f"{number:020d}-x.json.z").write_bytes(data)
    assert [values for _, values in spool.read()] == [{}, {}, {}, {}]


def test_a_disk_that_takes_nothing_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    assert not OutcomeSpool(tmp_path / "file" / "spool").put({"n": 1})


def test_several_processes_write_at_once_and_nothing_is_lost(tmp_path: Path) -> None:
    started = [
        subprocess.Popen([sys.executable, "-c", PUT, str(tmp_path), str(number)], env=os.environ) for number in range(4)
    ]
    assert [process.wait() for process in started] == [0] * 4
    found = sorted(values["n"] for _, values in OutcomeSpool(tmp_path).read())
    assert found == [number * 100 + n for number in range(4) for n in range(20)]
