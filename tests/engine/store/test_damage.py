from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import InputError
from engine.store.backup import copy_database
from engine.store.budgets import find_budget, save_budget
from engine.store.damage import DatabaseDamaged
from engine.store.database import back_up, open_database
from engine.store.paths import data_dir
from engine.store.status import database_status


def full_database() -> Path:
    with open_database(None, create=True) as database:
        with database.write() as connection:
            for number in range(2000):
                connection.exec_driver_sql("INSERT INTO repositories (identity) VALUES (?)", (f"{number:>040}",))
        save_budget(database, "shop", "m", 42)
    return data_dir() / "packsight.db"


@pytest.mark.parametrize("content", [b"this is no database" * 500, b"SQLite format 3\0" + b"\xff" * 9000])
def test_a_damaged_file_is_set_aside_whole_and_the_next_start_works(content: bytes) -> None:
    path = data_dir() / "packsight.db"
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    (path.parent / "packsight.db-wal").write_bytes(b"old log")
    with pytest.raises(DatabaseDamaged) as error:
        open_database(None, create=True)
    aside = error.value.set_aside
    assert aside is not None
    assert aside.read_bytes() == content
    assert aside.name in error.value.message
    assert not path.exists()
    assert not (path.parent / "packsight.db-wal").exists()
    with open_database(None, create=True) as database:
        assert save_budget(database, "shop", "m", 1).tokens == 1
    assert aside.read_bytes() == content


def test_damage_that_shows_only_while_reading_is_set_aside_too() -> None:
    path = full_database()
    whole = path.read_bytes()
    # Rows are in the later pages; the schema and the revision in the first ones stay readable.
    readable = len(whole) // 2 // 4096 * 4096
    broken = whole[:readable] + b"\xa5" * (len(whole) - readable)
    path.write_bytes(broken)
    assert database_status(None).state == "damaged"
    assert path.exists()
    database = open_database(None, create=False)
    with pytest.raises(DatabaseDamaged) as error, database.read() as connection:
        connection.exec_driver_sql("SELECT sum(length(identity)) FROM repositories").all()
    assert error.value.set_aside is not None
    assert error.value.set_aside.read_bytes() == broken
    assert not path.exists()


def test_a_file_that_was_hardly_meant_is_not_moved(tmp_path: Path) -> None:
    notes = tmp_path / "README.md"
    notes.write_text("# Notes\n" * 1000)
    with pytest.raises(DatabaseDamaged, match="not a database") as error:
        open_database(f"sqlite:///{notes}", create=True)
    assert error.value.set_aside is None
    assert notes.read_text() == "# Notes\n" * 1000
    assert [path.name for path in tmp_path.iterdir()] == ["README.md"]


def test_a_backup_is_a_database_with_everything(tmp_path: Path) -> None:
    full_database()
    with open_database(None, create=False) as database, database.write() as connection:
        # Consistent while somebody writes: what is not committed is not in it.
        connection.exec_driver_sql("UPDATE budgets SET tokens = 1")
        written = back_up(None, tmp_path / "copy.db")
    with open_database(f"sqlite:///{written}", create=False) as copy:
        found = find_budget(copy, "shop", "m")
        assert found is not None
        assert found.tokens == 42
    assert [path.name for path in tmp_path.iterdir()] == ["copy.db"]


def test_a_backup_replaces_nothing_and_leaves_no_half(tmp_path: Path) -> None:
    path = full_database()
    target = tmp_path / "kept"
    target.write_text("precious")
    with pytest.raises(InputError, match="never replaces"):
        back_up(None, target)
    assert target.read_text() == "precious"
    with pytest.raises(InputError, match="cannot be written"):
        copy_database(path, tmp_path / "nowhere" / "x.db")
    path.write_bytes(b"nothing" * 1000)
    with pytest.raises(InputError, match="damaged"):
        back_up(None, tmp_path / "new")
    assert [found.name for found in tmp_path.iterdir()] == ["kept"]
    assert path.read_bytes() == b"nothing" * 1000


def test_status_changes_nothing() -> None:
    assert database_status(None).state == "missing"
    assert not data_dir().exists()
    path = full_database()
    before = path.read_bytes()
    status = database_status(None)
    assert (status.state, status.version, status.rows["budgets"]) == ("current", status.newest, 1)
    assert status.rows["repositories"] == 2001
    assert path.read_bytes() == before
    path.write_bytes(b"nothing" * 1000)
    assert database_status(None).state == "damaged"
    assert path.read_bytes() == b"nothing" * 1000
