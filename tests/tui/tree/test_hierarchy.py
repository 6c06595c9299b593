from __future__ import annotations

import numpy as np
from hypothesis import given

from engine.live import Chart, LivePack
from tests.tui.tree.charts import chart_of, worlds
from tui.tree import Kind, build
from tui.tree.totals import total


@given(worlds())
def test_every_file_and_chunk_has_one_node_and_one_parent(world: tuple[Chart, LivePack]) -> None:
    tree = build(world[0].columns)
    nodes = np.arange(tree.nodes)
    assert sorted(tree.child.tolist()) == nodes[1:].tolist()
    assert all(set(tree.up[tree.children(node)].tolist()) <= {node} for node in nodes.tolist())
    assert sorted(tree.file_of(node) for node in range(tree.first_file, tree.first_chunk)) == list(
        range(len(world[0].columns.files))
    )
    assert sorted(map(tree.row_of, range(tree.first_chunk, tree.nodes))) == list(range(world[0].columns.chunks))


@given(worlds())
def test_numbers_of_a_node_are_the_sum_over_its_children(world: tuple[Chart, LivePack]) -> None:
    chart, pack = world
    tree = build(chart.columns)
    totals = total(tree, pack)
    nodes = np.arange(tree.nodes)
    full, packed, value = totals.full(nodes), totals.packed(nodes), totals.value(nodes)
    assert full[0] == chart.columns.tokens[:, 0].sum()
    assert packed[0] == pack.file_tokens.sum()
    for node in range(tree.first_file):
        below = tree.children(node)
        assert full[below].sum() == full[node]
        assert packed[below].sum() == packed[node]
        assert np.isclose(value[below].sum(), value[node])
    for node in range(tree.first_file, tree.first_chunk):
        assert full[tree.children(node)].sum() == full[node]
        assert packed[node] == pack.file_tokens[tree.file_of(node)]
    for node in range(tree.first_chunk, tree.nodes):
        assert full[tree.children(node)].sum() + chart.columns.tokens[tree.row_of(node), 0] == full[node]


@given(worlds())
def test_runs_below_a_node_are_all_its_descendants(world: tuple[Chart, LivePack]) -> None:
    tree = build(world[0].columns)

    def walk(node: int) -> set[int]:
        return {node}.union(*(walk(child) for child in tree.children(node).tolist()))

    for node in range(tree.nodes):
        found = [at for run in tree.runs_below(node) for at in range(tree.nodes)[run]]
        assert len(found) == len(set(found))
        assert set(found) == walk(node)


@given(worlds())
def test_a_path_is_the_names_on_the_way_to_it(world: tuple[Chart, LivePack]) -> None:
    tree = build(world[0].columns)
    for node in range(tree.first_file, tree.first_chunk):
        path = world[0].columns.files[tree.file_of(node)].path
        assert tree.folders.paths[int(tree.up[node])] == path.rpartition("/")[0]
    for folder in range(1, tree.first_file):
        outer = tree.folders.paths[int(tree.up[folder])]
        assert tree.folders.paths[folder] == f"{outer}/{tree.folders.names[folder]}".lstrip("/")


def test_a_chain_of_folders_is_one_row() -> None:
    tree = build(chart_of([("src/main/java/a/A.java", [(1, -1)]), ("src/main/java/b/B.java", [(1, -1)])]).columns)
    assert tree.folders.names == ["", "src/main/java", "a", "b"]


def test_a_folder_with_a_file_of_its_own_is_not_joined() -> None:
    tree = build(chart_of([("src/x.py", [(1, -1)]), ("src/main/y.py", [(1, -1)])]).columns)
    assert tree.folders.names == ["", "src", "main"]


def test_a_parent_that_makes_no_sense_is_ignored() -> None:
    chart = chart_of([("a.py", [(1, -1), (1, -1)]), ("b.py", [(1, -1)])])
    chart.columns.parent[:] = [1, 99, 0]
    tree = build(chart.columns)
    assert {tree.kind(int(up)) for up in tree.up[tree.first_chunk :]} == {Kind.FILE}


def test_very_deep_paths_and_nesting_are_fine() -> None:
    path = "/".join(["d"] * 20_000) + "/x.py"
    tree = build(chart_of([(path, [(1, at - 1) for at in range(3_000)]), ("y.py", [])]).columns)
    assert tree.first_file == 2
    assert tree.high[tree.chunk_node(0)] - tree.low[tree.chunk_node(0)] == 3_000
