from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.walk.conftest import Opener
from tests.engine.walk.repos import LIMIT, commit, entry, git, make, paths, read, reasons, write


@pytest.fixture
def nested(tmp_path: Path) -> Path:
    """A repository with a submodule that has a submodule."""
    leaf = make(tmp_path / "leaf", {"leaf.py": "leaf"})
    middle = make(tmp_path / "middle", {"m.py": "middle"})
    allow = ("-c", "protocol.file.allow=always")
    git(middle, *allow, "submodule", "add", "-q", str(leaf), "inner")
    commit(middle)
    top = make(tmp_path / "top", {"t.py": "top"})
    git(top, *allow, "submodule", "add", "-q", str(middle), "libs/mid")
    git(top, *allow, "submodule", "update", "-q", "--init", "--recursive")
    commit(top)
    return top


def test_submodules_are_named_unless_entered(nested: Path, listed: Opener) -> None:
    listing = listed(nested)
    assert paths(listing) == [".gitmodules", "t.py"]
    assert reasons(listing) == {"libs/mid": "submodule"}
    entered = listed(nested, submodules=True)
    assert paths(entered) == [".gitmodules", "libs/mid/.gitmodules", "libs/mid/inner/leaf.py", "libs/mid/m.py", "t.py"]
    assert reasons(entered) == {}
    assert read(entered, "libs/mid/inner/leaf.py") == b"leaf"
    assert entry(entered, "libs/mid/m.py").blob_id == git(nested / "libs/mid", "rev-parse", "HEAD:m.py")


def test_submodules_of_a_revision_are_read_at_their_recorded_commit(nested: Path, listed: Opener) -> None:
    write(nested / "libs/mid", {"m.py": "newer"})
    commit(nested / "libs/mid")
    recorded = listed(nested, rev="HEAD", submodules=True)
    assert read(recorded, "libs/mid/m.py") == b"middle"
    assert read(recorded, "libs/mid/inner/leaf.py") == b"leaf"
    assert read(listed(nested, submodules=True), "libs/mid/m.py") == b"newer"


def test_a_submodule_below_a_listed_folder(nested: Path, listed: Opener) -> None:
    listing = listed(nested / "libs", submodules=True)
    assert paths(listing) == ["mid/.gitmodules", "mid/inner/leaf.py", "mid/m.py"]
    assert paths(listed(nested / "libs" / "mid")) == [".gitmodules", "m.py"]
    assert paths(listed(nested, submodules=True, include=["*.py"], exclude=["inner"])) == ["libs/mid/m.py", "t.py"]


def test_a_submodule_that_is_not_checked_out(nested: Path, tmp_path: Path, listed: Opener) -> None:
    git(tmp_path, "clone", "-q", str(nested), "fresh")
    assert reasons(listed(tmp_path / "fresh", submodules=True)) == {"libs/mid": "submodule, not checked out"}


def test_a_submodule_cannot_name_another_repository(nested: Path, tmp_path: Path, listed: Opener) -> None:
    private = make(tmp_path / "private", {"diary": "secret"})
    (nested / "libs/mid/.git").write_text(f"gitdir: {private}/.git\n")
    assert "elsewhere" in reasons(listed(nested, submodules=True))["libs/mid"]
    (nested / "libs/mid").rename(tmp_path / "aside")
    (nested / "libs/mid").symlink_to(private)
    listing = listed(nested, submodules=True)
    assert not any("diary" in path for path in paths(listing))
    assert "symbolic link" in reasons(listing)["libs/mid"]


def test_a_sparse_submodule_reads_its_own_objects(nested: Path, listed: Opener) -> None:
    git(nested / "libs/mid", "sparse-checkout", "set", "--no-cone", "/.gitmodules")
    assert not (nested / "libs/mid/m.py").exists()
    listing = listed(nested, submodules=True)
    assert listing.content.read(entry(listing, "libs/mid/m.py"), LIMIT) == b"middle"


def test_a_damaged_submodule_costs_only_itself(nested: Path, listed: Opener) -> None:
    (nested / ".git/modules/libs/mid/index").write_bytes(b"garbage")
    listing = listed(nested, submodules=True)
    assert paths(listing) == [".gitmodules", "t.py"]
    assert reasons(listing)["libs/mid"].startswith("submodule: ")
