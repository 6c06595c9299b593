"""What a repository or a file can say costs time and memory in proportion to its size, whatever it says."""

from __future__ import annotations

import gzip
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pathspec import GitIgnoreSpec

from engine.gitglobs import git_globs
from tests.cli.conftest import Run
from tests.engine.walk.repos import make, write
from tests.security.watched import Person

NAME = "a" * 200
EVIL_GLOBS = (
    "*a" * 60 + "b", "**/a/" * 60 + "b", "**/*a*/" * 30 + "b", "*[ab]" * 60 + "c", "*[!b]" * 60 + "c", "*?" * 60 + "c",
    "*[]a]" * 40 + "c", "*\\a" * 40 + "c", "a*" * 90 + "/" + "a*" * 90 + "b", "**a" * 60 + "b",
)  # fmt: skip
PIECES = st.sampled_from(["a", "b", "*", "**", "/", "?", "[ab]", ".", "\\*", "/**/", "**/", "!", " "])
NAMES = st.lists(st.text("ab.*", min_size=1, max_size=3), min_size=1, max_size=5).map("/".join)


@given(st.lists(PIECES, min_size=1, max_size=9).map("".join), NAMES, st.booleans())
@settings(max_examples=400, deadline=None)
def test_globs_mean_what_they_mean_to_pathspec(glob: str, name: str, is_folder: bool) -> None:
    try:
        known = GitIgnoreSpec.from_lines([glob], backend="simple")
    except ValueError:
        return
    path = name + "/" * is_folder
    assert git_globs([glob]).check_file(path).include == known.check_file(path).include


@pytest.mark.parametrize("glob", ["[!a]", "a[!b]c", "*[!a]b*", "[!ab]/x"])
def test_a_set_of_characters_never_holds_the_slash(glob: str) -> None:
    assert not git_globs([f"/{glob}z"]).match_file("/".join(glob.replace("[!", "").replace("]", "")) + "z")


def test_no_glob_of_a_repository_holds_a_scan_up(tmp_path: Path) -> None:
    person = Person(tmp_path / "person")
    root = make(tmp_path / "repo", {f"{NAME}/{NAME}.py": "x = 1\n", "a/" * 400 + "c": "x\n", "keep.py": "y = 2\n"})
    write(root, {".packsightignore": "".join(f"{glob}\n" for glob in EVIL_GLOBS)})
    (root / ".packsight.toml").write_text(
        "exclude = [" + ", ".join(f"'{glob}'" for glob in EVIL_GLOBS[:6]) + "]\n[pack.pins]\n"
        + "".join(f"'{glob}' = 0\n" for glob in EVIL_GLOBS)
    )  # fmt: skip
    # Without bounds, one of these takes longer than the sun will shine; the watch ends it after two minutes.
    seen = person.run("pack", root, "--budget", "4k")
    assert seen.code == 0, seen.err
    assert "keep.py" in seen.out


@pytest.mark.parametrize("inside", [b"trace,seconds", b"a," * 8])
def test_a_few_compressed_megabytes_do_not_become_gigabytes(run: Run, tmp_path: Path, inside: bytes) -> None:
    bomb = tmp_path / "trace.csv.gz"
    with gzip.open(bomb, "wb", compresslevel=9) as file:
        file.write(inside)
        for _ in range(400):
            file.write(b"0" * 1_000_000)
    code = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_AS, (1 << 31, 1 << 31)); "
        "from engine.cli.app import main; sys.exit(main(sys.argv[1:]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "calibrate", "--backtest", "--from-csv", str(bomb)],
        capture_output=True, text=True, timeout=100, check=False,
    )  # fmt: skip
    assert done.returncode == 3, done.stderr
    assert "a line of more than 10,000 characters" in done.stderr


@pytest.mark.parametrize(
    "query",
    ["(a+)+$" * 200, "'; DROP TABLE packs; --", "a\0b\x1b[2J", "x" * 1_000_000, "%s {0} \\"],
    ids=["pattern", "statement", "control", "long", "template"],
)
def test_a_query_is_words_and_nothing_else(run: Run, shop: Path, query: str) -> None:
    found = run("search", query, shop)
    assert found.code in (0, 3), found.err
    assert "\x1b" not in found.out + found.err
    assert len(found.err) < 5_000
