from __future__ import annotations

import pytest
from textual import on
from textual.app import ComposeResult

from engine.live import LivePack
from engine.model import CLASSES, ChunkClass
from engine.request import Tuning
from tests.tui.demo import DemoApp
from tests.tui.drawn import drawn, title
from tests.tui.samples import sample_chart, sample_pack
from tui.state import Found
from tui.text import MARKS, number
from tui.widgets.level_matrix import LevelMatrix
from tui.widgets.matrix_cells import ClassSums, matrix_rows
from tui.widgets.matrix_layout import FITS, WALL

CHART = sample_chart(files=280)


class MatrixDemo(DemoApp):
    def compose(self) -> ComposeResult:
        yield LevelMatrix()

    @property
    def matrix(self) -> LevelMatrix:
        return self.query_one(LevelMatrix)

    def show(self, pack: LivePack, chart: object = CHART) -> None:
        self.matrix.chart = CHART
        self.matrix.pack = pack

    @on(LevelMatrix.LevelChosen)
    def _keep(self, message: LevelMatrix.LevelChosen) -> None:
        self.kept.append(message)

    def chosen(self) -> list[tuple[ChunkClass | None, int]]:
        return [(one.chunk_class, one.level) for one in self.kept if isinstance(one, LevelMatrix.LevelChosen)]


def _row(rows: list[str], name: str) -> str:
    return next(row for row in rows if name in row[:12])


def test_shares_of_a_class_add_up_and_numbers_are_those_of_the_pack() -> None:
    pack = sample_pack(CHART, 40_000)
    table = matrix_rows(ClassSums(CHART), pack)
    assert table[-1].chunk_class is None
    for row in table:
        assert sum(row.held) == pytest.approx(1)
        if row.chunk_class:
            assert row.costs == tuple(pack.matrix[CLASSES.index(row.chunk_class)])
    assert table[-1].costs == tuple(tokens for tokens, _ in pack.alternatives)
    assert sum(row.chunks for row in table[:-1]) == CHART.columns.chunks


@pytest.mark.asyncio
async def test_each_class_of_the_repository_has_a_row_and_each_level_a_column() -> None:
    app = MatrixDemo()
    async with app.run_test(size=(120, 24)) as pilot:
        await pilot.pause()
        pack = sample_pack(CHART, 40_000)
        app.show(pack)
        await pilot.pause()
        rows = drawn(app.matrix)
        for mark in MARKS[:6]:
            assert f"{mark.glyph}{mark.letter}" in rows[0]
            assert mark.name in rows[1]
        for kind in CLASSES:
            at = CLASSES.index(kind)
            for tokens in pack.matrix[at]:
                assert number(int(tokens)) in _row(rows, kind.value)
        total = _row(rows, "all")
        for tokens, _ in pack.alternatives:
            fits = number(tokens) + FITS in total
            assert fits == (tokens <= 40_000)


@pytest.mark.asyncio
async def test_classes_without_chunks_have_no_row() -> None:
    app = MatrixDemo()
    async with app.run_test(size=(120, 24)) as pilot:
        await pilot.pause()
        chart = sample_chart(files=20, classes=(0, 5))
        app.matrix.chart, app.matrix.pack = chart, sample_pack(chart, 9_000)
        await pilot.pause()
        names = {row.split()[1] for row in drawn(app.matrix)[2:4]}
        assert names == {"code", "docs"}
        assert _row(drawn(app.matrix), "all")


@pytest.mark.parametrize(("width", "height"), [(60, 16), (60, 7), (80, 12), (200, 30), (48, 12), (40, 4), (12, 3)])
@pytest.mark.asyncio
async def test_every_row_fits_at_every_size(width: int, height: int) -> None:
    app = MatrixDemo()
    async with app.run_test(size=(width, 32)) as pilot:
        await pilot.pause()
        app.matrix.styles.height = height
        app.show(sample_pack(CHART, 40_000))
        app.matrix.focus()
        for key in ("down", "end", "right"):
            await pilot.press(key)
            rows = drawn(app.matrix)
            if width >= 60:
                assert _row(rows, "all")


