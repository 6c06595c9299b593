from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.live import Excerpt
from tests.tui.hostile import HOSTILE
from tests.tui.preview_demo import SOURCE, WHY, PreviewDemo, at_level
from tests.tui.samples import sample_chart, sample_pack
from tui.aligning import aligned
from tui.messages import ExcerptRead
from tui.state import Place
from tui.text import percent
from tui.widgets.empty_text import EmptyText
from tui.widgets.level_strip import LevelStrip
from tui.widgets.preview_pane import EXCERPT, FULL, PreviewPane
from tui.widgets.text_view import TextView
from tui.widgets.why_panel import WhyPanel

LINES = st.lists(st.sampled_from(["a", "b", "c", "", "}", "x"]), max_size=12)


def text_of(view: TextView) -> str:
    return "\n".join(view.render_line(y).text.rstrip() for y in range(view.size.height))


@settings(deadline=None)
@given(LINES, LINES)
def test_aligned_texts_keep_all_lines_in_order_beside_equal_ones(left: list[str], right: list[str]) -> None:
    rows_left, rows_right = aligned(left, right)
    assert len(rows_left) == len(rows_right)
    assert [row for row in rows_left if row is not None] == list(range(len(left)))
    assert [row for row in rows_right if row is not None] == list(range(len(right)))


def test_what_was_folded_leaves_the_lines_behind_it_beside_each_other() -> None:
    left, right = at_level(2).splitlines(), SOURCE.splitlines()
    rows = list(zip(*aligned(left, right), strict=True))
    beside = [(left[a], right[b]) for a, b in rows if a is not None and b is not None]
    assert sum(a == b for a, b in beside) == len(left) - 1
    assert ("        … 4 lines", "        total = 0.0") in beside


@pytest.mark.asyncio
async def test_a_place_is_asked_for_shown_and_explained() -> None:
    app = PreviewDemo()
    async with app.run_test(size=(100, 30)) as pilot:
        assert app.pane.has_class("-empty")
        app.show(Place(0, 1))
        await pilot.pause()
        assert [(asked.level, asked.key) for asked in app.asked] == [(None, EXCERPT)]
        assert "class Order:" in text_of(app.pane.query_one("#excerpt", TextView))
        assert app.pane.query_one(WhyPanel).why == WHY
        assert app.chart.columns.files[0].path in str(app.pane.border_title)
        assert "tokens" in str(app.pane.border_subtitle)


@pytest.mark.asyncio
async def test_keys_step_through_the_levels() -> None:
    app = PreviewDemo()
    async with app.run_test(size=(100, 30)) as pilot:
        app.show(Place(0, 1))
        await pilot.pause()
        app.pane.query_one("#excerpt").focus()
        await pilot.press("full_stop", "greater_than_sign", "full_stop", "comma", "less_than_sign", "0", "comma", "a")
        # It begins at the level of the text that is shown, and ends at both ends.
        assert [asked.level for asked in app.asked] == [None, 3, 4, 3, 2, 0, None]
        await pilot.press("4")
        assert "⋯ 1-26" in text_of(app.pane.query_one("#excerpt", TextView))
        assert app.pane.query_one(LevelStrip).chosen == 4


@pytest.mark.asyncio
async def test_where_the_pack_shows_nothing_keys_still_show_the_text() -> None:
    app = PreviewDemo()
    async with app.run_test(size=(100, 30)) as pilot:
        app.show(Place(0, 1))
        await pilot.pause()
        app.pane.excerpt = Excerpt("", 6, 0, "python", 1)
        await pilot.pause()
        assert app.pane.has_class("-blank")
        app.pane.query_one(EmptyText).focus()
        await pilot.press("0")
        await pilot.pause()
        assert not app.pane.has_class("-blank")
        assert app.pane.query_one("#excerpt").has_focus


@pytest.mark.asyncio
async def test_a_click_on_a_level_chooses_it() -> None:
    app = PreviewDemo()
    async with app.run_test(size=(120, 30)) as pilot:
        app.show(Place(0, 1))
        await pilot.pause()
        strip = app.pane.query_one(LevelStrip)
        text = strip.render_line(0).text
        await pilot.click(LevelStrip, offset=(text.index("trimmed"), 0))
        assert app.pane.level == 1
        await pilot.click(LevelStrip, offset=(text.index("packed"), 0))
        assert app.pane.level is None


@pytest.mark.asyncio
async def test_the_level_strip_fits_wherever_it_is() -> None:
    app = PreviewDemo()
    async with app.run_test(size=(120, 30)) as pilot:
        app.show(Place(0, 1))
        await pilot.pause()
        strip = app.pane.query_one(LevelStrip)
        for width in range(20, 140):
            row = "".join(text for text, _ in strip.rows(width, 1)[0]).rstrip()
            assert len(row) <= width
            assert all(str(level) in row for level in range(5))


@pytest.mark.asyncio
async def test_the_full_text_stands_beside_and_scrolls_along() -> None:
    app = PreviewDemo(source=SOURCE * 20)
    async with app.run_test(size=(120, 24)) as pilot:
        app.show(Place(0, 1))
        await pilot.pause()
        left, right = app.pane.query_one("#excerpt", TextView), app.pane.query_one("#full", TextView)
        left.focus()
        await pilot.press("vertical_line")
        await pilot.pause()
        assert (0, FULL) in [(asked.level, asked.key) for asked in app.asked]
        assert left.row_count == right.row_count
        await pilot.press("G")
        await pilot.pause()
        assert right.scroll_y == left.scroll_y > 0
        right.focus()
        await pilot.press("g")
        await pilot.pause()
        assert left.scroll_y == 0
        await pilot.press("vertical_line")
        assert not right.display


