"""Profiles and budgets move with their repository: by its remote however it is written, by its first commit before."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from engine.inspector import Inspector
from engine.profiles import Profile
from engine.request import ScanRequest
from engine.store.paths import data_dir
from engine.usecases.budgets import RepositoryBudget
from engine.usecases.profiles import RepositoryProfiles
from engine.walk import other_spellings
from tests.engine.walk.repos import commit, git, make, write

MODEL = "gpt-4o"
REMOTES = [
    "https://example.org/team/shop.git",
    "git@example.org:team/shop.git",
    "ssh://git@example.org/team/shop",
    "https://token@Example.org/team/shop/",
    "git://example.org/team/shop.git",
]


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    return make(tmp_path / "shop", {"a.py": "a = 1\n"})


def profiles(path: Path) -> RepositoryProfiles:
    inspector = Inspector(use_cache=False)
    return inspector.profiles(path, MODEL, inspector.config(path, {}))


def budget(path: Path) -> RepositoryBudget:
    inspector = Inspector(use_cache=False)
    return inspector.budget(path, MODEL, inspector.config(path, {}))


def in_force(path: Path) -> tuple[str, str]:
    """Profile and budget that a pack goes by."""
    inspector = Inspector(use_cache=False)
    request = inspector.request(ScanRequest(path, MODEL), inspector.config(path, {}))
    return request.profile, str(request.budget)


def save_lean(path: Path) -> None:
    here = profiles(path)
    here.save("lean", Profile("lean", budget="1k"))
    here.use("lean")


@pytest.mark.parametrize("first", REMOTES)
@pytest.mark.parametrize("second", REMOTES)
def test_clones_by_any_protocol_find_it(repo: Path, tmp_path: Path, first: str, second: str) -> None:
    git(repo, "remote", "add", "origin", first)
    save_lean(repo)
    clone = tmp_path / "elsewhere" / "copy"
    shutil.copytree(repo, clone)
    git(clone, "remote", "set-url", "origin", second)
    assert in_force(clone) == ("lean", "1k")
    assert profiles(clone).show("lean").profile.budget == "1k"


def test_it_moves_with_the_folder_and_with_a_clone_where_there_is_no_remote(repo: Path, tmp_path: Path) -> None:
    save_lean(repo)
    moved = tmp_path / "moved"
    repo.rename(moved)
    assert in_force(moved) == ("lean", "1k")
    git(tmp_path, "clone", "-q", str(moved), "clone")
    git(tmp_path / "clone", "remote", "remove", "origin")
    write(tmp_path / "clone", {"b.py": "b = 1\n"})
    commit(tmp_path / "clone")
    assert in_force(tmp_path / "clone") == ("lean", "1k")


def test_what_was_saved_before_there_was_a_remote_is_found_and_goes_on_under_it(repo: Path, tmp_path: Path) -> None:
    save_lean(repo)
    profiles(repo).save("wide", Profile("wide", budget="9k"))
    git(repo, "remote", "add", "origin", REMOTES[0])
    assert in_force(repo) == ("lean", "1k")
    assert [one.version for one in profiles(repo).history("lean")] == [1]
    saved = profiles(repo)
    saved.save("lean", Profile("lean", budget="2k"))
    assert saved.repository == REMOTES[0]
    assert [one.version for one in saved.history("lean")] == [2, 1]
    assert {one.profile.name for one in saved.list()} == {"lean", "wide"}
    assert in_force(repo) == ("lean", "2k")
    git(tmp_path, "clone", "-q", "--depth=1", f"file://{repo}", "shallow")
    git(tmp_path / "shallow", "remote", "set-url", "origin", REMOTES[1])
    assert in_force(tmp_path / "shallow") == ("lean", "2k")


def test_a_saved_budget_moves_alike(repo: Path) -> None:
    budget(repo).save("3k")
    git(repo, "remote", "add", "origin", REMOTES[2])
    assert in_force(repo) == ("", "3000")
    here = budget(repo)
    here.save("4k")
    assert (here.show()["budget"], here.repository) == (4000, "ssh://example.org/team/shop")
    assert in_force(repo) == ("", "4000")


def test_what_is_saved_under_the_remote_goes_before_what_was_saved_earlier(repo: Path, tmp_path: Path) -> None:
    save_lean(repo)
    copy = tmp_path / "copy"
    shutil.copytree(repo, copy)
    git(copy, "remote", "add", "origin", REMOTES[0])
    other = profiles(copy)
    other.save("lean", Profile("lean", budget="5k"))
    assert in_force(repo) == ("lean", "1k")
    assert in_force(copy) == ("lean", "5k")


def test_another_repository_finds_nothing(repo: Path, tmp_path: Path) -> None:
    git(repo, "remote", "add", "origin", REMOTES[0])
    save_lean(repo)
    other = make(tmp_path / "other", {"z.py": "z = 1\n"})
    assert in_force(other) == ("", "32k")
    git(other, "remote", "add", "origin", "https://example.org/team/shop2.git")
    assert in_force(other) == ("", "32k")


def test_looking_makes_no_database_and_a_damaged_one_is_survived(repo: Path) -> None:
    assert in_force(repo) == ("", "32k")
    assert not data_dir().exists()
    data_dir().mkdir(parents=True)
    (data_dir() / "packsight.db").write_bytes(b"damaged!" * 1000)
    assert in_force(repo) == ("", "32k")


@pytest.mark.parametrize("identity", ["/srv/git/a.git", "file:///srv/a.git", "https://example.org:8443/a", "0123abcd"])
def test_what_has_no_other_spelling(identity: str) -> None:
    assert other_spellings(identity) == ()
