from __future__ import annotations

import contextlib
import re
import shutil
import sqlite3
from importlib.resources import files
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect

from engine.errors import InputError
from engine.store.budgets import find_budget, save_budget
from engine.store.connect import WRITES
from engine.store.database import Database, open_database
from engine.store.migrate import alembic_config
from engine.store.revisions import SHIPPED, VERSION_TABLE, Revisions
from engine.store.schema import metadata

LATER = """
import sqlalchemy as sa
from alembic import op
revision = "9001"
down_revision = "{down}"

def upgrade():
    with op.batch_alter_table("repositories") as table:
        table.add_column(sa.Column("note", sa.Text(), nullable=False, server_default=""))
        table.alter_column("identity", new_column_name="name")
    {trouble}

def downgrade():
    with op.batch_alter_table("repositories") as table:
        table.alter_column("name", new_column_name="identity")
        table.drop_column("note")
"""


def later(folder: Path, trouble: str = "pass") -> Revisions:
    """The shipped revisions and one that a later program would add."""
    shutil.copytree(str(files("engine.store") / "migrations"), folder)
    (folder / "versions" / "r9001.py").write_text(LATER.format(down=SHIPPED.head, trouble=trouble))
    return Revisions((*SHIPPED.ids, "9001"), str(folder))


def schema(path: Path) -> dict[str, str]:
    """Normalised statements of all tables and indexes but the version table's."""
    with contextlib.closing(sqlite3.connect(path)) as db:
        rows = db.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    return {name: re.sub(r"\s+", " ", sql) for name, sql in rows if name != VERSION_TABLE}


def path_of(database: Database) -> Path:
    assert database.address.path is not None
    return database.address.path


def test_the_migrated_schema_is_the_one_of_the_tables(tmp_path: Path) -> None:
    with open_database(None, create=True) as database:
        with database.read() as connection:
            context = MigrationContext.configure(
                connection, opts={"compare_type": True, "compare_server_default": True, "version_table": VERSION_TABLE}
            )
            assert compare_metadata(context, metadata) == []
        direct = create_engine(f"sqlite:///{tmp_path}/direct.db")
        metadata.create_all(direct)
        direct.dispose()
        # Alembic does not look at checks and at conditions of indexes; the statements have them.
        clauses = {name: sorted(re.split(r", (?=[A-Z])|[(] ", sql)) for name, sql in schema(path_of(database)).items()}
        assert clauses == {
            name: sorted(re.split(r", (?=[A-Z])|[(] ", sql)) for name, sql in schema(tmp_path / "direct.db").items()
        }


def test_the_known_revisions_are_those_that_are_shipped() -> None:
    with open_database(None, create=True) as database, database.read() as connection:
        script = ScriptDirectory.from_config(alembic_config(connection, SHIPPED))
        shipped = [revision.revision for revision in script.walk_revisions()]
    assert tuple(reversed(shipped)) == SHIPPED.ids
    assert list(SHIPPED.ids) == sorted(SHIPPED.ids)


def test_every_revision_can_be_taken_back_and_made_again() -> None:
    with open_database(None, create=True) as database:
        before = schema(path_of(database))
        with database.write() as connection:
            command.downgrade(alembic_config(connection, SHIPPED), "base")
        assert schema(path_of(database)) == {}
    with open_database(None, create=True) as database:
        assert database.migrated is not None
        assert schema(path_of(database)) == before


def test_an_older_database_is_backed_up_and_migrated_with_its_rows(tmp_path: Path) -> None:
    with open_database(None, create=True) as database:
        save_budget(database, "shop", "m", 42)
        path = path_of(database)
    with open_database(None, create=True, revisions=later(tmp_path / "later")) as database:
        assert database.migrated is not None
        assert (database.migrated.before, database.migrated.after) == (SHIPPED.head, "9001")
        backup = database.migrated.backup
        assert backup is not None
        with database.read() as connection:
            names = {column["name"] for column in inspect(connection).get_columns("repositories")}
            assert {"name", "note"} <= names
            # Rebuilding the table did not take the rows that refer to it along.
            assert connection.exec_driver_sql("SELECT tokens FROM budgets").scalar_one() == 42
    assert backup.parent == path.parent
    with open_database(f"sqlite:///{backup}", create=False) as database:
        assert database.migrated is None
        kept = find_budget(database, "shop", "m")
        assert kept is not None
        assert kept.tokens == 42


def test_an_empty_older_database_needs_no_backup(tmp_path: Path) -> None:
    open_database(None, create=True).close()
    with open_database(None, create=True, revisions=later(tmp_path / "later")) as database:
        assert database.migrated is not None
        assert database.migrated.backup is None


def test_a_migration_that_fails_changes_nothing_and_can_be_tried_again(tmp_path: Path) -> None:
    with open_database(None, create=True) as database:
        save_budget(database, "shop", "m", 42)
        path = path_of(database)
    before = schema(path)
    for _ in range(2):
        shutil.rmtree(tmp_path / "bad", ignore_errors=True)
        with pytest.raises(ZeroDivisionError):
            open_database(None, create=True, revisions=later(tmp_path / "bad", trouble="1 / 0"))
        assert schema(path) == before
    with open_database(None, create=False) as database:
        assert database.migrated is None
        assert find_budget(database, "shop", "m") is not None
    with open_database(None, create=False, revisions=later(tmp_path / "good")) as database:
        assert database.migrated is not None
    # Each try left its own copy; none replaced another.
    assert len(list(path.parent.glob("*.backup-*"))) == 3


def test_a_newer_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    with open_database(None, create=True, revisions=later(tmp_path / "later")) as database:
        path = path_of(database)
    before = path.read_bytes()
    with pytest.raises(InputError, match="newer packsight") as error:
        open_database(None, create=True)
    assert "9001" in error.value.message
    assert path.read_bytes() == before
    assert list(path.parent.glob("*damaged*")) == []


def test_a_database_of_another_program_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with contextlib.closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE budgets (x)")
    before = path.read_bytes()
    with pytest.raises(InputError, match="another program"):
        open_database(f"sqlite:///{path}", create=True)
    assert path.read_bytes() == before
    assert [found.name for found in tmp_path.iterdir()] == ["other.db"]


def test_writers_say_so_and_the_file_is_in_write_ahead_mode() -> None:
    database = open_database(None, create=True)
    with contextlib.closing(sqlite3.connect(path_of(database), timeout=0)) as other:
        assert other.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        with database.write() as connection:
            assert connection.get_execution_options()[WRITES]
            # Locked though nothing was written yet; readers go on.
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                other.execute("BEGIN IMMEDIATE")
            assert other.execute("SELECT count(*) FROM budgets").fetchone() == (0,)
