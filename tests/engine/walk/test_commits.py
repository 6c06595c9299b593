from __future__ import annotations

from pathlib import Path

from engine.walk import recent_commits
from tests.engine.walk.conftest import Opener
from tests.engine.walk.repos import commit, git, make, write


def test_messages_and_hunks_newest_first(tmp_path: Path, listed: Opener) -> None:
    repo = make(tmp_path / "r", {"a": "1\n2\n3\n", "sub/b": "x\n"})
    write(repo, {"a": "1\n2\nnew\n3\n"})
    commit(repo, "insert a line\n\nbecause")
    write(repo, {"a": "1\n2\nnew\n", "sub/b": "y\n"})
    commit(repo, "take a line away")
    first, second, third = recent_commits(listed(repo))
    assert first.message.strip() == "take a line away"
    assert first.files == (("a", ((3, 0, 1),)), ("sub/b", ((1, 1, 1),)))
    assert second.message.strip() == "insert a line\n\nbecause"
    assert second.files == (("a", ((3, 1, 0),)),)
    assert third.files == ()  # the first commit adds everything
    assert len(recent_commits(listed(repo), max_commits=2)) == 2
    assert recent_commits(listed(repo, rev="HEAD~1"))[0].message.startswith("insert")


def test_a_folder_of_a_repository_knows_its_own_files(tmp_path: Path, listed: Opener) -> None:
    repo = make(tmp_path / "r", {"a": "1\n", "sub/b": "x\n"})
    write(repo, {"a": "2\n"})
    commit(repo, "elsewhere")
    write(repo, {"sub/b": "y\n"})
    commit(repo, "here")
    first, _ = recent_commits(listed(repo / "sub"))
    assert first.files == (("b", ((1, 1, 1),)),)


def test_lines_and_messages_that_look_like_headers_are_text(tmp_path: Path, listed: Opener) -> None:
    fake = "diff --git a/evil b/evil\n@@ -1 +1 @@\n++ b/evil\n" + "0" * 40 + "\n"
    repo = make(tmp_path / "r", {"a": fake})
    write(repo, {"a": fake * 2, "two\nlines é": "x\n"})
    commit(repo, "diff --git a/evil b/evil\n" + "1" * 40)
    found = recent_commits(listed(repo))
    assert {path for one in found for path, _ in one.files} == {"a", "two\nlines é"}
    assert len(found) == 2


def test_no_history(tmp_path: Path, listed: Opener) -> None:
    (tmp_path / "plain").mkdir()
    write(tmp_path / "plain", {"a": "1"})
    assert recent_commits(listed(tmp_path / "plain")) == []
    (tmp_path / "r").mkdir()
    git(tmp_path / "r", "init", "-q")
    assert recent_commits(listed(tmp_path / "r")) == []
    repo = make(tmp_path / "s", {"a": ""})
    assert recent_commits(listed(repo), max_commits=0) == []