@pytest.mark.asyncio
async def test_tokens_are_marked_on_request_and_again_for_another_level() -> None:
    app = PreviewDemo()
    async with app.run_test(size=(100, 30)) as pilot:
        app.show(Place(0, 1))
        await pilot.pause()
        view = app.pane.query_one("#excerpt", TextView)
        view.focus()
        await pilot.press("t")
        assert len(view.token_ends) > 50
        await pilot.press("4")
        await pilot.pause()
        assert 0 < len(view.token_ends) < 50
        await pilot.press("t")
        assert len(view.token_ends) == 0


@pytest.mark.asyncio
async def test_an_answer_about_another_place_or_level_is_not_shown() -> None:
    app = PreviewDemo()
    async with app.run_test(size=(100, 30)) as pilot:
        app.show(Place(0, 1))
        await pilot.pause()
        shown = app.pane.excerpt
        late = Excerpt("late", 0, 1, "python", 1)
        assert not app.pane.take(ExcerptRead(Place(1, 7), None, late))
        assert not app.pane.take(ExcerptRead(Place(0, 1), 3, late))
        assert app.pane.excerpt is shown


@pytest.mark.asyncio
async def test_a_new_pack_is_asked_for_only_where_it_shows_the_place_otherwise() -> None:
    app = PreviewDemo()
    async with app.run_test(size=(100, 30)) as pilot:
        app.show(Place(0, 1))
        await pilot.pause()
        pack = sample_pack(app.chart)
        levels = pack.levels.copy()
        levels[1] = (levels[1] + 1) % 5
        app.pane.pack = replace(pack)
        await pilot.pause()
        assert len(app.asked) == 1
        app.pane.pack = replace(pack, levels=levels)
        await pilot.pause()
        assert len(app.asked) == 2


@pytest.mark.asyncio
async def test_numbers_around_the_text_are_those_of_the_columns() -> None:
    app = PreviewDemo()
    async with app.run_test(size=(100, 30)) as pilot:
        app.show(Place(0))
        await pilot.pause()
        app.pane.level = 2
        await pilot.pause()
        rows = app.chart.columns.file == 0
        tokens = app.chart.columns.tokens[rows]
        assert f"{int(tokens[:, 2].sum()):,} of {int(tokens[:, 0].sum()):,} tokens" in str(app.pane.border_subtitle)


@pytest.mark.asyncio
async def test_copying_takes_the_text_itself() -> None:
    app = PreviewDemo()
    async with app.run_test(size=(100, 30)) as pilot:
        app.show(Place(0, 1))
        await pilot.pause()
        app.pane.query_one("#excerpt").focus()
        await pilot.press("0", "y")
        assert app.clipboard == SOURCE


@pytest.mark.asyncio
@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 36), (200, 60)])
async def test_every_size_shows_the_text(size: tuple[int, int]) -> None:
    app = PreviewDemo()
    async with app.run_test(size=size) as pilot:
        app.show(Place(0, 1))
        await pilot.pause()
        assert "import math" in text_of(app.pane.query_one("#excerpt", TextView))
        assert app.pane.query_one(WhyPanel).is_compact == (size[0] < 80)


@pytest.mark.asyncio
async def test_hostile_text_is_harmless_everywhere() -> None:
    app = PreviewDemo()
    app.chart = sample_chart(paths=tuple(text.replace("\0", "") + "x" for text in HOSTILE))
    async with app.run_test(size=(80, 24)) as pilot:
        app.show(Place(0))
        await pilot.pause()
        app.pane.query_one("#excerpt").focus()
        await pilot.press("0", "vertical_line", "t")
        for file, text in enumerate(HOSTILE):
            app.source, app.language = text, text or "python"
            for place in (Place(file), Place(file, file * 6)):
                app.show(place)
                await pilot.pause()
                app.pane.why = replace(WHY, reason=text)
                await pilot.pause()
            app.pane.action_copy()
        assert app.is_running


@pytest.mark.asyncio
async def test_reasons_are_aligned_and_say_the_next_step() -> None:
    app = PreviewDemo()
    async with app.run_test(size=(120, 30)):
        panel = app.pane.query_one(WhyPanel)
        for width in (20, 40, 60, 100):
            panel.why = WHY
            rows = ["".join(text for text, _ in row) for row in panel.rows(width, 20)]
            said = " ".join(" ".join(rows).split())
            assert percent(WHY.retention) in said
            if width >= 60:
                assert max(map(len, rows)) <= width
                assert f"trimmed +61 tokens → {percent(WHY.next_retention)} kept" in said
            panel.why = replace(WHY, next_level=None)
            assert "next" not in "".join(text for row in panel.rows(width, 20) for text, _ in row)
        panel.why = None
        assert panel.rows(60, 20) == []


def test_every_binding_of_the_pane_says_what_it_does() -> None:
    from textual.binding import Binding

    for owner in (PreviewPane, TextView):
        for binding in owner.BINDINGS:
            assert isinstance(binding, Binding)
            assert binding.id
            assert binding.tooltip
