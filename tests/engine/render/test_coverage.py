"""What a pack says about files that it has no room for."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.render import FORMATS, Directories, FormatName, RenderOptions, Scope, covered, render

from .framing import READERS
from .world import ChunkSpec, World, levels_of, make_world, no_lines

formats = pytest.mark.parametrize("name", FORMATS)
PATHS = ["a.py", "docs/x.md", "docs/y.md", "src/core/a.py", "src/core/b.py", "src/core/deep/c.py", "src/web/d.js"]


def world_of(paths: list[str]) -> World:
    return make_world({path: [ChunkSpec(f"text of {number}\n")] for number, path in enumerate(paths)})


def scope(world: World, most_lines: int = 9) -> Scope:
    return Scope(np.ones(len(world.columns.files), np.bool_), Directories(world.columns), most_lines)


def lines(world: World, missing: list[bool], most: int) -> list[str]:
    return Directories(world.columns).lines(np.array(missing), most)


def test_one_line_stands_for_everything() -> None:
    (line,) = lines(world_of(PATHS), [True] * 7, 1)
    assert line.startswith("./: 7 files, ")


def test_more_lines_tell_directories_apart() -> None:
    found = [line.partition(",")[0] for line in lines(world_of(PATHS), [True] * 7, 9)]
    assert found == [
        "./*: 1 file", "docs/: 2 files", "src/core/*: 2 files", "src/core/deep/: 1 file", "src/web/: 1 file"
    ]  # fmt: skip


def test_what_is_told_otherwise_is_not_counted() -> None:
    missing = [path.startswith("src/core/deep") for path in PATHS]
    assert [line.partition(",")[0] for line in lines(world_of(PATHS), missing, 1)] == ["src/core/deep/: 1 file"]


def test_nothing_missing_needs_no_line() -> None:
    assert lines(world_of(PATHS), [False] * 7, 5) == []


@given(
    st.lists(st.lists(st.sampled_from("ab"), min_size=1, max_size=4).map("/".join), unique=True, max_size=12),
    st.integers(1, 8),
    st.data(),
)
def test_the_lines_stand_for_every_file_once(found: list[str], most: int, data: st.DataObject) -> None:
    paths = [f"{path}/f" for path in found]
    missing = data.draw(st.lists(st.booleans(), min_size=len(paths), max_size=len(paths)))
    told = lines(world_of(paths), missing, most)
    assert len(told) <= most
    assert sum(int(line.partition(": ")[2].partition(" file")[0]) for line in told) == sum(missing)
    for path, gone in zip(paths, missing, strict=True):
        standing = [line for line in told if path.startswith(line.partition(": ")[0].rstrip("*").removeprefix("./"))]
        assert standing or not gone


@formats
def test_a_pack_states_its_coverage_and_names_directories(name: FormatName) -> None:
    world = world_of(PATHS)
    levels = levels_of([0, 6, 6, 5, 6, 6, 6])
    told = np.array([False, False, False, True, False, False, False])
    pack = render(world.columns, levels, told, world, RenderOptions(name, "r", scope=scope(world)))
    assert "Coverage: 7 of 7 files; 1 with text, 1 by line, 5 by directory" in pack
    assert "docs/: 2 files" in pack
    assert READERS[name](pack) == {"a.py": "text of 0\n"}


@formats
def test_a_pack_of_everything_says_so_and_no_more(name: FormatName) -> None:
    world = world_of(PATHS)
    options = RenderOptions(name, "r", scope=scope(world))
    pack = render(world.columns, levels_of([0] * 7), no_lines(world), world, options)
    assert "Coverage: 7 of 7 files" in pack
    assert "with text" not in pack


@formats
def test_notes_stand_apart_from_files_whatever_they_say(name: FormatName) -> None:
    world = world_of(PATHS[:2])
    hostile = ("</changes>", "```", "@@@ file x", '<file path="x">', '"}]')
    options = RenderOptions(name, "r", notes=hostile, scope=scope(world))
    pack = render(world.columns, levels_of([0, 0]), no_lines(world), world, options)
    assert READERS[name](pack) == {"a.py": "text of 0\n", "docs/x.md": "text of 1\n"}
    if name == "json":
        assert json.loads(pack)["notes"] == list(hostile)


def test_the_numbers_add_up() -> None:
    world = world_of(PATHS)
    levels = levels_of([0, 6, 6, 5, 6, 6, 6])
    told = np.array([False, False, False, True, False, False, False])
    for most, left_out in ((1, 0), (0, 5)):
        found, _ = covered(world.columns, levels, told, scope(world, most))
        assert (found.files_shown, found.files_by_line, found.files_left_out) == (2, 1, left_out)
        assert found.files_shown + found.files_in_directories + found.files_left_out == found.files_in_scope == 7


@pytest.mark.parametrize(
    "path", ["a\nb/x.py", "</directories>/x.py", "\x1b[31m/x.py", "`/x.py", 'q"/x.py', "bad\udcff/x.py"]
)
@formats
def test_hostile_directories_are_text(name: FormatName, path: str) -> None:
    world = world_of(["z.py", path])
    options = RenderOptions(name, "r", scope=scope(world))
    order = [row.path for row in world.columns.files]
    levels = levels_of([0 if row == "z.py" else 6 for row in order])
    pack = render(world.columns, levels, no_lines(world), world, options)
    pack.encode()
    assert "\x1b" not in pack
    assert list(READERS[name](pack)) == ["z.py"]


@formats
def test_in_the_stable_order_what_every_change_moves_stands_behind_the_files(name: FormatName) -> None:
    world = world_of(PATHS)
    levels = levels_of([0, 0, 6, 5, 0, 6, 6])
    told = np.array([False, False, False, True, False, False, False])
    value = np.array([1.0, 8.0, 1.0, 1.0, 90.0, 1.0, 1.0])
    options = RenderOptions(name, "r", "1a2b", value, scope(world), ("since main: 1 modified",), stable=True)
    pack = render(world.columns, levels, told, world, options)
    assert list(READERS[name](pack)) == ["src/core/b.py", "docs/x.md", "a.py"]
    last = pack.rindex("text of 0")
    for said in ("Coverage:", "1a2b", "since main", "Levels:", "src/web/", "src/core/a.py code"):
        assert pack.index(said) > last
    later = RenderOptions(name, "r", "ffff", value * 1.1, scope(world), stable=True)
    moved = render(world.columns, levels, told, world, later)
    assert moved[:last] == pack[:last]


@formats
def test_in_the_stable_order_nothing_in_a_file_passes_for_the_end(name: FormatName) -> None:
    hostile = "</pack>\n@@@ pack x\n@@@2 file y\n# Pack\n```\n</file>\n"
    world = make_world({"a.py": [ChunkSpec(hostile)], "z.py": [ChunkSpec("after\n")]})
    options = RenderOptions(name, "r", "1a2b", np.array([2.0, 1.0]), scope(world), stable=True)
    pack = render(world.columns, levels_of([0, 0]), no_lines(world), world, options)
    assert READERS[name](pack) == {"a.py": hostile, "z.py": "after\n"}
