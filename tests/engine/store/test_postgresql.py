"""The same promises on a server of its own; needs psycopg and PostgreSQL's programs."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from engine.errors import InputError
from engine.store.budgets import find_budget, save_budget
from engine.store.database import Database, back_up, open_database
from engine.store.migrate import alembic_config
from engine.store.profiles import active_profile, profile_history, save_profile, use_profile
from engine.store.revisions import SHIPPED, VERSION_TABLE
from engine.store.status import database_status
from engine.store.tables import metadata
from tests.engine.store.test_processes import EIGHT


def _programs() -> Path | None:
    """Folder of ``initdb`` and ``pg_ctl``."""
    if shutil.which("initdb"):
        return Path(str(shutil.which("initdb"))).parent
    if not shutil.which("pg_config"):
        return None
    named = subprocess.run(["pg_config", "--bindir"], capture_output=True, text=True, check=True).stdout.strip()
    return Path(named) if Path(named, "initdb").exists() else None


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """URL of a server without the name of a database."""
    programs = _programs()
    if programs is None or find_spec("psycopg") is None:
        pytest.skip("needs psycopg and PostgreSQL's initdb")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    home = Path(tempfile.mkdtemp(prefix="packsight-pg-"))
    # The server refuses to run as root.
    user = {"user": "nobody"} if os.name == "posix" and os.geteuid() == 0 else {}
    if user:
        shutil.chown(home, "nobody")
    settings = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={home} -c fsync=off"
    control = [programs / "pg_ctl", "-w", "-D", home / "data", "-l", home / "log"]

    def run(*words: object) -> None:
        subprocess.run([str(word) for word in words], cwd=home, stdout=subprocess.DEVNULL, check=True, **user)  # type: ignore[call-overload]

    try:
        run(programs / "initdb", "-D", home / "data", "-A", "trust", "-U", "me")
        run(*control, "-o", settings, "start")
        try:
            yield f"postgresql+psycopg://me@127.0.0.1:{port}/"
        finally:
            run(*control, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def url(server: str) -> str:
    """URL of an empty database."""
    engine = create_engine(server + "postgres", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("DROP DATABASE IF EXISTS shop WITH (FORCE)")
        connection.exec_driver_sql("CREATE DATABASE shop")
    engine.dispose()
    return server + "shop"


def drift(database: Database) -> list[object]:
    with database.read() as connection:
        options = {"compare_type": True, "compare_server_default": True, "version_table": VERSION_TABLE}
        return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))


def test_migrations_go_both_ways_and_make_the_tables(url: str) -> None:
    assert database_status(url).state == "empty"
    with open_database(url, create=False) as database:
        assert drift(database) == []
        with database.write() as connection:
            command.downgrade(alembic_config(connection, SHIPPED), "base")
    with open_database(url, create=False) as database:
        assert database.migrated is not None
        assert drift(database) == []
    assert database_status(url).state == "current"


def test_budgets_and_profiles_are_kept(url: str) -> None:
    with open_database(url, create=True) as database:
        save_budget(database, "/caf\udce9", "m", 1)
        saved = save_budget(database, "/caf\udce9", "m", 42)
        for body in ("a", "b"):
            save_profile(database, "shop", "m", "p", body)
        save_profile(database, "shop", "m", "q", "c")
        use_profile(database, "shop", "m", "q")
        used = use_profile(database, "shop", "m", "p")
    with open_database(url, create=False) as database:
        assert database.migrated is None
        assert find_budget(database, "/caf\udce9", "m") == saved
        assert active_profile(database, "shop", "m") == used
        assert [profile.body for profile in profile_history(database, "shop", "m", "p")] == ["b", "a"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="starts its processes by fork")
def test_eight_processes_upgrade_at_once(url: str) -> None:
    done = subprocess.run([sys.executable, "-c", EIGHT, url], capture_output=True, text=True, check=True)
    assert done.stdout == "8\n"


def test_a_server_in_trouble_is_one_clear_error(url: str, server: str) -> None:
    with pytest.raises(InputError, match="does not exist"):
        open_database(server + "nowhere", create=True)
    with pytest.raises(InputError) as error:
        back_up(url, None)
    assert "pg_dump" in error.value.hint
