from __future__ import annotations

import os
import pickle
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.model import FileKind, SourceFile
from engine.walk import ContentSource, ReadFailed, blob_id
from engine.walk.content import Stored
from tests.engine.walk.conftest import Opener
from tests.engine.walk.repos import LIMIT, git, make, paths, read, write


def source_file(path: str) -> SourceFile:
    return SourceFile(path, FileKind.REGULAR, "")


def test_importing_the_room_loads_neither_git_nor_patterns() -> None:
    heavy = "('git', 'gitdb', 'pathspec', 'engine.walk.listing')"
    program = f"import sys, engine.walk; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_the_exported_names_are_there() -> None:
    import engine.walk

    for name in engine.walk.__all__:
        assert getattr(engine.walk, name) is not None
    with pytest.raises(AttributeError):
        engine.walk.no_such_name  # noqa: B018


@pytest.mark.parametrize(
    "path",
    [
        "../secret",
        "a/../../secret",
        "/etc/passwd",
        "",
        ".",
        "..",
        "a//b",
        "./a",
        "a/",
        ".git/config",
        "x/.GIT/config",
        "a\0b",
    ],
)
def test_names_that_lead_out_are_refused(tmp_path: Path, path: str) -> None:
    write(tmp_path, {"secret": "s", "root/a/b": "", "root/.git/config": "token"})
    source = ContentSource(str(tmp_path / "root"), Stored.DISK)
    with pytest.raises(ReadFailed):
        source.read(source_file(path), LIMIT)
    source.close()


@given(st.text(alphabet="./\\ag\0", max_size=12))
def test_no_name_reads_outside(tmp_path_factory: pytest.TempPathFactory, path: str) -> None:
    base = tmp_path_factory.getbasetemp() / "outside"
    write(base, {"a": "OUT", "g": "OUT", "root/a/g": "in", "root/g": "in"})
    source = ContentSource(str(base / "root"), Stored.DISK)
    try:
        assert source.read(source_file(path), LIMIT) == b"in"
    except ReadFailed:
        pass
    finally:
        source.close()


def test_no_link_is_followed_not_even_a_parent(tmp_path: Path, listed: Opener) -> None:
    repo = make(tmp_path / "r", {"dir/sub/f": "inside", "top": "t"})
    write(tmp_path, {"elsewhere/f": "SECRET", "elsewhere/sub/f": "SECRET"})
    listing = listed(repo)
    assert read(listing, "dir/sub/f") == b"inside"
    listing.content.close()
    (repo / "dir" / "sub").rename(repo / "kept")
    (repo / "dir" / "sub").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ReadFailed, match="link"):
        read(listing, "dir/sub/f")
    listing.content.close()
    (repo / "dir" / "sub").unlink()
    (repo / "dir").rmdir()
    (repo / "dir").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ReadFailed, match="link"):
        read(listing, "dir/sub/f")
    (repo / "top").unlink()
    (repo / "top").symlink_to(tmp_path / "elsewhere" / "f")
    with pytest.raises(ReadFailed, match="link"):
        read(listing, "top")
    assert "dir/sub/f" not in paths(listed(repo))


def test_links_inside_outside_and_in_circles_are_skipped(tmp_path: Path, listed: Opener) -> None:
    repo = make(tmp_path / "r", {"f": "x"})
    for name, target in (("in", "f"), ("out", "/etc/passwd"), ("loop", "loop"), ("gone", "nowhere")):
        (repo / name).symlink_to(target)
    git(repo, "add", "in", "loop")
    listing = listed(repo)
    assert paths(listing) == ["f"]
    assert {gap.path: gap.reason for gap in listing.skipped} == dict.fromkeys(
        ("in", "out", "loop", "gone"), "symbolic link"
    )


def test_pipes_and_devices_never_block(tmp_path: Path, listed: Opener) -> None:
    repo = make(tmp_path / "r", {"p": "was a file", "q": ""})
    listing = listed(repo)
    (repo / "p").unlink()
    os.mkfifo(repo / "p")
    (repo / "q").unlink()
    (repo / "q").mkdir()
    for path in ("p", "q"):
        with pytest.raises(ReadFailed):
            read(listing, path)
    again = listed(repo)
    assert paths(again) == []
    assert {gap.path: gap.reason for gap in again.skipped} == {
        "p": "not a regular file",
        "q": "deleted in the work tree",
    }


def test_a_source_works_in_another_process_and_after_a_fork(tmp_path: Path, listed: Opener) -> None:
    repo = make(tmp_path / "r", {f"d{n}/f": str(n) for n in range(20)})
    listing = listed(repo, rev="HEAD")
    assert read(listing, "d1/f") == b"1"
    if hasattr(os, "fork"):
        child = os.fork()
        if not child:
            try:
                same = all(listing.content.read(file, LIMIT) == file.path[1:-2].encode() for file in listing.files)
            finally:
                os._exit(0 if same else 1)
        assert [read(listing, path)[:1] for path in paths(listing)] == [path[1:2].encode() for path in paths(listing)]
        assert os.waitpid(child, 0)[1] == 0
    copy = pickle.loads(pickle.dumps(listing.content))
    assert copy.read(listing.files[0], LIMIT) == b"0"
    copy.close()
    copy.close()


@given(st.binary(max_size=200))
def test_blob_ids_are_gits(data: bytes) -> None:
    here = Path(__file__).parent
    if len(data) < 3:
        assert blob_id(data) == git(here, "hash-object", "--stdin", "--no-filters", stdin=data)
    assert len(blob_id(data)) == 40
    assert len(blob_id(data, "sha256")) == 64


def test_descriptors_are_given_back(tmp_path: Path, listed: Opener) -> None:
    if not Path("/proc/self/fd").exists():
        pytest.skip("no /proc")
    repo = make(tmp_path / "r", {f"a/b{n}/c/d": "" for n in range(30)})
    before = len(os.listdir("/proc/self/fd"))
    listing = listed(repo)
    for file in listing.files:
        listing.content.read(file, LIMIT)
    listing.content.close()
    assert len(os.listdir("/proc/self/fd")) == before
