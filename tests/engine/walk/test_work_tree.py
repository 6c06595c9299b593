from __future__ import annotations

import os
import pickle
from pathlib import Path

import pytest

from engine.walk import ReadFailed, blob_id
from tests.engine.walk.conftest import Opener
from tests.engine.walk.repos import LIMIT, commit, entry, git, make, paths, read, reasons, write


def test_clean_files_have_the_blob_id_of_their_bytes(tmp_path: Path, listed: Opener) -> None:
    repo = make(tmp_path / "r", {"b.py": "x = 1\n", "a/c.txt": "", "a/d.txt": b"\x00\xff"})
    listing = listed(repo)
    assert listing.kind == "git"
    assert listing.root == repo.resolve()
    assert listing.revision == git(repo, "rev-parse", "HEAD")
    assert paths(listing) == ["a/c.txt", "a/d.txt", "b.py"]
    for file in listing.files:
        assert file.blob_id == blob_id(listing.content.read(file, LIMIT), listing.object_format)
        assert file.blob_id == git(repo, "rev-parse", f"HEAD:{file.path}")


def test_every_state_of_a_file(tmp_path: Path, listed: Opener) -> None:
    repo = make(tmp_path / "r", dict.fromkeys(("clean", "dirty", "gone", "staged", "hidden"), "old\n"))
    write(repo, {".gitignore": "ignored\n", "ignored": "", "new": "n\n", "intended": "i\n", "dirty": "edited\n"})
    (repo / "gone").unlink()
    write(repo, {"staged": "staged\n", "added": "added\n"})
    git(repo, "add", "staged", "added")
    git(repo, "add", "-N", "intended")
    git(repo, "update-index", "--assume-unchanged", "hidden")
    write(repo, {"hidden": "hidden edit\n"})
    listing = listed(repo)
    ids = {file.path: file.blob_id for file in listing.files}
    assert "ignored" not in ids
    assert reasons(listing) == {"gone": "deleted in the work tree"}
    assert {path for path, oid in ids.items() if not oid} == {".gitignore", "dirty", "new", "intended", "hidden"}
    for path in ("clean", "staged", "added"):
        assert ids[path] == blob_id(read(listing, path))
    assert read(listing, "hidden") == b"hidden edit\n"


def test_a_file_in_conflict_is_listed_once_with_its_bytes_on_disk(tmp_path: Path, listed: Opener) -> None:
    repo = make(tmp_path / "r", {"f": "base\n"})
    git(repo, "checkout", "-q", "-b", "other")
    write(repo, {"f": "theirs\n"})
    commit(repo)
    git(repo, "checkout", "-q", "main")
    write(repo, {"f": "ours\n"})
    commit(repo)
    git(repo, "merge", "other", check=False)
    listing = listed(repo)
    assert paths(listing) == ["f"]
    assert entry(listing, "f").blob_id == ""
    assert b"<<<<<<<" in read(listing, "f")


def test_type_changes_follow_the_disk(tmp_path: Path, listed: Opener) -> None:
    repo = make(tmp_path / "r", {"file": "f", "folder": "f"})
    (repo / "link").symlink_to("file")
    commit(repo)
    (repo / "link").unlink()
    write(repo, {"link": "now a file"})
    (repo / "file").unlink()
    (repo / "file").symlink_to("link")
    (repo / "folder").unlink()
    write(repo, {"folder/inside": "x"})
    listing = listed(repo)
    assert paths(listing) == ["folder/inside", "link"]
    assert entry(listing, "link").blob_id == ""
    assert reasons(listing) == {"file": "symbolic link", "folder": "deleted in the work tree"}


@pytest.mark.parametrize(
    "raw", [b"caf\xe9.py", b"two\nlines.py", b"tab\there", b'quo"te', b"\xff\xfe", b" space ", b"-n"]
)
def test_any_name_git_can_hold(tmp_path: Path, listed: Opener, raw: bytes) -> None:
    repo = make(tmp_path / "r", {"plain": ""})
    name = raw.decode("utf-8", "surrogateescape")
    (repo / name).write_bytes(b"odd")
    commit(repo)
    (repo / (name + "2")).write_bytes(b"untracked")
    listing = listed(repo)
    assert sorted(paths(listing)) == sorted(["plain", name, name + "2"])
    assert read(listing, name) == b"odd"
    assert read(listed(repo, rev="HEAD"), name) == b"odd"


