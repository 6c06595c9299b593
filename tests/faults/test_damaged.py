"""Databases and caches that are damaged in every way, too new, or used by two versions at once."""

from __future__ import annotations

import datetime
import itertools
import random
from pathlib import Path

import pytest

from engine.errors import InputError
from engine.store import blob_tables, blobs, budgets, estimator_versions, profiles
from engine.store.blob_tables import SCHEMA_VERSION
from engine.store.blobs import BlobCache
from engine.store.database import open_database
from tests.engine.store.test_migrations import later
from tests.faults.scenes import World, common, saved, scanned

PAGE = 4096


def lengths(whole: int) -> list[int]:
    """Where to cut: nothing, a few bytes, the header, each of the first pages and some of the others, nearly all."""
    pages = list(range(PAGE, whole, PAGE))
    return sorted({0, 1, 15, 16, 50, 100, 1000, *pages[:4], *pages[:: max(1, len(pages) // 8)], whole - 1})


def explained(world: World) -> None:
    """A read says what is wrong in words; the next save works, and nothing was thrown away."""
    ran = world.main("budget", "show", world.root)
    assert ran.code in (0, 3), ran.err
    assert "Traceback" not in ran.err
    if ran.code:
        assert ran.err.startswith("packsight: database "), ran.err
        assert len(ran.err.splitlines()) == 2, ran.err
    again = world.main("budget", "7000", world.root)
    if again.code:  # damage that only a write meets
        assert again.err.startswith("packsight: database "), again.err
        again = world.main("budget", "7000", world.root)
    assert again.code == 0, again.err
    assert world.json("budget", "show", world.root)["budget"] == 7000


@pytest.mark.parametrize("part", range(4))
def test_a_database_cut_anywhere_is_set_aside_and_told(world: World, part: int) -> None:
    saved(world)
    path = world.base / "data" / "packsight.db"
    whole = path.read_bytes()
    for length in lengths(len(whole))[part::4]:
        with world.kept():
            path.write_bytes(whole[:length])
            explained(world)
            beside = [
                one.read_bytes() for one in path.parent.glob("packsight.db.damaged-*") if one.suffix not in ("-wal",)
            ]
            assert length < 100 or not beside or whole[:length] in beside


def test_a_page_of_noise_anywhere_in_the_database(world: World) -> None:
    saved(world)
    path = world.base / "data" / "packsight.db"
    whole = path.read_bytes()
    dice = random.Random(1)
    for page in range(0, len(whole), PAGE * 3):
        with world.kept():
            path.write_bytes(whole[:page] + dice.randbytes(PAGE) + whole[page + PAGE :])
            explained(world)


@pytest.mark.parametrize("which", ["data/packsight.db", "cache/blobs.db"])
def test_a_folder_in_the_place_of_a_file(world: World, which: str) -> None:
    (world.base / which / "inside").mkdir(parents=True)
    ran = world.main("budget", "7000", world.root)
    if which.startswith("data"):
        assert ran.code == 3
        assert str(world.base / which) in ran.err
        assert "Traceback" not in ran.err
    else:
        assert ran.code == 0
    scan = world.main("scan", world.root, "--json", "--quiet")
    assert scan.code == 0, scan.err
    assert (world.base / which / "inside").is_dir()


def test_a_cache_with_any_page_damaged_or_cut_gives_the_same_scan(world: World) -> None:
    clean = scanned(world)
    path = world.base / "cache" / "blobs.db"
    whole = path.read_bytes()
    dice = random.Random(2)
    pages = range(0, len(whole), PAGE)
    spoilt = [
        *(whole[:at] + bytes(255 - byte for byte in whole[at : at + 64]) + whole[at + 64 :] for at in pages),
        *(whole[: at + 200] + dice.randbytes(900) + whole[at + 1100 :] for at in pages),
        *(whole[:length] for length in lengths(len(whole))),
    ]
    for data in spoilt[:: max(1, len(spoilt) // 40)]:
        for name in path.parent.iterdir():
            name.unlink()
        path.write_bytes(data)
        ran = world.main("scan", world.root, "--json", "--quiet")
        assert ran.code == 0, ran.err
        assert {name: value for name, value in ran.json.items() if name not in ("seconds", "cache")} == clean
        again = world.main("scan", world.root, "--json", "--quiet")
        assert again.json["cache"]["misses"] == 0
        assert not again.err


def test_two_versions_that_share_a_cache_each_find_their_way(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    clean = scanned(world)
    for version, analyzer in itertools.islice(itertools.cycle([(901, b"new"), (SCHEMA_VERSION, b"old")]), 4):
        with monkeypatch.context() as other:
            other.setattr(blob_tables, "SCHEMA_VERSION", version)
            other.setattr(blobs, "analyzer_version", lambda analyzer=analyzer: analyzer)
            assert scanned(world) == clean
    # One that has the file open while the other makes it its own goes on, or does without it.
    with BlobCache(tmp_path / "blobs.db") as old:
        with monkeypatch.context() as other:
            other.setattr(blob_tables, "SCHEMA_VERSION", 901)
            other.setattr(blob_tables, "SCHEMA", "CREATE TABLE other (x);")
            BlobCache(tmp_path / "blobs.db").close()
        with pytest.raises(blobs.CacheUnusable):
            old.keep_snapshot("place", b"digest", b"data")


def test_a_newer_program_migrates_while_the_older_one_has_it_open(world: World, tmp_path: Path) -> None:
    with open_database(None, create=True) as old:
        budgets.save_budget(old, "shop", "m", 1)
        with open_database(None, create=True, revisions=later(tmp_path / "later")) as new:
            assert new.migrated is not None
            with pytest.raises(InputError, match="another version of packsight"):
                budgets.save_budget(old, "shop", "m", 3)
            with new.read() as connection:
                assert connection.exec_driver_sql("SELECT tokens FROM budgets").scalars().all() == [1]
    ran = world.main("budget", "show", world.root)
    assert ran.code == 3
    assert "written by a newer packsight" in ran.err
    assert "update packsight" in ran.err
    scan = world.main("scan", world.root, "--json", "--quiet")
    assert scan.code == 0, scan.err


def test_a_clock_that_goes_back_changes_no_order(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    saved(world)
    year = datetime.timedelta(days=400)
    for step, weight in enumerate((3, 4, 5), 1):
        moment = datetime.datetime.now(datetime.UTC).replace(microsecond=0) - year * step
        for module in (budgets, profiles, estimator_versions):
            monkeypatch.setattr(module, "now", lambda moment=moment: moment)
        assert world.main("profile", "save", "lean", f"weights.code={weight}", world.root).code == 0
        assert world.main("budget", str(40_000 + weight), world.root).code == 0
        facts = common(world)
        assert facts["profiles"] == {"lean": step + 1}
        assert facts["budget"] == 40_000 + weight
    history = world.json("profile", "history", "lean", world.root)
    assert [one["version"] for one in history["versions"]] == [4, 3, 2, 1]
