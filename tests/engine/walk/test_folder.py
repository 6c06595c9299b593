from __future__ import annotations

import os
from pathlib import Path

import pytest

from engine.errors import Cancelled, InputError, UsageError
from engine.events import Event, Warned
from engine.walk import change_history, open_listing, repository_identity
from tests.engine.walk.conftest import Opener
from tests.engine.walk.repos import paths, read, reasons, write


def test_a_plain_folder(tmp_path: Path, listed: Opener) -> None:
    root = tmp_path / "f"
    write(root, {"b": "2", "a/c": "3", "a.txt": "1"})
    listing = listed(root)
    assert (listing.kind, listing.revision, listing.object_format) == ("folder", "", "sha1")
    assert paths(listing) == ["a.txt", "a/c", "b"]
    assert {file.blob_id for file in listing.files} == {""}
    assert read(listing, "a/c") == b"3"
    assert change_history(listing) == {}
    assert repository_identity(listing) == str(root.resolve())


def test_ignore_files_nest_and_the_deepest_decides(tmp_path: Path, listed: Opener) -> None:
    root = tmp_path / "f"
    write(
        root,
        {
            ".gitignore": "*.log\nout/\n/top-only\n",
            "x.log": "",
            "top-only": "",
            "out/deep/x.py": "",
            "sub/.gitignore": "!kept.log\nlocal\n",
            "sub/kept.log": "",
            "sub/other.log": "",
            "sub/local": "",
            "sub/top-only": "",
            "sub/.packsightignore": "secret*\n",
            "sub/secret.txt": "",
            "local": "",
        },
    )
    shown = [path for path in paths(listed(root)) if "ignore" not in path]
    assert shown == ["local", "sub/kept.log", "sub/top-only"]


def test_junk_folders_are_skipped_with_a_reason(tmp_path: Path, listed: Opener) -> None:
    root = tmp_path / "f"
    write(root, {"node_modules/x/index.js": "", "src/__pycache__/m.pyc": "", "src/m.py": "", ".git/config": "x"})
    write(root, {"env/pyvenv.cfg": "", "env/lib/x.py": "", "target/CACHEDIR.TAG": "", "target/o": ""})
    listing = listed(root)
    assert paths(listing) == ["src/m.py"]
    assert set(reasons(listing)) == {"node_modules/", "src/__pycache__/", "env/", "target/"}
    assert paths(listed(root / "env")) == ["lib/x.py", "pyvenv.cfg"]


def test_links_and_special_files_are_named_and_never_followed(tmp_path: Path, listed: Opener) -> None:
    root = tmp_path / "f"
    write(root, {"real/a": ""})
    write(tmp_path, {"outside/secret": "s"})
    (root / "out").symlink_to(tmp_path / "outside")
    (root / "in").symlink_to("real")
    (root / "loop").symlink_to("loop")
    (root / "round").symlink_to(".")
    os.mkfifo(root / "pipe")
    listing = listed(root)
    assert paths(listing) == ["real/a"]
    assert reasons(listing) == {
        "in": "symbolic link",
        "loop": "symbolic link",
        "out": "symbolic link",
        "pipe": "not a regular file",
        "round": "symbolic link",
    }


def test_a_single_file(tmp_path: Path, listed: Opener) -> None:
    write(tmp_path, {"f/only.py": "x", "f/.gitignore": "*"})
    listing = listed(tmp_path / "f" / "only.py")
    assert listing.root == (tmp_path / "f").resolve()
    assert paths(listing) == ["only.py"]


def test_an_empty_folder_has_no_files(tmp_path: Path, listed: Opener) -> None:
    (tmp_path / "f").mkdir()
    assert listed(tmp_path / "f").files == []


def test_odd_names(tmp_path: Path, listed: Opener) -> None:
    write(tmp_path, {"f/caf\udce9": "1", "f/a\nb": "2", "f/ ": "3"})
    listing = listed(tmp_path / "f")
    assert sorted(paths(listing)) == sorted(["caf\udce9", "a\nb", " "])
    assert read(listing, "caf\udce9") == b"1"


@pytest.mark.parametrize("name", ["missing", "missing/below", "nul\0name", "file/below"])
def test_what_is_neither_repository_nor_folder(tmp_path: Path, name: str) -> None:
    write(tmp_path, {"file": ""})
    with pytest.raises(InputError) as caught:
        open_listing(tmp_path / name)
    assert caught.value.exit_code == 3
    assert caught.value.message.isprintable()


def test_a_pipe_is_no_input(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "p")
    with pytest.raises(InputError, match="neither a folder nor a file"):
        open_listing(tmp_path / "p")


def test_a_revision_needs_a_repository(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not in a git repository"):
        open_listing(tmp_path, rev="main")


def test_patterns_that_are_none(tmp_path: Path, listed: Opener) -> None:
    write(tmp_path, {"f/a": "", "f/.packsightignore": "!\nb\n", "f/b": ""})
    with pytest.raises(UsageError, match="--include"):
        open_listing(tmp_path / "f", include=["!"])
    events: list[Event] = []
    assert paths(listed(tmp_path / "f", emit=events.append)) == [".packsightignore", "a"]
    assert any(isinstance(event, Warned) for event in events)


def test_listing_can_be_stopped(tmp_path: Path) -> None:
    write(tmp_path, {"f/a": ""})
    with pytest.raises(Cancelled):
        open_listing(tmp_path / "f", cancelled=lambda: True)