def test_index_version_4_and_split_index(tmp_path: Path, listed: Opener) -> None:
    repo = make(tmp_path / "r", {f"folder/file{n}": str(n) for n in range(9)})
    before = listed(repo).files
    git(repo, "update-index", "--index-version", "4")
    assert listed(repo).files == before
    git(repo, "update-index", "--split-index")
    write(repo, {"folder/zz": ""})
    git(repo, "add", "folder/zz")
    assert len(list((repo / ".git").glob("sharedindex.*"))) >= 1
    assert paths(listed(repo)) == [*(file.path for file in before), "folder/zz"]


@pytest.mark.parametrize("index", [(), ("--sparse-index",)])
def test_sparse_checkout_reads_absent_files_from_objects(
    tmp_path: Path, listed: Opener, index: tuple[str, ...]
) -> None:
    repo = make(tmp_path / "r", {"kept/a": "a", "left/b": "bb", "left/deep/c": "ccc", "top": "t"})
    git(repo, "sparse-checkout", "set", "--cone", *index, "kept")
    assert not (repo / "left").exists()
    listing = listed(repo)
    assert paths(listing) == ["kept/a", "left/b", "left/deep/c", "top"]
    assert [read(listing, path) for path in paths(listing)] == [b"a", b"bb", b"ccc", b"t"]
    copy = pickle.loads(pickle.dumps(listing.content))
    assert copy.read(entry(listing, "left/b"), LIMIT) == b"bb"
    copy.close()


def test_sha256_repository(tmp_path: Path, listed: Opener) -> None:
    repo = make(tmp_path / "r", {"a": "alpha", "b": "beta"}, "--object-format=sha256")
    write(repo, {"b": "dirty"})
    listing = listed(repo)
    assert listing.object_format == "sha256"
    assert len(listing.revision) == 64
    assert entry(listing, "a").blob_id == blob_id(b"alpha", "sha256") == git(repo, "rev-parse", "HEAD:a")
    assert entry(listing, "b").blob_id == ""
    assert read(listed(repo, rev="HEAD"), "b") == b"beta"


def test_no_commits_yet(tmp_path: Path, listed: Opener) -> None:
    repo = tmp_path / "r"
    repo.mkdir()
    git(repo, "init", "-q")
    empty = listed(repo)
    assert (empty.files, empty.skipped, empty.revision, empty.kind) == ([], [], "", "git")
    write(repo, {"a": "1", "b": "2"})
    git(repo, "add", "a")
    assert [(file.path, bool(file.blob_id)) for file in listed(repo).files] == [("a", True), ("b", False)]


def test_linked_worktree(tmp_path: Path, listed: Opener) -> None:
    repo = make(tmp_path / "r", {"f": "main"})
    git(repo, "worktree", "add", "-q", "-b", "side", str(tmp_path / "w"))
    write(tmp_path / "w", {"f": "side", "g": "new"})
    side = commit(tmp_path / "w")
    listing = listed(tmp_path / "w")
    assert listing.revision == side
    assert paths(listing) == ["f", "g"]
    assert read(listing, "f") == b"side"
    assert read(listed(tmp_path / "w", rev="main"), "f") == b"main"


def test_a_path_inside_lists_only_that(tmp_path: Path, listed: Opener) -> None:
    repo = make(tmp_path / "r", {"top": "", "a/b/x.py": "x", "a/b/c/y.py": "y", "ab/z.py": "z"})
    write(repo, {"a/b/new.py": "n", "a/b/x.py": "dirty"})
    listing = listed(repo / "a" / "b")
    assert listing.root == (repo / "a" / "b").resolve()
    assert paths(listing) == ["c/y.py", "new.py", "x.py"]
    assert read(listing, "c/y.py") == b"y"
    revision = listed(repo / "a" / "b", rev="HEAD")
    assert paths(revision) == ["c/y.py", "x.py"]
    assert read(revision, "x.py") == b"x"
    single = listed(repo / "a" / "b" / "x.py")
    assert paths(single) == ["x.py"]
    assert read(single, "x.py") == b"dirty"
    assert paths(listed(repo / "a" / "b" / "x.py", rev="HEAD")) == ["x.py"]


