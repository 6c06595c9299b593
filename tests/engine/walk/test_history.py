from __future__ import annotations

from pathlib import Path

import pytest

from engine.walk import Change, change_history, repository_identity
from tests.engine.walk.conftest import Opener
from tests.engine.walk.repos import commit, git, make, write


def test_changes_are_counted_and_dated(tmp_path: Path, listed: Opener) -> None:
    repo = make(tmp_path / "r", {"a": "1", "b/c": "1", "b/two\nlines": "1"})
    for step, name in enumerate(("a", "b/c", "a"), start=1):
        write(repo, {name: f"edit {step}"})
        commit(repo, when=1700000000 + step)
    expected = {"a": Change(1700000003, 3), "b/c": Change(1700000002, 2), "b/two\nlines": Change(1700000000, 1)}
    assert change_history(listed(repo)) == expected
    assert change_history(listed(repo / "b")) == {"c": expected["b/c"], "two\nlines": expected["b/two\nlines"]}
    assert change_history(listed(repo), max_commits=1) == {"a": Change(1700000003, 1)}
    assert change_history(listed(repo, rev="HEAD~1"))["a"] == Change(1700000001, 2)


def test_a_merge_counts_once_on_the_line_it_joined(tmp_path: Path, listed: Opener) -> None:
    repo = make(tmp_path / "r", {"a": ""})
    git(repo, "checkout", "-q", "-b", "side")
    for step in (1, 2):
        write(repo, {"side": str(step)})
        commit(repo, when=1700000000 + step)
    git(repo, "checkout", "-q", "main")
    git(repo, "merge", "-q", "--no-ff", "-m", "merge", "side", GIT_COMMITTER_DATE="1700000009 +0000")
    assert change_history(listed(repo))["side"] == Change(1700000009, 1)


def test_no_history(tmp_path: Path, listed: Opener) -> None:
    (tmp_path / "r").mkdir()
    git(tmp_path / "r", "init", "-q")
    assert change_history(listed(tmp_path / "r")) == {}
    repo = make(tmp_path / "s", {"a": ""})
    assert change_history(listed(repo), max_commits=0) == {}


@pytest.mark.parametrize(
    ("url", "identity"),
    [
        ("https://user:token@example.org/a/b.git", "https://example.org/a/b.git"),
        ("https://example.org/a/b?private_token=x#y", "https://example.org/a/b"),
        ("HTTPS://token@example.org:8443/a", "https://example.org:8443/a"),
        ("git@example.org:a/b.git", "example.org:a/b.git"),
        ("ssh://git@example.org/a", "ssh://example.org/a"),
        ("/srv/git/a.git", "/srv/git/a.git"),
    ],
)
def test_identity_is_the_remote_without_credentials(tmp_path: Path, listed: Opener, url: str, identity: str) -> None:
    repo = make(tmp_path / "r", {"sub/a": ""})
    git(repo, "config", "remote.backup.url", "https://example.org/backup")
    git(repo, "config", "remote.origin.url", url)
    assert repository_identity(listed(repo)) == identity
    assert repository_identity(listed(repo / "sub")) == identity


def test_identity_without_a_remote(tmp_path: Path, listed: Opener) -> None:
    repo = make(tmp_path / "r", {"a": ""})
    first = git(repo, "rev-parse", "HEAD")
    write(repo, {"a": "2"})
    commit(repo)
    git(repo, "config", "remote.origin.url", "ext::sh -c 'secret'")
    assert repository_identity(listed(repo)) == first
    (tmp_path / "s").mkdir()
    git(tmp_path / "s", "init", "-q")
    assert repository_identity(listed(tmp_path / "s")) == str((tmp_path / "s").resolve())
    git(tmp_path, "clone", "-q", "--depth=1", f"file://{repo}", "shallow")
    git(tmp_path / "shallow", "remote", "remove", "origin")
    assert repository_identity(listed(tmp_path / "shallow")) == str((tmp_path / "shallow").resolve())
    assert change_history(listed(tmp_path / "shallow")) == {"a": Change(1700000000, 1)}
