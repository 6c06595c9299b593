from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.store.budgets import clear_budget, find_budget, save_budget
from engine.store.database import Database, open_database
from engine.store.glance import glance_at_budget
from engine.store.migrate import alembic_config
from engine.store.paths import data_dir
from engine.store.revisions import SHIPPED
from engine.usecases.budgets import persisted_budget

NAMES = st.sampled_from(["shop", "/caf\udce9", "/日本 '\"; --"])
MODELS = st.sampled_from(["m", "n"])


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(NAMES, MODELS, st.none() | st.integers(1, 10**7)), max_size=6))
def test_a_glance_sees_what_the_database_holds(steps: list[tuple[str, str, int | None]], tmp_path: Path) -> None:
    with open_database(None, create=True) as database:
        for repository, model, tokens in steps:
            if tokens is None:
                clear_budget(database, repository, model)
            else:
                save_budget(database, repository, model, tokens)
        for repository in ("shop", "/caf\udce9", "/日本 '\"; --", "never saved"):
            for model in ("m", "n"):
                saved = find_budget(database, repository, model)
                glance = glance_at_budget(data_dir() / "packsight.db", repository, model)
                assert glance is not None
                assert glance.tokens == (saved and saved.tokens)


@pytest.fixture
def database() -> Database:
    return open_database(None, create=True)


def test_what_is_not_at_the_newest_revision_is_opened_properly(database: Database) -> None:
    from alembic import command

    path = data_dir() / "packsight.db"
    with database.write() as connection:
        command.downgrade(alembic_config(connection, SHIPPED), "base")
    assert glance_at_budget(path, "shop", "m") is None
    assert persisted_budget("shop", "m", None) is None
    assert glance_at_budget(path, "shop", "m") is not None


def test_a_damaged_or_missing_file_is_no_answer(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_bytes(b"damaged!" * 1000)
    assert glance_at_budget(tmp_path / "x.db", "shop", "m") is None
    assert (tmp_path / "x.db").read_bytes() == b"damaged!" * 1000
    assert glance_at_budget(tmp_path / "y.db", "shop", "m") is None
    assert [path.name for path in tmp_path.iterdir()] == ["x.db"]
