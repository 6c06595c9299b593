from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

import pytest

from engine.store.paths import data_dir
from tests.cli.conftest import Run


def test_status_of_nothing_makes_nothing(run: Run) -> None:
    state = run("db", "status", "--json").json
    assert state["state"] == "missing"
    assert state["database"] == str(data_dir() / "packsight.db")
    assert not data_dir().exists()


def test_upgrade_makes_the_database_once(run: Run) -> None:
    first = run("db", "upgrade")
    assert first.code == 0
    assert "new -> " in first.out
    again = run("db", "upgrade")
    assert "is at the newest revision" in again.out
    state = run("db", "status", "--json").json
    assert state["state"] == "current"
    assert state["version"] == state["newest"]
    assert {"budgets", "profiles", "telemetry_events"} <= set(state["rows"])
    assert set(state["rows"].values()) == {0}


def test_every_number_of_the_screen_is_in_the_json(run: Run, shop: Path) -> None:
    run("budget", "9000", shop)
    state = run("db", "status", "--json").json
    text = run("db", "status").out
    for table, rows in state["rows"].items():
        assert [table, f"{rows:,}"] in [line.split() for line in text.splitlines()]
    assert state["database"] in text


def test_backup_copies_beside_or_to_a_name_and_never_over_a_file(run: Run, shop: Path, tmp_path: Path) -> None:
    assert run("db", "backup").code == 3
    run("budget", "9000", shop)
    beside = Path(run("db", "backup").out.strip())
    assert beside.parent == data_dir()
    assert str(beside) in run("db", "status").out
    named = tmp_path / "copy.db"
    assert run("db", "backup", named).out.strip() == str(named)
    assert run("budget", "show", shop, "--db", f"sqlite:///{named}", "--json").json["budget"] == 9000
    before = named.read_bytes()
    refused = run("db", "backup", named)
    assert refused.code == 3
    assert "never replaces" in refused.err
    assert named.read_bytes() == before


def test_a_damaged_database_is_reported_and_set_aside(run: Run, shop: Path) -> None:
    path = data_dir() / "packsight.db"
    run("budget", "9000", shop)
    for part in data_dir().iterdir():
        part.unlink()
    path.write_bytes(b"\0damaged" * 1000)
    status = run("db", "status", "--json")
    assert (status.code, status.json["state"]) == (0, "damaged")
    refused = run("budget", "8000", shop)
    assert refused.code == 3
    assert "set aside" in refused.err
    assert len(refused.err.splitlines()) == 2
    (aside,) = data_dir().iterdir()
    assert aside.read_bytes() == b"\0damaged" * 1000
    assert run("budget", "8000", shop, "--json").json["budget"] == 8000
    assert aside.read_bytes() == b"\0damaged" * 1000
    assert str(aside) in run("db", "status", "--json").json["backups"]


def test_a_newer_database_is_one_clear_error(run: Run) -> None:
    run("db", "upgrade")
    with contextlib.closing(sqlite3.connect(data_dir() / "packsight.db", isolation_level=None)) as db:
        db.execute("UPDATE packsight_version SET version_num = '9999'")
    refused = run("db", "upgrade")
    assert refused.code == 3
    assert "newer packsight" in refused.err
    assert run("db", "status", "--json").json["state"] == "newer"


@pytest.mark.parametrize("url", ["mysql://me:hunter2@db/x", "nonsense", "sqlite://"])
def test_a_url_that_names_no_database_is_bad_usage(run: Run, url: str) -> None:
    for words in (["db", "status"], ["db", "upgrade"], ["db", "backup"], ["budget", "show"], ["budget", "1k"]):
        refused = run(*words, "--db", url)
        assert refused.code == 2
        assert "sqlite:///FILE" in refused.err
        assert "hunter2" not in refused.err


def test_the_environment_can_name_the_database(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PACKSIGHT_DB", f"sqlite:///{tmp_path}/team.db")
    assert run("db", "upgrade").code == 0
    assert (tmp_path / "team.db").exists()
    assert not data_dir().exists()
