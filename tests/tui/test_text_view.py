from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from textual import on
from textual.app import ComposeResult

from tests.tui.demo import DemoApp
from tests.tui.hostile import HOSTILE
from tests.tui.preview_demo import SOURCE, ends_of_words
from tui.cells import cell_of, cut, is_narrow
from tui.document import Document
from tui.finding import MOST_MATCHES, Matches
from tui.token_parts import token_parts
from tui.widgets.search_bar import SearchBar
from tui.widgets.text_canvas import TextCanvas
from tui.widgets.text_view import TextView
from tui.wrapping import Folding

LINES = st.text(st.sampled_from("ab 漢ｗe\u0301\u200d👩❤\ufe0f…é"), max_size=60)
TEXTS = st.text(st.sampled_from("ab \t\r\n\x1b\x85漢\u202e\u0301\udc80"), max_size=60)


class ViewDemo(DemoApp):
    def compose(self) -> ComposeResult:
        yield TextView()
        yield SearchBar()

    @property
    def view(self) -> TextView:
        return self.query_one(TextView)

    @on(TextView.SearchWanted)
    def _search(self, message: TextView.SearchWanted) -> None:
        self.query_one(SearchBar).open(message.view)

    @on(TextCanvas.Scrolled)
    def _scrolled(self, message: TextCanvas.Scrolled) -> None:
        self.query_one(SearchBar).report(message.view)

    def shown(self) -> list[str]:
        """Rows in view, as text."""
        return [self.view.render_line(y).text for y in range(self.view.size.height)]


@settings(deadline=None)
@given(LINES, st.integers(0, 80), st.integers(1, 30))
def test_a_cut_never_takes_more_cells_than_there_are(line: str, first: int, cells: int) -> None:
    start, end, pad = cut(line, first, cells)
    assert 0 <= start <= end <= len(line)
    assert pad + cell_len(line[start:end]) <= cells
    if cells >= cell_len(line) and first == 0:
        assert (start, end) == (0, len(line))


def test_windows_of_a_huge_line_join_to_the_line() -> None:
    line = "漢a" * 40_000
    parts = []
    for first in range(119_000, 120_000, 30):
        start, end, pad = cut(line, first, 30)
        assert pad == 0
        assert cell_of(line, start) == first
        parts.append(line[start:end])
    assert "".join(parts) == line[cut(line, 119_000, 1)[0] :]


def test_what_counts_as_narrow_takes_one_cell() -> None:
    assert all(cell_len(chr(code)) == 1 for code in range(32, 0x3000) if is_narrow(chr(code)) and code != 0x7F)


@settings(deadline=None)
@given(st.lists(LINES, min_size=1, max_size=6), st.integers(2, 20))
@example(["\u200d\u200da漢"], 2)
def test_folded_rows_hold_each_line_once_and_fit(lines: list[str], width: int) -> None:
    folding = Folding(lines, width)
    joined: dict[int, str] = dict.fromkeys(range(len(lines)), "")
    for row in range(len(folding)):
        line, first, end = folding.part(row)
        assert cell_len(lines[line][first:end]) <= width
        assert first == end or folding.row_of(line, first) == row
        joined[line] += lines[line][first:end]
    assert list(joined.values()) == lines


@settings(deadline=None)
@given(TEXTS)
def test_shown_lines_are_printable_and_positions_lead_back(text: str) -> None:
    document = Document(text)
    for index, line in enumerate(document.lines):
        assert not re.search("[\x00-\x1f\x7f-\x9f\u202e\ud800-\udfff]", line)
        start, raw = document.raw(index)
        assert text[start : start + len(raw)] == raw
        for column in range(len(raw)):
            shown = document.shown_column(index, column)
            assert document.text_column(index, shown) == column


@settings(deadline=None)
@given(TEXTS, st.lists(st.integers(1, 60), unique=True))
def test_tokens_of_a_line_tile_what_is_visible(text: str, cuts: list[int]) -> None:
    document = Document(text)
    ends = [*sorted(cut for cut in cuts if cut < len(text)), len(text)]
    for index, line in enumerate(document.lines):
        parts = token_parts(document, ends, index, 0, len(line))
        assert "".join(line[start:stop] for start, stop, _ in parts) == line
        assert [number for _, _, number in parts] == sorted({number for _, _, number in parts})


@settings(deadline=None)
@given(st.lists(LINES, max_size=8), st.text("ab漢é", min_size=1, max_size=2), st.booleans())
def test_all_matches_are_found_in_their_lines(lines: list[str], words: str, match_case: bool) -> None:
    matches = Matches(lines, words, match_case=match_case)
    assert len(matches) == sum(line.count(words) for line in lines)
    for number in range(len(matches)):
        line, first, end = matches.place(number)
        assert lines[line][first:end] == words
        assert (number, first, end) in matches.within(line, first, end)
        assert matches.following(line, first) == number


def test_more_matches_than_anybody_steps_through_are_said_to_be_more() -> None:
    matches = Matches(["a" * (MOST_MATCHES + 5)], "a")
    assert len(matches) == MOST_MATCHES
    assert matches.in_words(0) == f"1 of {MOST_MATCHES:,}+"


