from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.live import Chart, LivePack
from tests.tui.tree.charts import chart_of, pack_of, worlds
from tui.tree import Sort, TreeFilter, TreeModel, facts_of_node


def opened(world: tuple[Chart, LivePack]) -> TreeModel:
    model = TreeModel(world[0])
    model.set_pack(world[1])
    model.open_below(0)
    return model


def names(model: TreeModel) -> list[str]:
    return [facts_of_node(model, row).name for row in range(len(model.rows.node))]


@given(worlds(), st.sampled_from(list(Sort)))
def test_open_rows_are_the_whole_tree_in_order(world: tuple[Chart, LivePack], sort: Sort) -> None:
    model = opened(world)
    model.set_sort(sort)
    rows, tree = model.rows, model.hierarchy
    assert sorted(rows.node.tolist()) == list(range(1, tree.nodes))
    for row, (node, above) in enumerate(zip(rows.node.tolist(), rows.above.tolist(), strict=True)):
        assert above < row
        assert (int(rows.node[above]) if above >= 0 else 0) == int(tree.up[node])
        assert int(rows.depth[row]) == (int(rows.depth[above]) + 1 if above >= 0 else 0)
        later = rows.above[row + 1 :] == above
        assert bool(rows.is_last[row]) != bool(later.any())
        # Everything between a row and its parent is below that parent.
        assert (rows.depth[above + 1 : row] > (int(rows.depth[above]) if above >= 0 else -1)).all()


@given(worlds())
def test_siblings_go_down_by_what_they_are_sorted_by(world: tuple[Chart, LivePack]) -> None:
    model = opened(world)
    for sort, weigh in (
        (Sort.SIZE, model.totals.full), (Sort.PACKED, model.totals.packed), (Sort.VALUE, model.totals.value),
    ):  # fmt: skip
        model.set_sort(sort)
        for above in {-1, *model.rows.above.tolist()}:
            weights = weigh(model.rows.node[model.rows.above == above]).astype(np.float64)
            assert (np.diff(weights) <= 1e-6).all()


def test_by_name_folders_come_first_and_case_does_not_matter() -> None:
    model = opened(
        (chart := chart_of([(p, [(9, -1)]) for p in ("b.py", "A.py", "z/x.py", "c.py")]), pack_of(chart, [0] * 4))
    )
    model.set_sort(Sort.NAME)
    assert [name for name in names(model) if not name.startswith("L")] == ["z/", "x.py", "A.py", "b.py", "c.py"]


def test_a_large_file_does_not_hide_the_largest_folder() -> None:
    model = TreeModel(chart_of([("a.lock", [(900, -1)]), ("src/x.py", [(50, -1)]), ("doc/y.md", [(5, -1)])]))
    assert names(model) == ["a.lock", "src/", "x.py", "doc/"]


def test_the_hot_path_is_open_and_nothing_else() -> None:
    model = TreeModel(chart_of([("a/b/x.py", [(5, -1)]), ("a/c/y.py", [(50, -1)]), ("d/z.py", [(20, -1)])]))
    assert names(model) == ["a/", "c/", "y.py", "b/", "d/"]


@given(worlds(), st.data())
def test_what_is_open_shows_its_children_and_what_is_closed_none(
    world: tuple[Chart, LivePack], data: st.DataObject
) -> None:
    model = opened(world)
    for node in data.draw(st.lists(st.integers(1, model.hierarchy.nodes - 1), max_size=4)):
        model.open(node, False)
        assert (
            model.hierarchy.children(node).tolist() == []
            or not np.isin(model.hierarchy.children(node), model.rows.node).any()
        )
        assert model.row_of(node) >= 0


def test_the_row_of_something_hidden_is_that_of_the_nearest_above() -> None:
    model = TreeModel(chart_of([("a/b/x.py", [(5, -1)]), ("a/c/y.py", [(50, -1)])]))
    model.open_below(0)
    chunk = model.hierarchy.chunk_node(0)
    model.open(1, False)
    assert model.row_of(chunk) == 0


def test_what_is_open_outlives_packs_filters_and_scans() -> None:
    files = [("a/x.py", [(5, -1), (6, 0)]), ("b/y.py", [(50, -1)]), ("b/z/w.py", [(7, -1)])]
    model = TreeModel(chart_of(files))
    model.open_below(0, False)
    model.open(model.hierarchy.folders.paths.index("a"))
    model.open(model.hierarchy.file_node(0))
    shown = names(model)
    assert shown == ["b/", "a/", "x.py", "L1"]
    model.set_pack(pack_of(model.chart, [0, 1, 2, 3]))
    model.set_filter(TreeFilter("w.py"))
    assert "w.py" in names(model)
    model.set_filter(TreeFilter())
    assert names(model) == shown
    again = TreeModel(chart_of([("0/new.py", [(1, -1)]), *files]))
    again.follow(model)
    assert names(again) == ["b/", "a/", "x.py", "L2", "0/"]
    assert again.find(model.name_of(model.hierarchy.chunk_node(1))) == again.hierarchy.chunk_node(2)


def test_a_place_that_is_gone_is_found_further_up() -> None:
    old = TreeModel(chart_of([("a/b/x.py", [(5, -1), (5, -1)]), ("a/y.py", [(5, -1)])]))
    new = TreeModel(chart_of([("a/y.py", [(5, -1)])]))
    assert new.hierarchy.folders.paths[new.find(old.name_of(old.hierarchy.chunk_node(1)))] == "a"
    shorter = TreeModel(chart_of([("a/b/x.py", [(5, -1)])]))
    assert shorter.find(old.name_of(old.hierarchy.chunk_node(1))) == shorter.hierarchy.file_node(0)


@pytest.mark.parametrize("sort", list(Sort))
def test_an_empty_repository_has_no_rows(sort: Sort) -> None:
    model = TreeModel(chart_of([("x.py", [])]))
    model.set_sort(sort)
    assert names(model) == ["x.py"]
