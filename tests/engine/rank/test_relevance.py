from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.columns import Columns, FileRow
from engine.rank import Graph, centrality, edges, query_free_value, raise_scopes, recency
from engine.rank.relevance import substance

DAY = 86_400


def columns_of(paths: list[str], parent: list[int]) -> Columns:
    n, m = len(parent), len(set(paths))
    names = list(dict.fromkeys(paths))
    return Columns(
        files=[FileRow(name, "python", 10, "0" * 40, ()) for name in names],
        file=np.array([names.index(path) for path in paths], dtype=np.int32),
        chunk_class=np.zeros(n, dtype=np.int8),
        parent=np.array(parent, dtype=np.int32),
        start_line=np.ones(n, dtype=np.int32),
        end_line=np.ones(n, dtype=np.int32),
        tokens=np.ones((n, 5), dtype=np.int32),
        retention=np.ones((n, 6)),
        line_tokens=np.ones(m, dtype=np.int32),
        path_tokens=np.ones(m, dtype=np.int32),
    )


def graph_of(defines: list[tuple[int, int]], refers: list[tuple[int, int]]) -> Graph:
    def column(rows: list[tuple[int, int]], at: int, kind: type) -> np.ndarray:
        return np.array([row[at] for row in rows], dtype=kind)

    return Graph(
        column(defines, 0, np.int32), column(defines, 1, np.uint32),
        column(refers, 0, np.int32), column(refers, 1, np.uint32),
    )  # fmt: skip


EMPTY = graph_of([], [])


def test_what_others_use_matters_more() -> None:
    used = graph_of([(0, 7), (1, 8)], [(2, 7), (3, 7), (4, 7), (2, 8)])
    rank = centrality(used, 5)
    assert rank[0] > rank[1] > rank[2]
    assert rank.mean() == pytest.approx(1.0)


def test_standing_flows_on() -> None:
    # 3 uses 2, 2 uses 1: being used by something that is used counts for more.
    rank = centrality(graph_of([(1, 10), (2, 20)], [(3, 20), (2, 10)]), 5)
    assert rank[1] > rank[2] > rank[3]


def test_a_chunk_does_not_refer_to_itself() -> None:
    assert not len(edges(graph_of([(0, 5)], [(0, 5)])).source)


def test_a_name_defined_everywhere_says_nothing() -> None:
    everywhere = [(i, 1) for i in range(50)]
    assert not len(edges(graph_of(everywhere, [(60, 1)])).source)
    twice = edges(graph_of([(0, 1), (1, 1)], [(60, 1)]))
    assert sorted(zip(twice.target, twice.weight, strict=True)) == [(0, 0.5), (1, 0.5)]


def test_extreme_hashes_are_found() -> None:
    top = 2**32 - 1
    found = edges(graph_of([(0, 0), (1, top)], [(2, 0), (2, top), (2, 1), (2, top - 1)]))
    assert sorted(found.target) == [0, 1]


def test_recent_and_often_changed_files_come_first() -> None:
    columns = columns_of(["new.py", "old.py", "never.py", "busy.py"], [-1] * 4)
    now = 1_700_000_000
    factor = recency(columns, {"new.py": (now, 1), "old.py": (now - 900 * DAY, 1), "busy.py": (now - 900 * DAY, 90)})
    assert factor[0] > factor[1] > factor[2] == 1.0
    assert factor[3] > factor[1]


def test_same_changes_same_values_whatever_the_day() -> None:
    columns = columns_of(["a", "b"], [-1, -1])
    changes = {"a": (1_600_000_000, 3), "b": (1_500_000_000, 1)}
    first = query_free_value(columns, EMPTY, changes)
    assert first.tolist() == query_free_value(columns, EMPTY, changes).tolist()
    later = query_free_value(columns, EMPTY, changes, now_s=1_700_000_000)
    assert first.tolist() != later.tolist()


def test_a_change_in_the_future_is_a_change_now() -> None:
    columns = columns_of(["a", "b"], [-1, -1])
    factor = recency(columns, {"a": (2_000_000_000, 1), "b": (1_000_000_000, 1)}, now_s=1_000_000_000)
    assert factor[0] == factor[1]


def test_longer_chunks_tell_more_but_less_than_in_proportion() -> None:
    columns = columns_of(["a"], [-1, -1, -1])
    columns.tokens[:, 0] = (50, 500, 5_000_000)
    value = query_free_value(columns, EMPTY, {})
    assert 1 < value[1] / value[0] < 10
    assert 1 < value[2] / value[1] < 10


def test_empty_repository() -> None:
    assert query_free_value(columns_of([], []), EMPTY, {}).shape == (0,)


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 30).flatmap(
        lambda n: st.tuples(
            st.just(n),
            st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, 12)), max_size=60),
            st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, 12)), max_size=60),
            st.lists(st.integers(-1, n - 1), min_size=n, max_size=n),
        )
    )
)
def test_values_are_bounded_and_scopes_lead(
    case: tuple[int, list[tuple[int, int]], list[tuple[int, int]], list[int]],
) -> None:
    n, defines, refers, parents = case
    parents = [parent if parent < row else -1 for row, parent in enumerate(parents)]
    columns = columns_of(["f"] * n, parents)
    value = query_free_value(columns, graph_of(defines, refers), {"f": (5, 2)})
    assert (value > 0).all()
    assert (value <= 10 * substance(columns).max()).all()
    assert all(value[parent] >= value[row] for row, parent in enumerate(parents) if parent >= 0)
    assert (raise_scopes(columns, value) == value).all()
