from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from engine.errors import InputError
from engine.walk import ReadFailed, blob_id
from tests.engine.walk.conftest import Opener
from tests.engine.walk.repos import LIMIT, commit, entry, git, make, paths, read, reasons, write


def test_a_revision_is_read_from_objects_not_from_disk(tmp_path: Path, listed: Opener) -> None:
    repo = make(tmp_path / "r", {"f": "one", "gone": "g"})
    first = git(repo, "rev-parse", "HEAD")
    git(repo, "tag", "-a", "v1", "-m", "tag")
    (repo / "gone").unlink()
    write(repo, {"f": "two"})
    commit(repo)
    write(repo, {"f": "three", "untracked": ""})
    for rev in (first, first[:10], "v1", "HEAD~1", "main^"):
        listing = listed(repo, rev=rev)
        assert listing.kind == "git"
        assert listing.revision == first
        assert paths(listing) == ["f", "gone"]
        assert read(listing, "f") == b"one"
        assert entry(listing, "f").blob_id == blob_id(b"one")


def test_an_unknown_revision_names_the_nearest(tmp_path: Path, listed: Opener) -> None:
    repo = make(tmp_path / "r", {"f": ""})
    git(repo, "branch", "feature/login")
    git(repo, "tag", "v2.0")
    with pytest.raises(InputError) as caught:
        listed(repo, rev="feature/logni")
    assert "feature/logni" in caught.value.message
    assert "feature/login" in caught.value.hint
    with pytest.raises(InputError, match="not a revision"):
        listed(repo, rev="HEAD:f")


@pytest.mark.parametrize(
    "rev",
    ["--upload-pack=touch x", "--output=x", "-h", "--all", "", " ", "a\nb", "a\0b", "--git-dir=/", "HEAD --", "^HEAD"],
)
def test_a_revision_that_looks_like_something_else(tmp_path: Path, listed: Opener, rev: str) -> None:
    repo = make(tmp_path / "r", {"f": ""})
    with pytest.raises(InputError) as caught:
        listed(repo, rev=rev)
    assert caught.value.message.isprintable()
    assert sorted(path.name for path in repo.iterdir()) == [".git", "f"]


def test_folders_that_look_like_options(tmp_path: Path, listed: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    repo = make(tmp_path / "r", {"--upload-pack=x/-f": "f", ":(exclude)x/g": "g", "$HOME/h": "h", "*/i": "i"})
    monkeypatch.chdir(repo)
    for folder, name in (("--upload-pack=x", "-f"), (":(exclude)x", "g"), ("$HOME", "h"), ("*", "i")):
        assert paths(listed(Path(folder))) == [name]
        assert paths(listed(Path(folder), rev="HEAD")) == [name]


def test_bare_repository(tmp_path: Path, listed: Opener) -> None:
    repo = make(tmp_path / "r", {"a": "1", "b/c": "2"})
    git(tmp_path, "clone", "-q", "--bare", str(repo), "bare.git")
    listing = listed(tmp_path / "bare.git")
    assert listing.kind == "bare"
    assert listing.revision == git(repo, "rev-parse", "HEAD")
    assert paths(listing) == ["a", "b/c"]
    assert read(listing, "b/c") == b"2"
    assert paths(listed(tmp_path / "bare.git", rev="main")) == ["a", "b/c"]
    assert paths(listed(repo / ".git")) == ["a", "b/c"]


def test_bare_repository_without_commits(tmp_path: Path, listed: Opener) -> None:
    git(tmp_path, "init", "-q", "--bare", "bare.git")
    listing = listed(tmp_path / "bare.git")
    assert (listing.files, listing.revision) == ([], "")


def test_a_bare_repository_beside_its_worktrees(tmp_path: Path, listed: Opener) -> None:
    repo = make(tmp_path / "r", {"a": "1"})
    (tmp_path / "project").mkdir()
    git(tmp_path, "clone", "-q", "--bare", str(repo), "project/.bare")
    write(tmp_path / "project", {".git": "gitdir: ./.bare\n"})
    listing = listed(tmp_path / "project")
    assert listing.kind == "bare"
    assert read(listing, "a") == b"1"


def test_reading_objects_survives_missing_damaged_and_large_ones(tmp_path: Path, listed: Opener) -> None:
    repo = make(tmp_path / "r", {"bad": "will be damaged", "big": "x" * 5000, "good": "good", "lost": "will be lost"})
    listing = listed(repo, rev="HEAD")
    objects = {
        path: repo / ".git/objects" / entry(listing, path).blob_id[:2] / entry(listing, path).blob_id[2:]
        for path in ("bad", "lost")
    }
    objects["bad"].chmod(0o644)
    objects["bad"].write_bytes(b"this is no object")
    objects["lost"].unlink()
    for path in ("bad", "lost"):
        with pytest.raises(ReadFailed, match="object"):
            read(listing, path)
        assert read(listing, "good") == b"good"
    with pytest.raises(ReadFailed, match="larger than 4,999 bytes"):
        listing.content.read(entry(listing, "big"), 4999)
    assert len(listing.content.read(entry(listing, "big"), 5000)) == 5000
    copy = pickle.loads(pickle.dumps(listing.content))
    assert copy.read(entry(listing, "good"), LIMIT) == b"good"
    copy.close()


def test_a_very_large_object_costs_no_memory(tmp_path: Path, listed: Opener) -> None:
    repo = make(tmp_path / "r", {"big": bytes(20 << 20), "small": "s"})
    listing = listed(repo, rev="HEAD")
    with pytest.raises(ReadFailed, match="larger"):
        read(listing, "big")
    assert read(listing, "small") == b"s"


def test_replaced_objects_are_not_followed(tmp_path: Path, listed: Opener) -> None:
    repo = make(tmp_path / "r", {"f": "true content"})
    other = git(repo, "hash-object", "-w", "--stdin", stdin=b"other")
    git(repo, "replace", git(repo, "rev-parse", "HEAD:f"), other)
    assert read(listed(repo, rev="HEAD"), "f") == b"true content"


def test_a_folder_that_the_revision_lacks(tmp_path: Path, listed: Opener) -> None:
    repo = make(tmp_path / "r", {"a": ""})
    write(repo, {"new/b": ""})
    with pytest.raises(InputError, match="does not exist in revision"):
        listed(repo / "new", rev="HEAD")


def test_links_and_crafted_names_in_a_tree_are_skipped(tmp_path: Path, listed: Opener) -> None:
    repo = make(tmp_path / "r", {"a": ""})
    oid = git(repo, "rev-parse", "HEAD:a")
    inner = git(repo, "mktree", stdin=f"100644 blob {oid}\tpasswd\n".encode())
    raw = b"".join(
        mode + b" " + name + b"\0" + bytes.fromhex(target)
        for mode, name, target in ((b"40000", b"..", inner), (b"40000", b".GIT", inner), (b"120000", b"l", oid))
    )
    tree = git(repo, "hash-object", "-t", "tree", "-w", "--literally", "--stdin", stdin=raw)
    crafted = git(repo, "commit-tree", "-m", "x", tree)
    listing = listed(repo, rev=crafted)
    assert listing.files == []
    assert reasons(listing) == {
        "../passwd": "name leads outside the root",
        ".GIT/passwd": "name leads outside the root",
        "l": "symbolic link",
    }