@pytest.mark.asyncio
async def test_typing_finds_marks_counts_and_goes_there() -> None:
    app = ViewDemo()
    async with app.run_test(size=(60, 12)) as pilot:
        app.view.load(Document("\n".join(f"line {n} Total" for n in range(200))))
        app.view.focus()
        await pilot.press("slash", *"line 15", "enter")
        assert app.view.matches.in_words(app.view.current) == "1 of 11"
        assert app.view.visible_lines[0] <= 15 <= app.view.visible_lines[1]
        await pilot.press("n", "n")
        assert app.view.visible_lines[0] <= 151 <= app.view.visible_lines[1]
        await pilot.press("N", "N", "N")
        assert app.view.current == 10
        app.view.search("total")
        assert len(app.view.matches) == 200
        await pilot.press("I")
        assert len(app.view.matches) == 0
        await pilot.press("slash")
        await pilot.press("escape")
        assert app.view.matches.words == ""
        assert app.view.has_focus


@pytest.mark.asyncio
async def test_all_matches_in_view_are_marked_and_the_current_one_otherwise() -> None:
    app = ViewDemo()
    async with app.run_test(size=(40, 6)) as pilot:
        app.view.load(Document("one two one\none\n"))
        app.view.search("one")
        await pilot.pause()
        parts = [part for y in range(2) for part in app.view.render_line(y)]
        current, *others = [part.style for part in parts if part.text == "one"]
        assert len(others) == 2
        assert current != others[0] == others[1]
        assert others[0] not in [part.style for part in parts if part.text != "one"]


@pytest.mark.asyncio
async def test_motions_go_where_vim_and_arrows_go() -> None:
    app = ViewDemo()
    async with app.run_test(size=(40, 11)) as pilot:
        app.view.load(Document("\n".join(f"{n} " + "x" * 100 for n in range(300))))
        app.view.focus()
        await pilot.press("j", "down", "k")
        assert app.view.visible_lines[0] == 1
        await pilot.press("G")
        assert app.view.visible_lines[1] == 299
        await pilot.press("g")
        assert app.view.visible_lines[0] == 0
        await pilot.press("l")
        assert app.view.scroll_x > 0
        await pilot.press("dollar_sign")
        assert app.shown()[0].rstrip().endswith("x")
        await pilot.press("circumflex_accent", "ctrl+d")
        assert app.view.scroll_x == 0
        assert app.view.visible_lines[0] > 0


@pytest.mark.asyncio
async def test_folding_shows_all_of_a_line_and_keeps_the_place() -> None:
    app = ViewDemo()
    async with app.run_test(size=(40, 12)) as pilot:
        app.view.load(Document("\n".join(f"{n:03} " + "word " * 20 for n in range(100))))
        app.view.go_to(50, top=True)
        await pilot.pause()
        app.view.focus()
        await pilot.press("W")
        assert app.view.visible_lines[0] == 50
        rows = app.shown()
        text = "".join(row[app.view.gutter_cells : app.view.gutter_cells + app.view.text_cells] for row in rows[:4])
        assert text.startswith("050 " + "word " * 20)
        await pilot.press("W")
        assert app.view.visible_lines[0] == 50


@pytest.mark.asyncio
async def test_selected_lines_are_the_text_itself() -> None:
    app = ViewDemo()
    async with app.run_test(size=(40, 12)) as pilot:
        app.view.load(Document("a\tb\r\nc\x1b\nd\ne\n"))
        app.view.focus()
        await pilot.press("V", "j")
        assert app.view.selected_text == "a\tb\nc\x1b\n"
        await pilot.press("escape")
        assert app.view.selected_text == ""


@pytest.mark.asyncio
async def test_tokens_alternate_in_background_and_underline() -> None:
    app = ViewDemo()
    async with app.run_test(size=(60, 10)) as pilot:
        app.view.load(Document("one two three\n"))
        app.view.token_ends = ends_of_words("one two three\n")
        await pilot.pause()
        drawn = [
            (part.text, part.style) for part in app.view.render_line(0) if part.text.strip() in ("one", "two", "three")
        ]
        assert [text for text, _ in drawn] == ["one", " two", " three"]
        assert [bool(style and style.underline) for _, style in drawn] == [False, True, False]
        assert len({style.bgcolor for _, style in drawn if style}) == 2


@pytest.mark.asyncio
async def test_hostile_text_is_shown_aligned_and_harmless() -> None:
    app = ViewDemo()
    async with app.run_test(size=(50, 10)) as pilot:
        for text in (*HOSTILE, "x" * 1_000_000, "漢" * 100_000, SOURCE):
            app.view.wrap = False
            app.view.load(Document(text), [(0, "python")])
            app.view.token_ends = range(1, len(text), max(1, len(text) // 500))
            for step in (app.view.action_line_start, app.view.action_line_end, app.view.action_wrap):
                step()
                app.view.search("x")
                await pilot.pause()
                for row in range(app.view.size.height):
                    strip = app.view.render_line(row)
                    assert cell_len(strip.text) == app.view.scrollable_content_region.width
                    assert not re.search("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", strip.text)


@pytest.mark.asyncio
async def test_only_visible_lines_are_styled() -> None:
    app = ViewDemo()
    async with app.run_test(size=(80, 20)) as pilot:
        app.view.load(Document(SOURCE * 4_000), [(0, "python")])
        await pilot.pause()
        app.view.action_end(True)
        await pilot.pause()
        assert len(app.view._strips) < 3 * app.view.size.height
        assert "return not self.items" in "\n".join(app.shown())


@pytest.mark.asyncio
@pytest.mark.parametrize("theme", ["ink", "paper"])
async def test_colours_follow_the_theme(theme: str) -> None:
    app = ViewDemo(theme)
    async with app.run_test(size=(60, 8)) as pilot:
        app.view.load(Document("import math\n"), [(0, "python")])
        await pilot.pause()
        before = app.view.render_line(0)
        app.theme = "contrast"
        await pilot.pause()
        assert [part.style for part in before] != [part.style for part in app.view.render_line(0)]