@pytest.mark.asyncio
async def test_narrow_columns_hold_short_numbers() -> None:
    app = MatrixDemo()
    async with app.run_test(size=(60, 24)) as pilot:
        await pilot.pause()
        app.show(sample_pack(CHART, 40_000))
        await pilot.pause()
        assert "k" in _row(drawn(app.matrix), "code")
        assert "," not in _row(drawn(app.matrix), "code")


@pytest.mark.asyncio
async def test_the_deepest_level_of_a_class_is_walled_off() -> None:
    app = MatrixDemo()
    async with app.run_test(size=(120, 24)) as pilot:
        await pilot.pause()
        app.show(sample_pack(CHART, 40_000, tuning=Tuning(max_level={ChunkClass.TESTS: 3})))
        await pilot.pause()
        rows = drawn(app.matrix)
        assert _row(rows, "tests").count(WALL) == 1
        assert WALL not in _row(rows, "code")
        before, after = _row(rows, "tests").split(WALL)
        assert len(before) > len(after)


@pytest.mark.asyncio
async def test_keys_choose_a_level_of_a_class_or_of_all() -> None:
    app = MatrixDemo()
    async with app.run_test(size=(120, 24)) as pilot:
        await pilot.pause()
        app.show(sample_pack(CHART, 40_000))
        app.matrix.focus()
        await pilot.press("down", "right", "l", "enter")
        await pilot.press("k", "h", "space")
        await pilot.press("end", "right", "enter")
        assert app.chosen() == [(ChunkClass.TESTS, 2), (ChunkClass.CODE, 1), (None, 2)]


@pytest.mark.asyncio
async def test_the_cell_under_the_cursor_is_told_in_words() -> None:
    app = MatrixDemo()
    async with app.run_test(size=(120, 24)) as pilot:
        await pilot.pause()
        pack = sample_pack(CHART, 2_000)
        app.show(pack)
        app.matrix.focus()
        await pilot.pause()
        tokens = int(pack.matrix[0][0])
        assert f"code full: {number(tokens)} tokens · {number(tokens - 2_000)} too many" in title(app.matrix)
        await pilot.press("end")
        assert "all full" in title(app.matrix)
        assert "quality 100.0 %" in title(app.matrix)


@pytest.mark.parametrize("size", [(60, 24), (120, 24), (200, 24), (80, 9)])
@pytest.mark.asyncio
async def test_a_click_chooses_what_is_under_the_mouse(size: tuple[int, int]) -> None:
    app = MatrixDemo()
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        pack = sample_pack(CHART, 40_000)
        app.show(pack)
        await pilot.pause()
        rows = drawn(app.matrix)
        y = next(at for at, row in enumerate(rows) if "tests" in row[:12])
        x = next(at for at, letter in enumerate(rows[0]) if letter == MARKS[3].letter)
        await pilot.click(LevelMatrix, offset=(x + 2, y + 1))
        y = next(at for at, row in enumerate(rows) if row.startswith("all"))
        await pilot.click(LevelMatrix, offset=(x + 2, y + 1))
        assert app.chosen() == [(ChunkClass.TESTS, 3), (None, 3)]


@pytest.mark.asyncio
async def test_a_running_scan_shows_what_full_would_cost() -> None:
    app = MatrixDemo()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        app.matrix.focus()
        await pilot.pause()
        assert "once files were read" in drawn(app.matrix)[0]
        app.matrix.found = Found(3, 30_000, {ChunkClass.CODE: 20_000, ChunkClass.DOCS: 10_000})
        await pilot.press("down", "enter")
        rows = drawn(app.matrix)
        assert "20,000" in _row(rows, "code")
        assert "30,000" in _row(rows, "all")
        assert not app.kept


@pytest.mark.asyncio
async def test_the_narrowest_pane_still_has_all_levels() -> None:
    app = MatrixDemo()
    async with app.run_test(size=(48, 24)) as pilot:
        await pilot.pause()
        app.show(sample_pack(CHART, 40_000, tuning=Tuning(max_level={ChunkClass.TESTS: 3})))
        await pilot.pause()
        rows = drawn(app.matrix)
        assert all(f"{mark.glyph}{mark.letter}" in rows[0] for mark in MARKS[:6])
        assert next(row for row in rows if row.startswith("t ")).count(WALL) == 1
        assert next(row for row in rows if row.startswith("Σ")).rstrip().endswith(FITS)
