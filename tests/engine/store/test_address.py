from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import InputError, UsageError
from engine.store.address import address_of
from engine.store.database import NoDatabase, open_database
from engine.store.paths import data_dir


def test_no_url_is_the_users_own_file() -> None:
    for url in (None, ""):
        address = address_of(url)
        assert address.path == data_dir() / "packsight.db"
        assert address.is_default
        assert not address.exists


def test_a_url_names_a_file_relative_or_absolute(tmp_path: Path) -> None:
    assert address_of("sqlite:///some.db").path == Path("some.db")
    assert address_of(f"sqlite:///{tmp_path}/x%20y.db").path == tmp_path / "x y.db"


@pytest.mark.parametrize("name", ["a b.db", "a#b.db", "50%25.db", "caf\udce9.db", "日本.db"])
def test_a_file_of_any_name_can_be_opened(tmp_path: Path, name: str) -> None:
    with open_database(f"sqlite:///{tmp_path}/{name}", create=True) as database:
        assert database.address.path is not None
        assert database.address.path.stat().st_size > 0
    assert len([path for path in tmp_path.iterdir() if path.suffix == ".db"]) == 1


@pytest.mark.parametrize(
    "url", ["sqlite://", "sqlite:///", "sqlite:///:memory:", "sqlite:///x.db?mode=ro", "mysql://u:p@h/x", "x.db", "://"]
)
def test_what_is_no_database_url_is_bad_usage(url: str) -> None:
    with pytest.raises(UsageError) as error:
        open_database(url, create=True)
    assert "sqlite:///FILE" in error.value.hint


def test_passwords_are_never_shown(tmp_path: Path) -> None:
    for url in ("postgresql+psycopg://me:hunter2@db/x?password=hunter2", "postgresql://me:hunter2@db/x"):
        shown = address_of(url).shown
        assert "hunter2" not in shown
        assert "me@db/x" in shown
    with pytest.raises(UsageError) as error:
        address_of("mysql://me:hunter2@db/x")
    assert "hunter2" not in error.value.message


def test_postgresql_without_its_driver_or_server_is_one_clear_error() -> None:
    url = "postgresql+psycopg://me:hunter2@127.0.0.1:1/x"
    with pytest.raises(InputError) as error:
        open_database(url, create=True)
    assert "127.0.0.1" in error.value.message
    assert "hunter2" not in error.value.message + error.value.hint
    assert "\n" not in error.value.message


def test_a_missing_database_is_not_made_unasked(tmp_path: Path) -> None:
    with pytest.raises(NoDatabase):
        open_database(f"sqlite:///{tmp_path}/x.db", create=False)
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_hold_a_file_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for path in (tmp_path / "file" / "x.db", tmp_path):
        with pytest.raises(InputError) as error:
            open_database(f"sqlite:///{path}", create=True)
        assert str(path) in error.value.message
