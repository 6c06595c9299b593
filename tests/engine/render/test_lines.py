from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.render import RenderOptions, capsule_line, file_line, gap_line, render
from engine.render.lines import short_count
from engine.render.tree import tree_lines

from .world import ChunkSpec, World, levels_of, make_world, no_lines


def test_capsule_line_names_path_and_range() -> None:
    assert capsule_line("a/b.py", 3, 9) == "… a/b.py:3-9"
    assert "\n" not in capsule_line("a\nb", 3, 9)


def test_file_line_is_one_line_with_its_first_names() -> None:
    line = file_line("a/b\n.py", "code", 2841, 21_345, ["Query", "x\ny", *"abcdefgh"])
    assert line.startswith("a/b\\x0a.py code 2841L 21k: Query, x y, a")
    assert "\n" not in line
    assert "h" not in line.rpartition(":")[2]
    assert file_line("a.py", "docs", 1, 5) == "a.py docs 1L 5"


@pytest.mark.parametrize(
    ("count", "text"), [(0, "0"), (999, "999"), (1_000, "1k"), (1_234, "1.2k"), (99_999, "100k"), (5_140_000, "5.1M")]
)
def test_short_counts(count: int, text: str) -> None:
    assert short_count(count) == text


@given(st.integers(0, 10**12))
def test_short_counts_stay_short(count: int) -> None:
    assert len(short_count(count)) <= 5


def test_gap_lines_share_kinds_and_count_tests() -> None:
    assert gap_line(3, 9) == "⋯ 3-9"
    assert gap_line(3, 9, "class Q", ["def a", "def b", "class C"]) == "⋯ 3-9 class Q: def a, b, class C"
    assert gap_line(3, 9, "class TestX", ["test a", "test b"]) == "⋯ 3-9 class TestX: 2 tests: a, b"
    assert gap_line(3, 9, "", ["test a", "fixture f", "test b"]) == "⋯ 3-9 fixture f, 2 tests: a, b"
    assert gap_line(3, 9, "", ["test a", "def b"]) == "⋯ 3-9 test a, def b"
    assert gap_line(3, 9, "class Q") == "⋯ 3-9 class Q"
    assert gap_line(3, 9, "", ["# Getting started", "# More"]) == "⋯ 3-9 # Getting started, # More"


def body(world: World, levels: list[int]) -> list[str]:
    text = render(world.columns, levels_of(levels), no_lines(world), world, RenderOptions("plain"))
    return text.split("@@@ file a.py", 1)[1].splitlines()


def scoped(kind: str = "def") -> World:
    def spec(outline: str, parent: int = -1) -> ChunkSpec:
        return ChunkSpec("x = 1\ny = 2\n", outline, parent)

    return make_world(
        {
            "a.py": [
                spec(""),
                spec("class A"),
                spec(f"{kind} a", 1),
                spec(f"{kind} b", 1),
                spec("class B"),
                spec("def c", 4),
                spec("def d"),
            ]
        }
    )


def test_a_scope_and_its_members_share_a_line() -> None:
    assert body(scoped(), [4] * 7)[1:] == ["⋯ 1-8 class A: def a, b", "⋯ 9-12 class B: def c", "⋯ 13-14 def d"]


def test_tests_are_counted() -> None:
    assert body(scoped("test"), [6, 4, 4, 4, 6, 6, 6])[1:] == ["⋯ 3-8 class A: 2 tests: a, b"]


def test_omitted_chunks_are_marked_between_shown_ones_only() -> None:
    assert body(scoped(), [6, 0, 6, 0, 6, 6, 6]) == [" 3-8/14", "x = 1", "y = 2", "⋯ 5-6", "x = 1", "y = 2"]


def test_omitted_chunks_widen_the_outline_line_beside_them() -> None:
    assert body(scoped(), [0, 6, 4, 6, 6, 6, 0]) == [" 1-14/14", "x = 1", "y = 2", "⋯ 3-12 def a", "x = 1", "y = 2"]


def test_a_capsule_says_where_the_rest_is_only_when_something_is_missing() -> None:
    world = make_world({"a.py": [ChunkSpec("def a():\n    1\n    2\n    3\n", "def a"), ChunkSpec("x\n", "const x")]})
    assert body(world, [3, 3]) == [" 1-5/5", "def a():", "… a.py:1-4", "x"]


def test_tree_has_one_line_for_a_directory_and_quotes_odd_names() -> None:
    files = [("b/y.py", 3), ("a.py", 0), ("b/x y.py", 5), ("b/c/z\n.py", 1), ('b/"q".py', 2)]
    assert tree_lines(files) == ["./ 0 a.py", 'b/ 2 "\\"q\\".py" 5 "x y.py" 3 y.py', "b/c/ 1 z\\x0a.py"]
