from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.live import Chart, LivePack
from engine.model import ChunkClass
from tests.tui.tree.charts import chart_of, pack_of, worlds
from tui.tree import TreeFilter, TreeModel, facts_of_node
from tui.tree.labels import AT_ONCE, Labels
from tui.tree.text_index import TextIndex


def names(model: TreeModel) -> list[str]:
    return [facts_of_node(model, row).name for row in range(len(model.rows.node))]


FILES = [("src/app/Main.py", [(10, -1), (20, 0)]), ("src/lib.py", [(30, -1)]), ("docs/main.md", [(40, -1)])]


def model_of() -> TreeModel:
    chart = chart_of(FILES, classes=[0, 2, 0, 5])
    model = TreeModel(chart)
    model.set_pack(pack_of(chart, [0, 6, 2, 6]))
    return model


def test_text_opens_the_way_to_what_it_finds() -> None:
    model = model_of()
    model.set_filter(TreeFilter("MAIN"))
    assert names(model) == ["docs/", "main.md", "src/", "app/", "Main.py"]
    model.set_filter(TreeFilter("main src"))
    assert names(model) == ["src/", "app/", "Main.py"]


def test_text_finds_names_that_are_known() -> None:
    model = model_of()
    model.set_filter(TreeFilter("handle"))
    assert names(model) == []
    model.add_labels([1, 2], [("function", "Shop.Handle"), ("class", "Other")])
    assert names(model) == ["src/", "app/", "Main.py", "L1", "Shop.Handle"]


def test_a_text_asks_for_the_names_of_all_chunks_once() -> None:
    asked: list[list[int]] = []

    def answer(rows: Sequence[int]) -> list[tuple[str, str]]:
        asked.append(list(rows))
        return [("function", f"name{row}") for row in rows]

    chart = chart_of(FILES, classes=[0, 2, 0, 5])
    model = TreeModel(chart, answer)
    model.set_filter(TreeFilter("name2"))
    assert names(model) == ["src/", "lib.py", "name2"]
    model.set_filter(TreeFilter("name3"))
    assert asked == [[0, 1, 2, 3]]


def test_many_names_are_asked_for_in_parts_and_again_when_answers_were_lost() -> None:
    asked: list[int] = []
    labels = Labels(lambda rows: asked.append(len(rows)) or ())  # type: ignore[func-returns-value]
    labels.load_all(AT_ONCE * 2 + 1)
    labels.load_all(AT_ONCE * 2 + 1)
    assert asked == [AT_ONCE, AT_ONCE, 1]
    labels.forget_unanswered()
    labels.add([0], [("function", "known")])
    labels.load_all(3)
    assert asked[3:] == [2]


def test_pieces_of_a_long_function_are_told_apart_by_their_lines() -> None:
    chart = chart_of([("long.py", [(10, -1), (20, 0), (30, 0), (30, -1)])], classes=[0, 0, 0, 0])
    model = TreeModel(chart)
    model.open_below(0)
    labels = [("function", "f"), ("function", "f"), ("function", "f.g"), ("function", "f")]
    model.add_labels(range(4), labels)
    by_size = names(model)
    assert by_size.count("f") == 2
    assert {"long.py", "f.g"} < set(by_size)
    assert sum(name.startswith("L") for name in by_size) == 1


def test_what_was_closed_stays_closed_when_more_names_are_known() -> None:
    model = model_of()
    model.set_filter(TreeFilter("main"))
    model.open(model.hierarchy.folders.paths.index("src/app"), False)
    model.add_labels([2], [("function", "domain")])
    assert names(model) == ["src/", "app/", "lib.py", "domain", "docs/", "main.md"]


def test_numbers_are_those_of_what_is_left() -> None:
    model = model_of()
    model.set_filter(TreeFilter(classes=frozenset({ChunkClass.CODE})))
    assert facts_of_node(model, 0).full == 40
    assert "docs/" not in names(model)


def test_levels_can_be_asked_for() -> None:
    model = model_of()
    model.set_filter(TreeFilter(levels=frozenset({6})))
    model.open_below(0)
    assert names(model) == ["docs/", "main.md", "L4", "src/", "app/", "Main.py", "L1", "L2"]


def test_what_is_omitted_can_be_hidden_in_place() -> None:
    model = model_of()
    model.open_below(0)
    model.set_hides_omitted(True)
    assert names(model) == ["src/", "app/", "Main.py", "L1", "lib.py", "L3"]
    assert facts_of_node(model, 0).full == 60


@given(worlds(), st.sampled_from(["a", "c", "src", "[/x]", "\x1b", "zz"]), st.sets(st.integers(0, 6)))
def test_a_row_shows_only_when_something_in_it_matches(
    world: tuple[Chart, LivePack], text: str, levels: set[int]
) -> None:
    chart, pack = world
    model = TreeModel(chart)
    model.set_pack(pack)
    model.set_filter(TreeFilter(text, frozenset(), frozenset(levels)))
    model.open_below(0)
    paths = [file.path.casefold() for file in chart.columns.files]
    wanted = {
        row for row in range(chart.columns.chunks)
        if text in paths[chart.columns.file[row]] and (not levels or int(pack.levels[row]) in levels)
    }  # fmt: skip
    tree = model.hierarchy
    shown = {tree.row_of(node) for node in model.rows.node.tolist() if node >= tree.first_chunk}
    assert wanted <= shown
    for node in model.rows.node.tolist():
        assert wanted & set(tree.chunk_at[model.totals.chunks(node)].tolist())


@given(st.lists(st.text(max_size=12), max_size=12), st.text(min_size=1, max_size=3))
def test_the_index_finds_what_a_search_of_each_text_finds(texts: list[str], word: str) -> None:
    words = word.casefold().split()
    expected = [all(part in text.replace("\n", " ").casefold() for part in words) for text in texts]
    assert TextIndex(texts).matching(words).tolist() == expected


def test_the_index_takes_bytes_that_are_no_text() -> None:
    assert TextIndex(["a\udc80b", "ab"]).matching(["\udc80"]).tolist() == [True, False]
    assert not np.any(TextIndex([]).matching(["x"]))
