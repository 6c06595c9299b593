"""What a release stands on: changelog, manual page, and a script that refuses what is not ready."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from engine import __version__
from engine.cli.manual import manual
from tests.engine.walk.repos import commit, git, make

ROOT = Path(__file__).parents[2]


def test_the_manual_page_is_made_from_the_commands() -> None:
    assert (ROOT / "docs" / "packsight.1").read_text("ascii") == manual()


@pytest.mark.skipif(shutil.which("groff") is None, reason="groff is not here")
def test_the_manual_page_is_well_formed() -> None:
    words = ["groff", "-man", "-Tutf8", "-ww", str(ROOT / "docs" / "packsight.1")]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    plain = re.sub(r"\x1b\[[0-9;]*m|.\x08", "", done.stdout)
    for words_of_it in ("PACKSIGHT PACK", "--budget", "EXIT STATUS", "packsight pack . -b 32k"):
        assert words_of_it in plain


def test_the_changelog_has_the_current_version_and_room_for_the_next() -> None:
    sections = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert sections[0] == "Unreleased" or sections[0] == __version__
    assert __version__ in sections
    assert len(sections) == len(set(sections))


def product(at: Path, changelog: str = "## 2.0.0 - 2026-12-01\n\n- Something.\n", version: str = "2.0.0") -> Path:
    """A repository with what the release script looks at."""
    make(at, {"engine/__init__.py": f'__version__ = "{version}"\n', "CHANGELOG.md": f"# Changelog\n\n{changelog}"})
    (at / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "release", at / ".ci" / "release")
    commit(at)
    return at


def release(at: Path, *words: str) -> tuple[int, str, str]:
    """Run the script."""
    done = subprocess.run([str(at / ".ci" / "release"), *words], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


def test_a_dry_run_says_what_would_be_done_and_does_nothing(tmp_path: Path) -> None:
    at = product(tmp_path / "p")
    code, out, err = release(at, "--dry-run", "2.0.0")
    assert (code, err) == (0, "")
    assert f"packsight 2.0.0 from {git(at, 'rev-parse', 'HEAD')}" in out
    assert "would run: .ci/run" in out
    assert not (at / "dist").exists()
    assert git(at, "tag") == ""


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--dry-run"], "which version"),
        (["--dry-run", "2.0"], "is no version"),
        (["--dry-run", "2.0.1"], "says 2.0.0, not 2.0.1"),
        (["--now", "2.0.0"], "no option --now"),
        (["2.0.0", "2.0.1"], "one version"),
    ],
)
def test_a_wrong_call_is_refused(tmp_path: Path, words: list[str], reason: str) -> None:
    code, out, err = release(product(tmp_path / "p"), *words)
    assert (code, out) == (1, "")
    assert reason in err


@pytest.mark.parametrize(
    ("changelog", "reason"),
    [
        ("## 1.0.0\n\n- Old.\n", "no section '## 2.0.0'"),
        ("## 2x0y0\n\n- Other.\n", "no section '## 2.0.0'"),
        ("## 2.0.0\n\n## 1.0.0\n\n- Old.\n", "no section '## 2.0.0'"),
        ("## Unreleased\n\n- More.\n\n## 2.0.0\n\n- New.\n", "still has entries"),
    ],
)
def test_a_changelog_that_is_not_ready_stops_it(tmp_path: Path, changelog: str, reason: str) -> None:
    code, _, err = release(product(tmp_path / "p", changelog), "--dry-run", "2.0.0")
    assert code == 1
    assert reason in err


def test_a_work_tree_that_is_not_clean_stops_it(tmp_path: Path) -> None:
    at = product(tmp_path / "p")
    (at / "left.txt").write_text("x")
    assert "not clean" in release(at, "--dry-run", "2.0.0")[2]


def test_a_tag_or_another_branch_stops_it(tmp_path: Path) -> None:
    at = product(tmp_path / "p")
    git(at, "tag", "v2.0.0")
    assert "a tag v2.0.0 already" in release(at, "--dry-run", "2.0.0")[2]
    git(at, "tag", "-d", "v2.0.0")
    git(at, "checkout", "-q", "-b", "side")
    assert "from main" in release(at, "--dry-run", "2.0.0")[2]
