from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.gate.folders import folder_sizes, folders_matching
from tests.engine.gate.made import size

FILES = [
    size("a.py", 1),
    size("src/b.py", 2),
    size("src/x/c.py", 4),
    size("src/y/tests/d.py", 8),
    size("tests/e.py", 16),
]


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("src", {"src": 14}), ("src/*", {"src/x": 4, "src/y": 8}), ("**/tests", {"tests": 16, "src/y/tests": 8}),
        (".", {".": 31}), ("s?c/x", {"src/x": 4}), ("src/**", {"src": 14, "src/x": 4, "src/y": 8, "src/y/tests": 8}),
        ("*", {"src": 14, "tests": 16}), ("nowhere", {}),
    ],
)  # fmt: skip
def test_a_pattern_names_folders_with_all_that_is_below_them(pattern: str, found: dict[str, int]) -> None:
    sizes = folder_sizes(FILES)
    assert {folder: sizes[folder] for folder in folders_matching(pattern, sizes)} == found


@given(
    st.lists(st.text("ab*?", min_size=1, max_size=5), min_size=1, max_size=4),
    st.lists(st.text("ab", min_size=1, max_size=4), min_size=1, max_size=4),
)
def test_matching_is_what_its_definition_says(pattern: list[str], folder: list[str]) -> None:
    @cache
    def name(at: int, here: int, word: int, part: int) -> bool:
        wanted, given_ = pattern[word], folder[part]
        if at == len(wanted):
            return here == len(given_)
        if wanted[at] == "*":
            return name(at + 1, here, word, part) or (here < len(given_) and name(at, here + 1, word, part))
        return here < len(given_) and wanted[at] in ("?", given_[here]) and name(at + 1, here + 1, word, part)

    def whole(word: int, part: int) -> bool:
        if word == len(pattern):
            return part == len(folder)
        if pattern[word] == "**":
            return whole(word + 1, part) or (part < len(folder) and whole(word, part + 1))
        return part < len(folder) and name(0, 0, word, part) and whole(word + 1, part + 1)

    path = "/".join(folder)
    assert (folders_matching("/".join(pattern), {path: 1}) == [path]) == whole(0, 0)


def test_a_pattern_of_many_stars_takes_no_time() -> None:
    path = "/".join(["a" * 200] * 50)
    assert folders_matching("/".join(["*a" * 60 + "b"] * 40), {path: 1}) == []
    assert folders_matching("**/" * 100 + "b", {path: 1}) == []
