from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given

from engine.live import Chart, LivePack
from engine.model import Skipped
from tests.tui.tree.charts import chart_of, pack_of, worlds
from tui.tree import LeftRow, TreeFilter, TreeModel, facts_of_left
from tui.tree.left_out import EXCLUDED, OMITTED, PARTLY

FILES = [("a.py", [(10, -1), (20, -1)]), ("b.py", [(30, -1)]), ("c.py", [(40, -1)]), ("d.py", [(5, -1)])]


def model_of() -> TreeModel:
    chart = replace(
        chart_of(FILES), skipped=(Skipped("x.png", "binary"), Skipped("y.png", "binary"), Skipped("z", "empty"))
    )
    model = TreeModel(chart)
    excluded = np.array([False, False, False, True, False])
    model.set_pack(replace(pack_of(chart, [0, 6, 6, 6, 1]), excluded=excluded))
    return model


def test_files_are_grouped_by_reason() -> None:
    left = model_of().left
    assert [(reason.name, len(reason.files), reason.total_tokens) for reason in left.reasons] == [
        (OMITTED, 1, 30), (PARTLY, 1, 20), (EXCLUDED, 1, 40), ("skipped: binary", 2, -1), ("skipped: empty", 1, -1),
    ]  # fmt: skip
    assert (left.files, left.parts, left.tokens) == (5, 1, 90)


def test_it_opens_to_reasons_and_files() -> None:
    model = model_of()
    assert model.left_rows.count == 1
    model.open_left("")
    assert model.left_rows.count == 6
    model.open_left("skipped: binary")
    rows = model.left_rows
    said = [facts_of_left(model, rows.at(row), False) for row in range(rows.count)]
    assert [facts.name for facts in said] == [
        "not included", OMITTED, PARTLY, EXCLUDED, "skipped: binary", "x.png", "y.png", "skipped: empty",
    ]  # fmt: skip
    assert said[0].what == "5 files and parts of 1"
    for row in range(rows.count):
        assert rows.find(rows.key(row)) == row


def test_a_row_that_is_gone_is_found_further_up() -> None:
    model = model_of()
    model.open_left("")
    assert model.left_rows.find(("skipped: binary", 1)) == 4
    assert model.left_rows.find(("no such reason", 3)) == 0
    model.open_left("", False)
    assert model.left_rows.find(("skipped: binary", 1)) == 0


def test_it_follows_the_filter() -> None:
    model = model_of()
    model.set_filter(TreeFilter("b.py"))
    assert [reason.name for reason in model.left.reasons] == [OMITTED]
    model.set_filter(TreeFilter("png"))
    assert model.left.files == 2


@given(worlds())
def test_every_omitted_token_is_counted_once(world: tuple[Chart, LivePack]) -> None:
    chart, pack = world
    model = TreeModel(chart)
    model.set_pack(pack)
    assert model.left.tokens == int(chart.columns.tokens[pack.levels == 6, 0].sum())
    files = [int(file) for reason in model.left.reasons if not reason.is_skipped for file in reason.files]
    assert sorted(files) == sorted(set(chart.columns.file[pack.levels == 6].tolist()))


def test_without_anything_left_out_there_is_no_row() -> None:
    chart = replace(chart_of(FILES), skipped=())
    model = TreeModel(chart)
    assert model.left_rows.count == 0
    model.set_pack(pack_of(chart, [0] * 5))
    assert model.left_rows.count == 0
    assert LeftRow().depth == 0
