from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.model import ChunkClass
from tui.tree import TreeFilter
from tui.tree.typed import read_filter, write_filter


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("orders total", TreeFilter("orders total")),
        ("class:tests", TreeFilter(classes=frozenset({ChunkClass.TESTS}))),
        ("class:co orders", TreeFilter("orders", frozenset({ChunkClass.CODE, ChunkClass.COMMENTS, ChunkClass.CONFIG}))),
        ("CLASS:code,docs level:0,F", TreeFilter("", frozenset({ChunkClass.CODE, ChunkClass.DOCS}), frozenset({0}))),
        ("level:p", TreeFilter(levels=frozenset({3}))),
        ("level:omitted,cap", TreeFilter(levels=frozenset({3, 6}))),
        ("class:", TreeFilter()),
        ("class:zebra", TreeFilter("class:zebra")),
        ("level:9", TreeFilter("level:9")),
    ],
)
def test_a_filter_is_read_as_it_is_typed(typed: str, wanted: TreeFilter) -> None:
    assert read_filter(typed) == wanted


@given(
    st.lists(st.text("abc", min_size=1), max_size=3), st.frozensets(st.sampled_from(ChunkClass)),
    st.frozensets(st.integers(0, 6)),
)  # fmt: skip
def test_a_filter_that_is_written_is_read_back(
    words: list[str], classes: frozenset[ChunkClass], levels: frozenset[int]
) -> None:
    wanted = TreeFilter(" ".join(words), classes, levels)
    assert read_filter(write_filter(wanted)) == wanted
