from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from rich.segment import Segment
from textual.app import ComposeResult

from tests.tui.demo import DemoApp
from tui.widgets.row_list import RowList
from tui.widgets.row_source import Paint, RowState


class Numbers:
    """Rows that are just numbers; tells which were drawn."""

    def __init__(self, count: int, *, header: bool = False) -> None:
        self.keys: Sequence[int] = range(count)
        self.drawn: list[int] = []
        self.header = header

    def row_count(self) -> int:
        return len(self.keys)

    def row_key(self, row: int) -> int:
        return self.keys[row]

    def row_of(self, key: Any) -> int:
        return self.keys.index(key) if key in self.keys else -1

    def row_segments(self, row: int, width: int, state: RowState, paint: Paint) -> Sequence[Segment]:
        self.drawn.append(row)
        return [Segment(f"row {self.keys[row]} [/not] [b]markup")]

    def header_segments(self, width: int, paint: Paint) -> Sequence[Segment] | None:
        return [Segment("HEAD")] if self.header else None

    def empty_lines(self) -> Sequence[str]:
        return ("nothing here", "press a key")


class ListApp(DemoApp):
    CSS = "RowList { height: 1fr; }"

    def __init__(self, source: Numbers) -> None:
        super().__init__()
        self.source = source
        self.rows: list[int] = []
        self.chosen: list[int] = []

    def compose(self) -> ComposeResult:
        yield RowList(self.source)

    def on_row_list_highlighted(self, message: RowList.Highlighted) -> None:
        self.rows.append(message.row)

    def on_row_list_chosen(self, message: RowList.Chosen) -> None:
        self.chosen.append(message.row)


def lines(widget: RowList) -> list[str]:
    return [widget.render_line(y).text for y in range(widget.size.height)]


KEYS = [
    (["j"], 1), (["down", "down", "k"], 1), (["G"], 999_999), (["end", "up"], 999_998), (["G", "g"], 0),
    (["ctrl+d"], 5), (["ctrl+d", "ctrl+d", "ctrl+u"], 5), (["pagedown"], 10), (["pagedown", "pageup"], 0),
    (["up"], 0), (["G", "j"], 999_999),
]  # fmt: skip


@pytest.mark.asyncio
@pytest.mark.parametrize(("keys", "row"), KEYS)
async def test_keys_move_the_cursor_and_keep_it_in_sight(keys: list[str], row: int) -> None:
    app = ListApp(Numbers(1_000_000))
    async with app.run_test(size=(40, 10)) as pilot:
        widget = app.query_one(RowList)
        await pilot.press(*keys)
        assert widget.cursor_row == row
        assert widget.scroll_offset.y <= row < widget.scroll_offset.y + 10
        assert any(line.startswith(f"▌row {row} [/not] [b]markup") for line in lines(widget))
        assert app.rows[-1] == row


@pytest.mark.asyncio
async def test_of_a_million_rows_only_those_in_sight_are_drawn() -> None:
    source = Numbers(1_000_000)
    app = ListApp(source)
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot.press("G")
        assert len(set(source.drawn)) <= 20
        source.drawn.clear()
        await pilot.press("up")
        assert set(source.drawn) == {999_999, 999_998}


@pytest.mark.asyncio
async def test_the_cursor_stays_on_its_thing_and_line() -> None:
    source = Numbers(1_000)
    app = ListApp(source)
    async with app.run_test(size=(40, 10)) as pilot:
        widget = app.query_one(RowList)
        widget.move_cursor(500)
        await pilot.pause()
        line = widget.cursor_row - widget.scroll_offset.y
        source.keys = range(-300, 1_000)
        widget.rows_changed()
        await pilot.pause()
        assert widget.cursor_key == 500
        assert widget.cursor_row == 800
        assert widget.cursor_row - widget.scroll_offset.y == line


@pytest.mark.asyncio
async def test_the_cursor_stays_in_the_rows_when_its_thing_is_gone() -> None:
    source = Numbers(1_000)
    app = ListApp(source)
    async with app.run_test(size=(40, 10)) as pilot:
        widget = app.query_one(RowList)
        widget.move_cursor(900)
        source.keys = range(5)
        widget.rows_changed()
        await pilot.pause()
        assert widget.cursor_row == 4
        source.keys = ()
        widget.rows_changed()
        await pilot.press("j", "k", "G", "ctrl+d")
        assert widget.cursor_key is None
        assert any("nothing here" in line for line in lines(widget))
        assert all(len(line) == 40 for line in lines(widget))


@pytest.mark.asyncio
async def test_the_header_stays_while_rows_scroll() -> None:
    app = ListApp(Numbers(100, header=True))
    async with app.run_test(size=(40, 10)) as pilot:
        widget = app.query_one(RowList)
        await pilot.press("G")
        shown = lines(widget)
        assert shown[0].startswith("HEAD")
        assert shown[9].startswith("▌row 99 ")
        assert shown[1].startswith(" row 91 ")


@pytest.mark.asyncio
async def test_the_mouse_selects_and_twice_chooses() -> None:
    app = ListApp(Numbers(100, header=True))
    async with app.run_test(size=(40, 10)) as pilot:
        widget = app.query_one(RowList)
        await pilot.click(RowList, offset=(3, 4))
        assert widget.cursor_row == 3
        await pilot.hover(RowList, offset=(3, 6))
        assert widget.hover_row == 5
        await pilot.click(RowList, offset=(3, 6), times=2)
        assert app.chosen == [5]
        await pilot.click(RowList, offset=(3, 0))
        assert widget.cursor_row == 5


@pytest.mark.asyncio
async def test_colours_follow_the_theme() -> None:
    app = ListApp(Numbers(10))
    async with app.run_test(size=(40, 10)) as pilot:
        widget = app.query_one(RowList)
        before = [segment.style for segment in widget.render_line(3)]
        app.theme = "paper"
        await pilot.pause()
        assert [segment.style for segment in widget.render_line(3)] != before


@pytest.mark.asyncio
async def test_the_cursor_shows_where_the_keys_go() -> None:
    app = ListApp(Numbers(10))
    async with app.run_test(size=(40, 10)) as pilot:
        widget = app.query_one(RowList)
        focused = [segment.style for segment in widget.render_line(0)]
        app.set_focus(None)
        await pilot.pause()
        assert [segment.style for segment in widget.render_line(0)] != focused
        assert widget.render_line(0).text.startswith("▌")
