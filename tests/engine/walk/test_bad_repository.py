from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.errors import Cancelled, InputError
from engine.walk import ReadFailed, open_listing
from tests.engine.walk.conftest import Opener
from tests.engine.walk.repos import git, make, paths, read, write

needs_owners = pytest.mark.skipif(not hasattr(os, "geteuid"), reason="no owners here")


def test_a_damaged_index_is_named(tmp_path: Path) -> None:
    repo = make(tmp_path / "r", {"a": "", "b": ""})
    index = repo / ".git" / "index"
    for damage in (
        b"garbage",
        index.read_bytes()[:60],
        index.read_bytes()[:-30],
        b"DIRC\0\0\0\x09" + index.read_bytes()[8:],
    ):
        index.write_bytes(damage)
        with pytest.raises(InputError) as caught:
            open_listing(repo)
        assert str(repo) in caught.value.message
        assert "index" in (caught.value.message + caught.value.hint)
        assert "\n" not in caught.value.message


def test_a_damaged_configuration_is_named(tmp_path: Path) -> None:
    repo = make(tmp_path / "r", {"a": ""})
    (repo / ".git" / "config").write_text("[core\n\x1b[31m")
    with pytest.raises(InputError) as caught:
        open_listing(repo)
    assert str(repo) in caught.value.message
    assert caught.value.message.isprintable()


def test_a_git_file_that_leads_nowhere(tmp_path: Path) -> None:
    write(tmp_path, {"r/.git": "gitdir: ../missing\n", "s/.git": "what?", "s/a": ""})
    with pytest.raises(InputError, match="points to"):
        open_listing(tmp_path / "r")
    with pytest.raises(InputError, match="not a repository"):
        open_listing(tmp_path / "s")


def test_an_empty_git_folder_makes_no_repository(tmp_path: Path, listed: Opener) -> None:
    write(tmp_path, {"f/a": ""})
    (tmp_path / "f" / ".git").mkdir()
    assert listed(tmp_path / "f").kind == "folder"


def test_a_missing_tree_is_one_clear_error(tmp_path: Path) -> None:
    repo = make(tmp_path / "r", {"a": ""})
    tree = git(repo, "rev-parse", "HEAD^{tree}")
    (repo / ".git/objects" / tree[:2] / tree[2:]).unlink()
    with pytest.raises(InputError, match="cannot list revision"):
        open_listing(repo, rev="HEAD")


def test_without_git_repositories_are_refused_and_folders_work(tmp_path: Path) -> None:
    repo = make(tmp_path / "r", {"a": ""})
    write(tmp_path, {"f/b": ""})
    program = (
        "import sys; from pathlib import Path; from engine.walk import open_listing\n"
        "from engine.errors import InputError\n"
        "print([f.path for f in open_listing(Path(sys.argv[2])).files])\n"
        "try: open_listing(Path(sys.argv[1]))\n"
        "except InputError as e: print(e.message, '|', e.hint)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(repo), str(tmp_path / "f")],
        env={"PATH": str(tmp_path), "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.startswith("['b']\ngit was not found"), done.stderr
    assert "Install git" in done.stdout
    assert not done.stderr


@needs_owners
def test_a_repository_of_another_owner_is_refused_until_allowed(
    tmp_path: Path, listed: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo = make(tmp_path / "r", {"a": ""}).resolve()
    own = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: own + 4321)
    with pytest.raises(InputError) as caught:
        open_listing(repo)
    assert str(repo) in caught.value.message
    assert f"safe.directory {repo}" in caught.value.hint
    assert "PACKSIGHT_TRUST_OWNER=1" in caught.value.hint
    with monkeypatch.context() as one_call:
        one_call.setenv("PACKSIGHT_TRUST_OWNER", "1")
        assert paths(listed(repo)) == ["a"]
    # The repository cannot vouch for itself; its user can, and can take it back.
    git(repo, "config", "safe.directory", "*")
    with pytest.raises(InputError):
        open_listing(repo)
    for text, allowed in (
        (f"directory = {repo}", True),
        ("directory = *", True),
        (f"directory = {repo.parent}/*", True),
        (f"directory = {repo.parent}", False),
        ("directory = *\n\tdirectory =", False),
    ):
        write(tmp_path / "home", {".gitconfig": f"[safe]\n\t{text}\n"})
        if allowed:
            assert paths(listed(repo)) == ["a"]
        else:
            with pytest.raises(InputError):
                open_listing(repo)


@pytest.fixture
def weak(tmp_path: Path) -> Iterator[None]:
    """A process to which permissions apply, even when the tests run as root."""
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_mode & 0o055 != 0o055:
            folder.chmod(0o755)
    own = os.geteuid()
    if own == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        if own == 0:
            os.seteuid(own)


@needs_owners
def test_permission_denied(tmp_path: Path, listed: Opener, request: pytest.FixtureRequest) -> None:
    write(tmp_path, {"f/open": "o", "f/shut": "s", "f/closed/x": "", "locked/a": ""})
    for name in ("f/shut", "f/closed", "locked"):
        (tmp_path / name).chmod(0)
    # Loads every module that is needed: somebody else's Python may lie where the weak user may not look.
    assert read(listed(tmp_path / "f"), "open") == b"o"
    request.getfixturevalue("weak")
    listing = listed(tmp_path / "f")
    assert paths(listing) == ["open", "shut"]
    assert [(gap.path, gap.reason) for gap in listing.skipped] == [("closed/", "permission denied")]
    assert read(listing, "open") == b"o"
    with pytest.raises(ReadFailed, match="permission denied"):
        read(listing, "shut")
    with pytest.raises(InputError, match="permission denied"):
        open_listing(tmp_path / "locked")
    listing.content.close()


def test_an_include_that_never_ends_does_not_hold_us(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repo = make(tmp_path / "r", {"a": ""})
    os.mkfifo(tmp_path / "pipe")
    git(repo, "config", "include.path", str(tmp_path / "pipe"))
    monkeypatch.setattr("engine.walk.settings.LIMIT_S", 0.2)
    with pytest.raises(InputError, match="configuration"):
        open_listing(repo)


def test_a_repository_listing_can_be_stopped(tmp_path: Path) -> None:
    repo = make(tmp_path / "r", {"a": ""})
    with pytest.raises(Cancelled):
        open_listing(repo, cancelled=lambda: True)


def test_a_repository_that_goes_away(tmp_path: Path, listed: Opener) -> None:
    repo = make(tmp_path / "r", {"a": "", "b": ""})
    listing = listed(repo)
    shutil.rmtree(repo)
    with pytest.raises(ReadFailed, match="vanished"):
        read(listing, "a")
