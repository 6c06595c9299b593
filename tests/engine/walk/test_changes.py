"""What changed since a revision, held against what git's own user-facing diff says."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.errors import InputError
from engine.walk import FileChange, Hunk, changes_since
from tests.engine.walk.conftest import Opener
from tests.engine.walk.repos import commit, git, make, write

LINES = [f"line {number}\n" for number in range(1, 21)]


def text(*changed: int) -> str:
    return "".join("other\n" if number in changed else line for number, line in enumerate(LINES, 1))


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    return make(tmp_path / "repo", {"a.txt": text(), "gone.txt": "x\ny\n", "moved.txt": text(3), "sub/b.txt": text()})


def by_path(listed: Opener, repo: Path, revision: str = "HEAD", **options: object) -> dict[str, FileChange]:
    return {change.path: change for change in changes_since(listed(repo, **options), revision).files}


def test_lines_of_the_work_tree_that_changed(repo: Path, listed: Opener) -> None:
    write(repo, {"a.txt": text(4, 5, 12)})
    assert by_path(listed, repo) == {"a.txt": FileChange("a.txt", "modified", (Hunk(4, 2, 2), Hunk(12, 1, 1)))}


def test_staged_and_committed_changes_count_alike(repo: Path, listed: Opener) -> None:
    write(repo, {"a.txt": text(4)})
    git(repo, "add", ".")
    assert by_path(listed, repo)["a.txt"].hunks == (Hunk(4, 1, 1),)
    commit(repo)
    assert by_path(listed, repo) == {}
    assert by_path(listed, repo, "HEAD~1")["a.txt"].hunks == (Hunk(4, 1, 1),)


def test_lines_taken_away_name_the_line_above(repo: Path, listed: Opener) -> None:
    write(repo, {"a.txt": "".join(LINES[2:9] + LINES[11:])})
    change = by_path(listed, repo)["a.txt"]
    assert change.hunks == (Hunk(0, 0, 2), Hunk(7, 0, 2))
    assert (change.added, change.removed) == (0, 4)


def test_deleted_renamed_added_untracked_and_binary_files(repo: Path, listed: Opener) -> None:
    (repo / "gone.txt").unlink()
    git(repo, "mv", "moved.txt", "here.txt")
    write(
        repo, {"here.txt": text(3, 9), "new.txt": "n\n", "blob.bin": b"\0\1\2", ".gitignore": "*.log\n", "x.log": "x"}
    )
    git(repo, "add", "new.txt")
    found = by_path(listed, repo)
    assert found.pop("here.txt") == FileChange("here.txt", "renamed", (Hunk(9, 1, 1),), "moved.txt")
    assert found.pop("gone.txt") == FileChange("gone.txt", "deleted", (Hunk(0, 0, 2),))
    assert found.pop("new.txt") == FileChange("new.txt", "added", (Hunk(1, 1, 0),), whole=True)
    assert {(one.path, one.kind, one.whole) for one in found.values()} == {
        ("blob.bin", "added", True), (".gitignore", "added", True)
    }  # fmt: skip


def test_a_binary_file_that_changed_counts_as_a_whole(tmp_path: Path, listed: Opener) -> None:
    repo = make(tmp_path / "repo", {"a b.bin": b"\0\1\2"})
    write(repo, {"a b.bin": b"\0\1\3"})
    assert by_path(listed, repo) == {"a b.bin": FileChange("a b.bin", "modified", whole=True)}


def test_a_revision_against_a_revision(repo: Path, listed: Opener) -> None:
    write(repo, {"a.txt": text(7)})
    commit(repo)
    write(repo, {"a.txt": text(), "untracked.txt": "u\n"})
    assert by_path(listed, repo, "HEAD~1", rev="HEAD") == {"a.txt": FileChange("a.txt", "modified", (Hunk(7, 1, 1),))}


def test_a_folder_has_only_its_own_changes(repo: Path, listed: Opener) -> None:
    write(repo, {"a.txt": text(7), "sub/b.txt": text(8), "sub/new.txt": "n\n"})
    assert set(by_path(listed, repo / "sub")) == {"b.txt", "new.txt"}
    assert set(by_path(listed, repo / "sub" / "b.txt")) == {"b.txt"}


def test_three_dots_leave_out_what_the_other_side_did(repo: Path, listed: Opener) -> None:
    git(repo, "checkout", "-q", "-b", "theirs")
    write(repo, {"sub/b.txt": text(1)})
    commit(repo)
    git(repo, "checkout", "-q", "main")
    write(repo, {"a.txt": text(2)})
    commit(repo)
    assert set(by_path(listed, repo, "theirs")) == {"a.txt", "sub/b.txt"}
    assert set(by_path(listed, repo, "theirs...")) == {"a.txt"}


def test_out_of_the_index_only_is_still_here(repo: Path, listed: Opener) -> None:
    git(repo, "rm", "-q", "--cached", "a.txt")
    assert by_path(listed, repo) == {"a.txt": FileChange("a.txt", "modified", whole=True)}


@pytest.mark.parametrize(
    ("wrong", "near"), [("mian", "main"), ("mian...", "main"), ("v1.1", "v1.0"), ("--output=x", "")]
)
def test_an_unknown_revision_names_the_nearest(repo: Path, listed: Opener, wrong: str, near: str) -> None:
    git(repo, "tag", "v1.0")
    with pytest.raises(InputError) as caught:
        changes_since(listed(repo), wrong)
    assert caught.value.exit_code == 3
    assert near in caught.value.hint


def test_a_folder_without_git_has_no_changes(tmp_path: Path, listed: Opener) -> None:
    write(tmp_path / "plain", {"a.txt": "a\n"})
    with pytest.raises(InputError, match="not in a git repository"):
        changes_since(listed(tmp_path / "plain"), "HEAD")


NAMES = ['q"uote', "tab\there", "new\nline", "ümlaut", "sp ace ", "diff --git a", "@@ -1 +1 @@", "-dash", "b/a b/a"]


@pytest.mark.parametrize("name", NAMES)
def test_hostile_names_and_lines_pass_for_nothing_else(tmp_path: Path, listed: Opener, name: str) -> None:
    body = "".join(f"{line}\n" for line in ("diff --git a/x b/x", "@@ -1 +1 @@", "rename to y", "Binary files a and b"))
    repo = make(tmp_path / "repo", {name: body, "z.txt": "z"})
    write(repo, {name: "new\n" + body.replace("rename", "deleted file mode"), "z.txt": "y"})
    assert by_path(listed, repo) == {
        name: FileChange(name, "modified", (Hunk(1, 1, 0), Hunk(4, 1, 1))),
        "z.txt": FileChange("z.txt", "modified", (Hunk(1, 1, 1),)),
    }


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changed=st.sets(st.integers(1, 20)), dropped=st.sets(st.integers(1, 20)))
def test_the_hunks_add_up_to_what_git_counts(repo: Path, listed: Opener, changed: set[int], dropped: set[int]) -> None:
    lines = text(*changed).splitlines(keepends=True)
    write(repo, {"a.txt": "".join(line for number, line in enumerate(lines, 1) if number not in dropped)})
    counted = subprocess.run(["git", "diff", "--numstat"], cwd=repo, capture_output=True, text=True, check=True).stdout
    found = by_path(listed, repo).get("a.txt", FileChange("a.txt", "modified"))
    expected = counted.split()[:2] if counted else ["0", "0"]
    assert [str(found.added), str(found.removed)] == expected


@pytest.mark.parametrize("lost", ["gone.txt", "a.txt"])
def test_an_object_that_is_missing_costs_only_its_lines(repo: Path, listed: Opener, lost: str) -> None:
    oid = git(repo, "rev-parse", f"HEAD:{lost}")
    write(repo, {"a.txt": text(4), "sub/b.txt": text(5)})
    (repo / "gone.txt").unlink()
    (repo / ".git" / "objects" / oid[:2] / oid[2:]).unlink()
    found = by_path(listed, repo)
    assert set(found) == {"a.txt", "gone.txt", "sub/b.txt"}
    assert found["gone.txt"].kind == "deleted"
    compared = FileChange("a.txt", "modified", (Hunk(4, 1, 1),))
    assert found["a.txt"] == (FileChange("a.txt", "modified", whole=True) if lost == "a.txt" else compared)
