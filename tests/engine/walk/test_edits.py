from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import Cancelled
from engine.walk import past_edits
from tests.engine.walk.conftest import Opener
from tests.engine.walk.repos import commit, git, make, write


def test_lines_are_those_of_the_version_before(tmp_path: Path, listed: Opener) -> None:
    repo = make(tmp_path / "r", {"a": "1\n2\n3\n4\n", "b": "x\n"})
    first = git(repo, "rev-parse", "HEAD")
    write(repo, {"a": "1\ntwo\n3\nnew\nnew\n4\n", "c": "added\n"})
    second = commit(repo, "change a line, insert two behind the third", 1_700_000_100)
    write(repo, {"a": "top\n1\ntwo\n", "b": ""})
    third = commit(repo, "take lines away", 1_700_000_200)
    newest, older = past_edits(listed(repo), max_commits=10)
    assert (newest.commit, newest.parent, newest.committed_s) == (third, second, 1_700_000_200)
    assert (older.parent, older.message) == (first, "change a line, insert two behind the third")
    # Two inserted lines stand for the line above them; at the top there is none.
    assert dict(older.files) == {"a": (2, 3)}
    assert dict(newest.files) == {"a": (3, 4, 5, 6), "b": (1,)}
    assert past_edits(listed(repo), max_commits=1) == [newest]
    assert past_edits(listed(repo), max_commits=5, skip=1) == [older]
    assert [edit.commit for edit in past_edits(listed(repo, rev="HEAD~1"), max_commits=5)] == [second]


def test_merges_and_what_they_brought_are_passed_over(tmp_path: Path, listed: Opener) -> None:
    repo = make(tmp_path / "r", {"a": "1\n"})
    git(repo, "checkout", "-q", "-b", "side")
    write(repo, {"b": "side\n"})
    commit(repo, "on the side")
    git(repo, "checkout", "-q", "main")
    write(repo, {"a": "2\n"})
    commit(repo, "on the main line")
    git(repo, "merge", "-q", "--no-ff", "-m", "merge the side", "side")
    assert [edit.message for edit in past_edits(listed(repo), max_commits=9)] == ["on the main line"]


def test_paths_are_below_the_folder_that_was_named(tmp_path: Path, listed: Opener) -> None:
    repo = make(tmp_path / "r", {"sub/two\nlines é": "1\n", "a": "1\n"})
    write(repo, {"sub/two\nlines é": "2\n", "a": "2\n"})
    commit(repo, "diff --git a/evil b/evil\n@@ -1 +1 @@")
    (edit,) = past_edits(listed(repo / "sub"), max_commits=9)
    assert edit.files == (("two\nlines é", (1,)),)


def test_a_folder_has_no_past_and_one_may_stop(tmp_path: Path, listed: Opener) -> None:
    (tmp_path / "plain").mkdir()
    (tmp_path / "plain" / "a").write_text("1\n")
    assert past_edits(listed(tmp_path / "plain"), max_commits=9) == []
    with pytest.raises(Cancelled):
        past_edits(listed(make(tmp_path / "r", {"a": "1\n"})), max_commits=9, cancelled=lambda: True)
