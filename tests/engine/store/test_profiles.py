from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.errors import InputError, UsageError
from engine.store.database import Database, open_database
from engine.store.profiles import (
    active_profile,
    get_profile,
    list_profiles,
    profile_history,
    save_profile,
    use_profile,
)

R, M = "https://example.org/shop.git", "gpt-5.5"


@pytest.fixture
def database() -> Iterator[Database]:
    with open_database(None, create=True) as opened:
        yield opened


def test_every_save_is_a_version_and_none_is_lost(database: Database) -> None:
    saved = [save_profile(database, R, M, "tight", f"weight = {number}") for number in range(5)]
    assert [profile.version for profile in saved] == [1, 2, 3, 4, 5]
    assert profile_history(database, R, M, "tight") == tuple(reversed(saved))
    assert get_profile(database, R, M, "tight") == saved[-1]
    assert get_profile(database, R, M, "tight", 2) == saved[1]


def test_saving_the_same_again_makes_no_version_but_going_back_does(database: Database) -> None:
    first = save_profile(database, R, M, "p", "a")
    assert save_profile(database, R, M, "p", "a") == first
    save_profile(database, R, M, "p", "b")
    assert save_profile(database, R, M, "p", "a").version == 3


def test_one_profile_is_active_per_repository_and_model(database: Database) -> None:
    for model in (M, "gpt-4o"):
        for name in ("one", "two"):
            save_profile(database, R, model, name, name)
    assert active_profile(database, R, M) is None
    used = use_profile(database, R, M, "one")
    assert used is not None
    assert used.active
    use_profile(database, R, "gpt-4o", "two")
    assert active_profile(database, R, M) == used
    use_profile(database, R, M, "two")
    assert [(p.name, p.active) for p in list_profiles(database, R, M)] == [("one", False), ("two", True)]
    assert use_profile(database, R, M, None) is None
    assert active_profile(database, R, M) is None
    other = active_profile(database, R, "gpt-4o")
    assert other is not None
    assert other.name == "two"


def test_a_save_reaches_the_active_profile(database: Database) -> None:
    save_profile(database, R, M, "p", "a")
    use_profile(database, R, M, "p")
    saved = save_profile(database, R, M, "p", "b")
    assert saved.active
    assert active_profile(database, R, M) == saved


def test_an_unknown_profile_names_the_nearest_and_changes_nothing(database: Database) -> None:
    save_profile(database, R, M, "review", "a")
    use_profile(database, R, M, "review")
    with pytest.raises(InputError) as error:
        use_profile(database, R, M, "reviw")
    assert "reviw" in error.value.message
    assert "review" in error.value.hint
    active = active_profile(database, R, M)
    assert active is not None
    assert active.name == "review"
    with pytest.raises(InputError, match="no profile"):
        profile_history(database, R, M, "none")
    with pytest.raises(InputError, match="no version 9") as missing:
        get_profile(database, R, M, "review", 9)
    assert "1" in missing.value.hint


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "\x1b[31m", "\udce9"])
def test_a_name_that_no_screen_could_show_is_refused(database: Database, name: str) -> None:
    with pytest.raises(UsageError):
        save_profile(database, R, M, name, "body")
    assert list_profiles(database, R, M) == ()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_a_body_comes_back_as_it_was(database: Database, body: str) -> None:
    assert save_profile(database, R, M, "p", body).body == body
    assert get_profile(database, R, M, "p").body == body
