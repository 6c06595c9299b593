from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import UsageError
from engine.model import ChunkClass
from engine.render import FORMATS, FormatName, RenderOptions, estimate_tokens, frame_costs, render

from .framing import READERS
from .world import ChunkSpec, World, count, count_many, levels_of, make_world

formats = pytest.mark.parametrize("name", FORMATS)

WORDS = [
    "value",
    "result",
    "query",
    "filter",
    "self.items[key]",
    "=",
    "cursor.fetch(1)",
    "#",
    "note",
    "'text'",
    '{"a":',
    "2}",
    "return",
]

words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=8)
code_line = words.map(lambda line: "    " + " ".join(line) + "\n")
names = st.sampled_from(["", "def filter", "def get_queryset", "class Query", "const MAX_SIZE", "## Getting started"])


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Repositories of a few directories with chunks in scopes."""
    files: dict[str, list[ChunkSpec]] = {}
    for number in range(draw(st.integers(1, 8))):
        directory = draw(st.sampled_from(["", "src/", "src/core utils/", "tests/é/"]))
        specs = []
        for index in range(draw(st.integers(1, 8))):
            text = "".join(draw(st.lists(code_line, min_size=1, max_size=12)))
            parent = draw(st.integers(-1, index - 1)) if index else -1
            specs.append(ChunkSpec(text, draw(names), parent, draw(st.sampled_from(list(ChunkClass)))))
        files[f"{directory}module_{number}.py"] = specs
    return make_world(dict(sorted(files.items())))


@st.composite
def solutions(draw: st.DrawFn) -> tuple[World, list[int], list[bool]]:
    """A repository, levels, and files shown as lines."""
    world = draw(worlds())
    level = st.integers(0, 6)
    levels = draw(st.lists(level, min_size=world.columns.chunks, max_size=world.columns.chunks))
    size = len(world.columns.files)
    return world, levels, draw(st.lists(st.booleans(), min_size=size, max_size=size))


@settings(max_examples=120, deadline=None)
@given(solutions(), st.sampled_from(FORMATS))
def test_estimates_of_small_packs_are_near(solution: tuple[World, list[int], list[bool]], name: FormatName) -> None:
    world, level_list, line_list = solution
    levels, lines = levels_of(level_list), np.array(line_list)
    value = np.linspace(1, 2, world.columns.chunks)
    options = RenderOptions(name, "repository", "1a2b3c", value)
    pack = render(world.columns, levels, lines, world, options)
    assert render(world.columns, levels, lines, world, options) == pack
    READERS[name](pack)
    samples = [spec.text for spec in world.specs]
    costs = frame_costs(world.columns, name, count_many, title="repository", revision="1a2b3c", samples=samples)
    actual = count(pack)
    estimate = estimate_tokens(world.columns, levels, lines, costs)
    # Packs this small are mostly frame; the sampled factor of json is a mean over unlike texts.
    assert actual * 0.94 - 10 <= estimate <= actual * 1.12 + 30


@formats
def test_additive_costs_cover_each_file_alone(name: FormatName) -> None:
    world = make_world({f"some/long directory/file_{i}.py": [ChunkSpec("value = 1\n" * (i + 1))] for i in range(12)})
    columns = world.columns
    costs = frame_costs(columns, name, count_many, title="r", samples=[world.specs[3].text])
    for row in range(12):
        shown = levels_of([0 if chunk == row else 6 for chunk in range(12)])
        pack = render(columns, shown, np.zeros(12, dtype=bool), world, RenderOptions(name, "r"))
        text = int(columns.tokens[row, 0]) * costs.text_factor[0] + costs.chunk_tokens
        assert costs.fixed_tokens + costs.header_tokens[row] + costs.tree_tokens[row] + text >= count(pack)
        pack = render(columns, levels_of([6] * 12), np.arange(12) == row, world, RenderOptions(name, "r"))
        assert costs.fixed_tokens + costs.line_tokens[row] + costs.tree_tokens[row] >= count(pack)
        assert costs.minimal_tokens + costs.line_tokens[row] + costs.tree_tokens[row] >= count(pack)


@formats
def test_estimates_are_close_on_larger_packs(name: FormatName) -> None:
    text = "".join(f"    total_{i} = compute(items[{i}], 'name {i}')\n" for i in range(30))
    files = {
        f"pkg/part_{i % 7}/module_{i}.py": [
            ChunkSpec(text, "class Store"),
            ChunkSpec(text, "def load", 0),
            ChunkSpec(text, "def save", 0),
            ChunkSpec(text, "def main"),
        ]
        for i in range(70)
    }
    world = make_world(files)
    levels = np.random.default_rng(7).integers(0, 7, world.columns.chunks).astype(np.int8)
    lines = np.ones(70, dtype=bool)
    costs = frame_costs(world.columns, name, count_many, title="r", samples=[text])
    actual = count(render(world.columns, levels, lines, world, RenderOptions(name, "r")))
    assert 0.98 * actual <= estimate_tokens(world.columns, levels, lines, costs) <= 1.02 * actual


def test_strings_are_counted_once_and_remembered() -> None:
    world = make_world({f"d{i}/__init__.py": [ChunkSpec("x\n")] for i in range(50)})
    asked: list[str] = []

    def counting(texts: Sequence[str]) -> list[int]:
        asked.extend(texts)
        return count_many(texts)

    memo: dict[str, int] = {}
    first = frame_costs(world.columns, "xml", counting, memo)
    assert len(asked) == len(set(asked)) <= 50 * 3 + 30
    asked.clear()
    again = frame_costs(world.columns, "xml", counting, memo)
    assert asked == []
    assert (first.header_tokens == again.header_tokens).all()


@formats
def test_no_files_cost_the_fixed_part(name: FormatName) -> None:
    world = make_world({})
    costs = frame_costs(world.columns, name, count_many)
    none = np.zeros(0, dtype=bool)
    assert len(costs.header_tokens) == len(costs.tree_tokens) == 0
    pack = render(world.columns, levels_of([]), none, world, RenderOptions(name))
    assert costs.fixed_tokens >= costs.minimal_tokens >= count(pack) - 5
    assert estimate_tokens(world.columns, levels_of([]), none, costs) <= costs.fixed_tokens


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(UsageError):
        frame_costs(make_world({}).columns, "yaml", count_many)  # type: ignore[arg-type]
