"""A file that is asked for is written where it was asked for, though a repository put something there before."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import InputError
from tests.cli.conftest import Run
from tui.saving import target, write_whole

KEPT = "what somebody needs\n"


@pytest.fixture
def trap(shop: Path, tmp_path: Path) -> Path:
    """A file of the person's own that names in the repository lead to."""
    own = tmp_path / "profile"
    own.write_text(KEPT)
    for name in ("pack.md", "report.json", "parts.md", "lean.toml"):
        (shop / name).symlink_to(own)
    (shop / "dangling.md").symlink_to(tmp_path / "made")
    return own


@pytest.mark.parametrize(
    "words",
    [
        ("pack", ".", "-b", "1k", "-o", "pack.md"), ("pack", ".", "-b", "1k", "--report", "report.json"),
        ("pack", ".", "--split", "1k", "-o", "parts.md"), ("profile", "export", "-o", "lean.toml"),
        ("pack", ".", "-b", "1k", "-o", "dangling.md"), ("telemetry", "export", "-o", "pack.md"),
        ("check", ".", "--max-total", "9k", "--format", "json=report.json"),
    ],
    ids=lambda words: " ".join(words[:2] + words[-1:]),
)  # fmt: skip
def test_no_command_writes_through_a_link(
    run: Run, shop: Path, trap: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.chdir(shop)
    run(*words)
    assert trap.read_text() == KEPT
    assert not (tmp_path / "made").exists()


def test_the_app_writes_through_no_link(shop: Path, trap: Path, tmp_path: Path) -> None:
    for name in ("pack.md", "dangling.md"):
        write_whole(target(name, shop), "text")
        assert not (shop / name).is_symlink()
        assert (shop / name).read_text() == "text"
    assert trap.read_text() == KEPT
    assert not (tmp_path / "made").exists()


@pytest.mark.parametrize("typed", ["", ".", "..", "sub", "no/folder.md", "a\0b"])
def test_the_app_refuses_what_is_no_file(tmp_path: Path, typed: str) -> None:
    (tmp_path / "sub").mkdir()
    with pytest.raises(InputError):
        target(typed, tmp_path)
