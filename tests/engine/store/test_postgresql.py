"""The same promises on a server of its own; needs psycopg and PostgreSQL's programs."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from engine.errors import InputError
from engine.store.budgets import find_budget, save_budget
from engine.store.database import Database, back_up, open_database
from engine.store.migrate import alembic_config
from engine.store.profiles import active_profile, profile_history, save_profile, use_profile
from engine.store.revisions import SHIPPED, VERSION_TABLE
from engine.store.schema import metadata
from engine.store.status import database_status
from tests.engine.store.test_processes import EIGHT


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
