"""Parts of a pack: none too large, nothing lost, files torn only where they must be."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import BudgetTooSmall
from engine.render import FORMATS, Directories, FormatName, RenderOptions, Scope
from engine.render.layout import build_document
from engine.render.parts import Cut, cut

from .framing import READERS
from .world import ChunkSpec, World, count, count_many, levels_of, make_world, no_lines

formats = pytest.mark.parametrize("name", FORMATS)


def parts_of(world: World, name: FormatName, size: int, notes: tuple[str, ...] = ()) -> list[Cut]:
    scope = Scope(np.ones(len(world.columns.files), np.bool_), Directories(world.columns), 5)
    options = RenderOptions(name, "repository", "1a2b", None, scope, notes)
    levels = levels_of([0] * world.columns.chunks)
    return cut(build_document(world.columns, levels, no_lines(world), world, options), name, size, count_many)


def joined(parts: list[Cut], name: FormatName) -> dict[str, str]:
    files: dict[str, str] = defaultdict(str)
    for part in parts:
        for path, text in READERS[name](part.text).items():
            files[path] += text
    return dict(files)


def small_files(number: int, lines: int = 4) -> dict[str, list[ChunkSpec]]:
    return {
        f"src/{row:02}.py": [ChunkSpec("".join(f"value_{row}_{line} = {line}\n" for line in range(lines)))]
        for row in range(number)
    }


@formats
def test_parts_keep_their_size_and_hold_everything_in_order(name: FormatName) -> None:
    files = small_files(30)
    parts = parts_of(make_world(files), name, 300)
    assert len(parts) > 1
    assert [path for part in parts for path in part.files] == sorted(files)
    assert not any(part.torn for part in parts)
    assert all(count(part.text) == part.tokens <= 300 for part in parts)
    assert joined(parts, name) == {path: specs[0].text for path, specs in files.items()}


@formats
def test_parts_are_numbered_and_state_the_coverage(name: FormatName) -> None:
    parts = parts_of(make_world(small_files(30)), name, 300)
    for number, part in enumerate(parts, 1):
        assert f"{number} of {len(parts)}" in part.text
        assert "30 of 30 files" in part.text
    assert "of" in parts_of(make_world(small_files(1)), name, 9_000)[0].text


@formats
def test_a_file_that_is_too_large_is_torn_between_lines_and_nothing_is_lost(name: FormatName) -> None:
    files = {
        "a.py": [ChunkSpec("first = 1\n")],
        "big.py": [ChunkSpec("".join(f"number_{line} = {line}\n" for line in range(200))), ChunkSpec("last = 2\n")],
        "z.py": [ChunkSpec("end = 3\n")],
    }
    parts = parts_of(make_world(files), name, 400)
    assert all(part.tokens <= 400 for part in parts)
    assert {path for part in parts for path in part.torn} == {"big.py"}
    assert joined(parts, name) == {path: "".join(spec.text for spec in specs) for path, specs in files.items()}


@formats
def test_a_line_that_is_too_long_for_any_part_is_cut(name: FormatName) -> None:
    line = " ".join(f"w{number}" for number in range(900))
    parts = parts_of(make_world({"long.txt": [ChunkSpec(line + "\n")]}), name, 300)
    assert all(part.tokens <= 300 for part in parts)
    assert joined(parts, name)["long.txt"].replace("\n", "") == line


def test_line_ranges_of_pieces_follow_each_other() -> None:
    text = "".join(f"number_{line} = {line}\n" for line in range(200))
    parts = parts_of(make_world({"big.py": [ChunkSpec(text)]}), "plain", 400)
    spans = [next(line for line in part.text.splitlines() if line.startswith("@@@ file")) for part in parts]
    ranges = [span.rpartition(" ")[2].partition("/")[0].split("-") for span in spans]
    starts, ends = [int(row[0]) for row in ranges], [int(row[1]) for row in ranges]
    assert (starts[0], ends[-1]) == (1, 200)
    assert starts[1:] == [end + 1 for end in ends[:-1]]


@formats
def test_what_changed_is_told_once(name: FormatName) -> None:
    parts = parts_of(make_world(small_files(30)), name, 300, ("since main: 1 modified", "M src/01.py +1"))
    assert [part.text.count("since main") for part in parts] == [1] + [0] * (len(parts) - 1)
    assert all(part.tokens <= 300 for part in parts)


def test_a_size_that_holds_no_file_names_one_that_does() -> None:
    world = make_world(small_files(3))
    with pytest.raises(BudgetTooSmall) as caught:
        parts_of(world, "markdown", 40)
    assert parts_of(world, "markdown", caught.value.smallest_tokens)


def test_a_file_that_did_not_change_stays_in_its_part() -> None:
    before = parts_of(make_world(small_files(30)), "xml", 400)
    after = parts_of(make_world(small_files(29) | {"src/29.py": [ChunkSpec("other = 1\n")]}), "xml", 400)
    assert [part.files for part in after[:-1]] == [part.files for part in before[:-1]]


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.lists(st.text('ab \n"<`@{é漢', max_size=200), min_size=1, max_size=3), min_size=1, max_size=6),
    st.sampled_from(FORMATS),
    st.integers(250, 900),
)
def test_no_part_is_ever_too_large(texts: list[list[str]], name: FormatName, size: int) -> None:
    files = {f"f{number}.txt": [ChunkSpec(text + "\n") for text in row] for number, row in enumerate(texts)}
    parts = parts_of(make_world(files), name, size)
    assert all(count(part.text) <= size for part in parts)
    assert {path for part in parts for path in part.files} == set(files)
