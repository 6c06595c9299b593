"""Globs of rules: same meaning as the shell's, and never slow."""

from __future__ import annotations

import fnmatch
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.classify.globs import name_regex, path_regex

PIECES = st.lists(st.sampled_from(["a", "b", ".", "*", "?", "[ab]", "[!a]", "-", "^"]), min_size=1, max_size=8)


@given(PIECES, st.text("ab.-^", max_size=10))
def test_a_name_matches_as_in_the_shell(pieces: list[str], name: str) -> None:
    glob = "".join(pieces)
    ours = re.fullmatch(name_regex(glob), name) is not None
    assert ours == fnmatch.fnmatchcase(name, glob)


@pytest.mark.parametrize(
    ("glob", "path", "matches"),
    [
        ("docs/*.md", "docs/a.md", True),
        ("docs/*.md", "docs/a/b.md", False),
        ("docs/**/*.md", "docs/a.md", True),
        ("docs/**/*.md", "docs/a/b/c.md", True),
        ("**/a.md", "a.md", True),
        ("**/a.md", "x/y/a.md", True),
        ("docs/**", "docs/a/b", True),
        ("docs/**", "docsa/b", False),
        ("a?c", "abc", True),
        ("a?c", "a/c", False),
        ("[!a]", "/", False),
    ],
)
def test_a_path_matches(glob: str, path: str, matches: bool) -> None:
    assert (re.fullmatch(path_regex(glob), path) is not None) == matches


@pytest.mark.parametrize("glob", ["*a*a*a*a*a*a*a*b", "**/**/**/**/b", "*/*/*/*/*/*/*/*b"])
@pytest.mark.parametrize("path", ["a" * 4000, "a/" * 2000])
def test_no_glob_is_slow(glob: str, path: str) -> None:
    pattern = re.compile(path_regex(glob))
    started = time.process_time()
    assert not pattern.fullmatch(path)
    assert time.process_time() - started < 1