def test_an_ignored_folder_that_is_named_is_a_plain_folder(tmp_path: Path, listed: Opener) -> None:
    repo = make(tmp_path / "r", {".gitignore": "build/\n", "a": ""})
    write(repo, {"build/out.txt": "made"})
    assert paths(listed(repo)) == [".gitignore", "a"]
    listing = listed(repo / "build")
    assert listing.kind == "folder"
    assert read(listing, "out.txt") == b"made"
    write(repo, {"build/deep/er.txt": "e"})
    assert paths(listed(repo / "build" / "deep")) == ["er.txt"]
    assert paths(listed(repo / "build" / "out.txt")) == ["out.txt"]


def test_a_nested_repository_is_named_not_entered(tmp_path: Path, listed: Opener) -> None:
    repo = make(tmp_path / "r", {"a": ""})
    make(repo / "inner", {"b": ""})
    assert reasons(listed(repo)) == {"inner": "another git repository"}


def test_include_and_exclude(tmp_path: Path, listed: Opener) -> None:
    repo = make(tmp_path / "r", {"src/a.py": "", "src/b.js": "", "src/gen/c.py": "", "docs/d.md": ""})
    assert paths(listed(repo, include=["*.py"])) == ["src/a.py", "src/gen/c.py"]
    assert paths(listed(repo, include=["src/"], exclude=["gen/", "*.js"])) == ["src/a.py"]
    assert paths(listed(repo, exclude=["/src"])) == ["docs/d.md"]


def test_packsightignore_files_nest(tmp_path: Path, listed: Opener) -> None:
    files: dict[str, str | bytes] = {
        ".packsightignore": "*.log\nvendor/\n",
        "a.log": "",
        "vendor/x": "",
        "keep/b.log": "",
    }
    repo = make(tmp_path / "r", files | {"keep/.packsightignore": "!b.log\n", "src/c.py": ""})
    expected = [".packsightignore", "keep/.packsightignore", "keep/b.log", "src/c.py"]
    assert paths(listed(repo)) == expected
    assert paths(listed(repo, rev="HEAD")) == expected
    assert paths(listed(repo / "vendor")) == []


def test_the_users_own_ignore_file_counts(tmp_path: Path, listed: Opener) -> None:
    repo = make(tmp_path / "r", {"a": ""})
    write(repo, {"notes.swp": ""})
    write(tmp_path / "home", {"mine": "*.swp\n", ".gitconfig": "[core]\n\texcludesFile = ~/mine\n"})
    assert paths(listed(repo)) == ["a"]


def test_a_variable_of_the_caller_does_not_redirect(
    tmp_path: Path, listed: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo = make(tmp_path / "r", {"mine": "m"})
    other = make(tmp_path / "o", {"theirs": "t"})
    for name, value in {
        "GIT_DIR": other / ".git",
        "GIT_WORK_TREE": other,
        "GIT_INDEX_FILE": other / ".git" / "index",
        "GIT_OBJECT_DIRECTORY": other / ".git" / "objects",
        "GIT_COMMON_DIR": other / ".git",
        "GIT_CEILING_DIRECTORIES": tmp_path,
        "GIT_SHALLOW_FILE": other / "theirs",
        "GIT_NAMESPACE": "x",
        "GIT_GLOB_PATHSPECS": "1",
        "GIT_CONFIG_PARAMETERS": "'core.bare=true'",
        "GIT_TRACE": tmp_path / "trace",
    }.items():
        monkeypatch.setenv(name, str(value))
    listing = listed(repo)
    assert paths(listing) == ["mine"]
    assert listing.revision == git(repo, "rev-parse", "HEAD")
    assert read(listed(repo, rev="HEAD"), "mine") == b"m"
    assert not (tmp_path / "trace").exists()


def test_a_file_that_vanishes_or_grows(tmp_path: Path, listed: Opener) -> None:
    repo = make(tmp_path / "r", {"a": "x", "b": "123456", "c/d": "x"})
    listing = listed(repo)
    (repo / "a").unlink()
    with pytest.raises(ReadFailed, match="vanished"):
        read(listing, "a")
    with pytest.raises(ReadFailed, match="larger than 5 bytes"):
        listing.content.read(entry(listing, "b"), 5)
    assert listing.content.read(entry(listing, "b"), 6) == b"123456"
    os.rename(repo / "c", repo / "e")
    with pytest.raises(ReadFailed, match="vanished"):
        read(listing, "c/d")
