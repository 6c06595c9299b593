from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.style import Style

from engine.model import CLASSES
from tui.state import Found
from tui.widgets.bar_layout import amount_at, cell_at, cells, nice_above, nice_step, runs
from tui.widgets.bar_rows import Brush, bar_row
from tui.widgets.window_parts import found_parts

AMOUNTS = st.lists(st.integers(0, 10**7), min_size=1, max_size=14)


@given(AMOUNTS, st.integers(1, 300))
def test_parts_fill_the_width_in_order_and_to_scale(amounts: list[int], width: int) -> None:
    total = max(1, sum(amounts))
    laid = cells(amounts, total, width)
    assert len(laid) == width
    assert [cell.left for cell in laid] == sorted(cell.left for cell in laid)
    assert all(cell.left <= cell.right and 0 < cell.eighths <= 8 for cell in laid)
    for part, first, end in runs(laid):
        # A part is never longer than it is, and shorter by less than a cell at each end.
        exact = amounts[part] * width / total
        if part < len(amounts) - 1:
            assert exact - 2.2 <= end - first <= exact + 0.3


@given(st.integers(1, 10**8), st.integers(2, 300))
def test_a_cell_stands_for_an_amount_that_lies_in_it(total: int, width: int) -> None:
    for cell in (0, width // 2, width - 1):
        amount = amount_at(cell, total, width)
        assert 0 <= amount <= total
        if total >= width:
            assert abs(cell_at(amount, total, width) - cell) <= 1


@given(st.integers(1, 10**9), st.integers(1, 40))
def test_ticks_are_round_and_few(span: int, most: int) -> None:
    step = nice_step(span, most)
    assert step * most >= span
    assert str(step).rstrip("0") in ("1", "2", "25", "5")


@pytest.mark.parametrize("amount", [1, 7, 999, 8_000, 123_456, 10**9])
def test_a_scale_ends_above_what_it_shows(amount: int) -> None:
    assert 1.25 * amount <= nice_above(amount) <= 2 * amount + 5


@given(st.integers(0, 450_000), st.integers(0, 60_000), st.integers(4, 220), st.booleans())
def test_a_row_is_exactly_as_wide_as_it_may_be_whatever_was_found(
    tokens: int, reserve: int, width: int, marks_over: bool
) -> None:
    found = Found(files=1, tokens=tokens, classes={CLASSES[0]: tokens}, folders={})
    brush = Brush(lambda *parts: Style(), lambda part, behind="": Style())
    parts = found_parts(found, 400_000, reserve)
    total = max(400_000, sum(part.tokens for part in parts))
    row = bar_row(brush, parts, total, width, 64_000, marks_over=marks_over)
    assert sum(len(text) for text, _ in row) == width
