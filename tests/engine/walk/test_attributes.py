from __future__ import annotations

from pathlib import Path

import pytest

from engine.walk import blob_id, lfs_pointer_size
from tests.engine.walk.conftest import Opener
from tests.engine.walk.repos import commit, entry, git, make, paths, read, reasons, write

POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:" + "a" * 64 + "\nsize 123456\n"


def marks(listing_files: list[object]) -> dict[str, set[str]]:
    return {file.path: set(file.attributes) for file in listing_files if file.attributes}  # type: ignore[attr-defined]


@pytest.mark.parametrize("rev", [None, "HEAD"])
def test_linguist_attributes_set_and_unset(tmp_path: Path, listed: Opener, rev: str | None) -> None:
    repo = make(
        tmp_path / "r",
        {
            ".gitattributes": "*.pb.go linguist-generated\n/third/** linguist-vendored=true\n"
            'manual/** linguist-documentation\nmanual/code.py -linguist-documentation\n"odd name" linguist-generated\n'
            "off.go linguist-generated=false\n[attr]made linguist-generated\nmacro.txt made\n",
            "sub/.gitattributes": "x.pb.go -linguist-generated\ny linguist-vendored\n",
            **dict.fromkeys(("a.pb.go", "third/lib/x.c", "manual/m.md", "manual/code.py", "odd name"), ""),
            **dict.fromkeys(("off.go", "macro.txt", "sub/x.pb.go", "sub/y", "y", "plain"), ""),
        },
    )
    listing = listed(repo, rev=rev)
    assert marks(listing.files) == {  # type: ignore[arg-type]
        "a.pb.go": {"generated"},
        "third/lib/x.c": {"vendored"},
        "manual/m.md": {"documentation"},
        "manual/code.py": {"not-documentation"},
        "odd name": {"generated"},
        "off.go": {"not-generated"},
        "macro.txt": {"generated"},
        "sub/x.pb.go": {"not-generated"},
        "sub/y": {"vendored"},
    }
    below = listed(repo / "sub", rev=rev)
    assert marks(below.files) == {"x.pb.go": {"not-generated"}, "y": {"vendored"}}  # type: ignore[arg-type]


def test_attributes_above_a_listed_folder_and_outside_the_tree(tmp_path: Path, listed: Opener) -> None:
    repo = make(tmp_path / "r", {".gitattributes": "*.gen linguist-generated\n", "a/b/x.gen": "", "a/b/y.txt": ""})
    write(repo, {".git/info/attributes": "*.txt linguist-documentation\n", "a/b/new.gen": ""})
    assert marks(listed(repo / "a" / "b").files) == {  # type: ignore[arg-type]
        "new.gen": {"generated"},
        "x.gen": {"generated"},
        "y.txt": {"documentation"},
    }


@pytest.mark.parametrize("rev", [None, "HEAD"])
def test_export_ignore_of_files_and_folders(tmp_path: Path, listed: Opener, rev: str | None) -> None:
    files = dict.fromkeys(("tests/deep/t.py", "ci.yml", "src/a.py", "src/ci.yml", "docs/d.md", "docsy/e.md"), "")
    repo = make(
        tmp_path / "r",
        {".gitattributes": "/tests export-ignore\n/ci.yml export-ignore\ndocs/ export-ignore\n", **files},
    )
    listing = listed(repo, rev=rev)
    assert paths(listing) == [".gitattributes", "docsy/e.md", "src/a.py", "src/ci.yml"]
    assert reasons(listing) == dict.fromkeys(
        ("ci.yml", "docs/d.md", "tests/deep/t.py"), "export-ignore in .gitattributes"
    )


def test_conversions_are_marked_where_bytes_on_disk_differ(tmp_path: Path, listed: Opener) -> None:
    repo = make(
        tmp_path / "r",
        {
            ".gitattributes": "* text=auto\n*.bat text eol=crlf\n*.sh text eol=lf\n"
            "*.u16 working-tree-encoding=UTF-16LE\n"
            "*.id ident\n*.flt filter=mine\nraw.bat -text\n",
            **dict.fromkeys(("a.bat", "b.sh", "d.id", "e.flt", "f.txt", "raw.bat"), "line\n"),
            "c.u16": "line\n".encode("utf-16-le"),
        },
    )
    for path in repo.iterdir():
        if path.is_file():
            path.unlink()
    git(repo, "checkout", "-q", ".")
    listing = listed(repo)
    converted = [file.path for file in listing.files if "converted" in file.attributes]
    assert converted == ["a.bat", "c.u16", "d.id", "e.flt"]
    assert read(listing, "a.bat") == b"line\r\n"
    for file in listing.files:
        if blob_id(read(listing, file.path)) != file.blob_id:
            assert file.path in converted
    assert not any("converted" in file.attributes for file in listed(repo, rev="HEAD").files)


@pytest.mark.parametrize("scope", ["repository", "user"])
def test_autocrlf_marks_all_text(tmp_path: Path, listed: Opener, scope: str) -> None:
    repo = make(
        tmp_path / "r", {".gitattributes": "*.png binary\n*.sh eol=lf\n", "a.txt": "x\n", "b.png": "x\n", "c.sh": "x\n"}
    )
    if scope == "user":
        write(tmp_path / "home", {".gitconfig": "[core]\n\tautocrlf = true\n"})
    else:
        git(repo, "config", "core.autocrlf", "true")
    assert [file.path for file in listed(repo).files if "converted" in file.attributes] == [".gitattributes", "a.txt"]


def test_lfs_pointers_are_skipped_and_fetched_files_are_not(tmp_path: Path, listed: Opener) -> None:
    repo = make(
        tmp_path / "r",
        {".gitattributes": "*.bin filter=lfs diff=lfs merge=lfs -text\n", "there.bin": POINTER, "far.bin": POINTER},
    )
    commit(repo)
    write(repo, {"there.bin": b"\0" * 4000})
    listing = listed(repo)
    assert paths(listing) == [".gitattributes", "there.bin"]
    assert "converted" in entry(listing, "there.bin").attributes
    assert "LFS" in reasons(listing)["far.bin"]
    assert "123,456" in reasons(listing)["far.bin"]
    assert set(reasons(listed(repo, rev="HEAD"))) == {"far.bin", "there.bin"}


def test_lfs_pointer_size() -> None:
    assert lfs_pointer_size(POINTER.encode()) == 123456
    assert lfs_pointer_size(POINTER.encode() + b"x" * 1024) is None
    assert lfs_pointer_size(b"version 1\nsize 3\n") is None
    assert lfs_pointer_size(b"") is None
