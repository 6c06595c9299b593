from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from engine.store.budgets import clear_budget, find_budget, save_budget
from engine.store.database import open_database

URL = "https://example.org/shop.git"


def test_a_budget_is_found_after_reopening(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/deep/er/x.db"
    with open_database(url, create=True) as database:
        saved = save_budget(database, URL, "gpt-5.5", 16_000)
    with open_database(url, create=False) as database:
        assert find_budget(database, URL, "gpt-5.5") == saved
        assert saved.saved_at.tzinfo == datetime.UTC
        assert find_budget(database, URL, "gpt-4o") is None
        assert find_budget(database, "another", "gpt-5.5") is None


def test_a_budget_belongs_to_one_repository_and_one_model() -> None:
    with open_database(None, create=True) as database:
        for repository in ("a", "b"):
            for number, model in enumerate(("m", "n"), 1):
                save_budget(database, repository, model, number * (1 if repository == "a" else 100))
        save_budget(database, "a", "m", 7)
        assert clear_budget(database, "b", "m") is True
        assert clear_budget(database, "b", "m") is False
        assert clear_budget(database, "never seen", "m") is False
        kept = {(r, m): find_budget(database, r, m) for r in ("a", "b") for m in ("m", "n")}
        assert {key: saved and saved.tokens for key, saved in kept.items()} == {
            ("a", "m"): 7,
            ("a", "n"): 2,
            ("b", "m"): None,
            ("b", "n"): 200,
        }


@pytest.mark.parametrize("identity", ["/home/caf\udce9/x", "/a\x1b[31mb", "/with 'quotes' \"and\" ; --", "/日本/🙂"])
def test_any_path_can_be_an_identity(identity: str) -> None:
    with open_database(None, create=True) as database:
        save_budget(database, identity, "m", 5)
        found = find_budget(database, identity, "m")
        assert found is not None
        assert (found.repository, found.tokens) == (identity, 5)
