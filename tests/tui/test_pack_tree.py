from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from rich.cells import cell_len
from textual.binding import Binding

from engine.live import Chart, LivePack
from engine.model import ChunkClass, Skipped
from tests.tui.pack_tree_demo import TreeApp, labels_of
from tests.tui.samples import sample_chart, sample_pack
from tests.tui.tree.charts import chart_of, pack_of
from tui.messages import PlaceSelected
from tui.state import Found, Place
from tui.tree import Sort, TreeFilter
from tui.widgets.pack_tree import PackTree
from tui.widgets.two_tone_bar import two_tone

FILES = [
    ("docs/guide.md", [(100, -1)]), ("src/app/main.py", [(10, -1), (800, 0), (300, -1)]),
    ("src/app/util.py", [(500, -1)]), ("src/lib.py", [(90, -1)]),
]  # fmt: skip
HOSTILE = [
    "a/[/slug].py", "a/[red]x[/red].md", "b/\x1b[31mred\x07.py", "b/日本語/ファイル名.txt", "b/e\u0301\u0301.py",
    "c/\u202eevil.py", "c/שלום/עולם.py", "d/" + "x" * 1_000_000, "d/" + "\u0301" * 5_000, "e/\udc80\udcff.bin",
    "f/👩\u200d👩\u200d👧 family.py", "/".join(f"deep{i}" for i in range(60)) + "/x.py", "deep0/y.py", "g/\n\r\t.py",
    "/".join(["k"] * 5_000) + "/z.py", "h/-", "h/ ", "i/$(reboot).py",
]  # fmt: skip


def small() -> tuple[Chart, LivePack]:
    chart = replace(chart_of(FILES, classes=[5, 0, 0, 2, 1, 0]), skipped=(Skipped("[/x].png", "binary"),))
    return chart, pack_of(chart, [6, 0, 2, 6, 1, 0])


def lines(tree: PackTree) -> list[str]:
    inside = tree.scrollable_content_region
    return [tree.render_line(y).text for y in range(inside.height)]


async def shown(app: TreeApp, chart: Chart, pack: LivePack | None) -> PackTree:
    app.pack_tree.labels = labels_of
    app.pack_tree.chart = chart
    app.pack_tree.pack = pack
    app.pack_tree.focus()
    return app.pack_tree


@pytest.mark.asyncio
async def test_rows_say_level_tokens_and_what_is_left_out() -> None:
    app = TreeApp()
    async with app.run_test(size=(120, 20)) as pilot:
        tree = await shown(app, *small())
        await pilot.pause()
        text = [line.rstrip() for line in lines(tree)]
        assert text[0].split() == ["name", "class", "level", "full", "↓", "packed", "share", "of", "pack", "value"]
        assert text[1].split()[:3] == ["▌▾", "src/", "code"]
        assert "1,700" in text[1]
        assert "C █▆▅·" in text[1]
        assert [line[:14].strip("│├└ ▸▾") for line in text[2:6]] == ["app/", "main.py", "util.py", "lib.py"]
        assert any("docs/" in line and " - ·" in line for line in text)
        assert any("not included: 2 files and parts of 1" in line for line in text)


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("width", "titles"), [(60, "level packed"), (84, "level full packed share"), (130, "of pack value")]
)
async def test_columns_are_dropped_by_width(width: int, titles: str) -> None:
    app = TreeApp()
    async with app.run_test(size=(width, 20)) as pilot:
        tree = await shown(app, *small())
        await pilot.pause()
        header = " ".join(lines(tree)[0].replace("↓", "").split())
        assert header.endswith(titles)
        assert {cell_len(line) for line in lines(tree)} == {tree.scrollable_content_region.width}


@pytest.mark.asyncio
async def test_moving_selects_places() -> None:
    app = TreeApp()
    async with app.run_test(size=(100, 24)) as pilot:
        tree = await shown(app, *small())
        await pilot.pause()
        assert app.kept[-1] == PlaceSelected(Place(folder="src"))
        await pilot.press("right")
        assert app.kept[-1] == PlaceSelected(Place(folder="src/app"))
        await pilot.press("l")
        assert app.kept[-1] == PlaceSelected(Place(1))
        await pilot.press("enter", "enter")
        assert app.kept[-1] == PlaceSelected(Place(1, 1))
        await pilot.press("l", "l")
        assert app.kept[-1] == PlaceSelected(Place(1, 2))
        assert any("class Shop.handle_2" in line for line in lines(tree))
        await pilot.press("h", "h", "h", "h")
        assert app.kept[-1] == PlaceSelected(Place(1))
        await pilot.press("h", "left", "h")
        assert app.kept[-1] == PlaceSelected(Place(folder="src"))


@pytest.mark.asyncio
async def test_keys_ask_for_pins_and_excludes() -> None:
    app = TreeApp()
    async with app.run_test(size=(100, 24)) as pilot:
        chart, pack = small()
        tree = await shown(app, chart, pack)
        tree.move_cursor(3)
        await pilot.pause()
        assert tree.place == Place(2)
        app.kept.clear()
        await pilot.press("space", "[", "]", "x")
        assert app.kept == [
            PackTree.PinWanted(Place(2), 1), PackTree.PinWanted(Place(2), 2), PackTree.PinWanted(Place(2), 0),
            PackTree.ExcludeWanted(Place(2), True),
        ]  # fmt: skip
        pinned = np.where(chart.columns.file == 2, 3, -1).astype(np.int8)
        tree.pack = replace(pack, pinned=pinned, excluded=chart.columns.file == 2)
        app.kept.clear()
        await pilot.press("space", "left_square_bracket", "x")
        assert app.kept == [
            PackTree.PinWanted(Place(2), None), PackTree.PinWanted(Place(2), 4),
            PackTree.ExcludeWanted(Place(2), False),
        ]  # fmt: skip


@pytest.mark.asyncio
async def test_what_is_omitted_is_pinned_at_the_deepest_level() -> None:
    app = TreeApp()
    async with app.run_test(size=(100, 24)) as pilot:
        tree = await shown(app, *small())
        tree.move_cursor(tree.source.row_of(tree.model.hierarchy.file_node(0)))  # type: ignore[union-attr]
        await pilot.press("space")
        assert app.kept[-1] == PackTree.PinWanted(Place(folder="docs"), 5)


@pytest.mark.asyncio
async def test_sorting_goes_round_and_keeps_the_cursor() -> None:
    app = TreeApp()
    async with app.run_test(size=(100, 24)) as pilot:
        tree = await shown(app, *small())
        tree.move_cursor(2)
        key, sorts = tree.cursor_key, []
        for _ in Sort:
            await pilot.press("s")
            sorts.append(app.kept[-1])
            assert tree.cursor_key == key
        assert sorts == [PackTree.SortChanged(sort) for sort in (Sort.PACKED, Sort.VALUE, Sort.NAME, Sort.SIZE)]
        assert "full ↓" in lines(tree)[0]


@pytest.mark.asyncio
async def test_the_filter_narrows_tells_and_is_cleared_by_escape() -> None:
    app = TreeApp()
    async with app.run_test(size=(100, 24)) as pilot:
        tree = await shown(app, *small())
        tree.set_filter("util", [ChunkClass.TESTS])
        await pilot.pause()
        assert app.kept[-1] == PackTree.FilterChanged(TreeFilter("util", frozenset({ChunkClass.TESTS})), 3)
        assert "filtered: 500 tokens" in str(tree.border_subtitle)
        tree.set_filter("no such thing")
        await pilot.pause()
        assert any("Nothing matches" in line for line in lines(tree))
        await pilot.press("escape")
        assert tree.wanted == TreeFilter()
        assert any("docs/" in line for line in lines(tree))


@pytest.mark.asyncio
async def test_the_cursor_stays_on_its_thing_through_packs_and_scans() -> None:
    app = TreeApp()
    async with app.run_test(size=(100, 24)) as pilot:
        chart, pack = small()
        tree = await shown(app, chart, pack)
        await pilot.press("E", "right", "right", "right", "right")
        place = tree.place
        tree.pack = replace(pack, levels=np.zeros(6, np.int8))
        assert tree.place == place
        again = chart_of([("0.py", [(9_999, -1)]), *FILES])
        tree.chart = replace(again, root=chart.root)
        await pilot.pause()
        assert place is not None
        assert tree.place == Place(place.file + 1)
        assert tree.pack is not None
        assert any("src/" in line for line in lines(tree))


@pytest.mark.asyncio
async def test_left_out_files_can_be_read_and_taken_in() -> None:
    app = TreeApp()
    async with app.run_test(size=(100, 30)) as pilot:
        tree = await shown(app, *small())
        await pilot.press("G", "enter", "enter", "enter", "enter")
        assert tree.place == Place(0)
        assert any("docs/guide.md" in line for line in lines(tree))
        await pilot.press("x")
        assert app.kept[-1] == PackTree.ExcludeWanted(Place(0), True)
        await pilot.press("h", "h", "h", "e", "G")
        assert any("[/x].png" in line for line in lines(tree))
        assert tree.place is None
        await pilot.press("space", "x", "[", "E", "o", "o")


@pytest.mark.asyncio
async def test_omitted_rows_can_be_hidden() -> None:
    app = TreeApp()
    async with app.run_test(size=(100, 30)) as pilot:
        tree = await shown(app, *small())
        await pilot.press("o")
        assert not any("docs/" in line for line in lines(tree))
        await pilot.press("o")
        assert any("docs/" in line for line in lines(tree))


@pytest.mark.asyncio
async def test_a_running_scan_fills_the_tree() -> None:
    app = TreeApp()
    async with app.run_test(size=(60, 12)) as pilot:
        assert any("appear here" in line for line in lines(app.pack_tree))
        app.pack_tree.found = Found(3, 900, {}, {"src/": 600, "[/b]": 300})
        await pilot.pause()
        assert lines(app.pack_tree)[1].split()[:3] == ["▌", "src/", "600"]
        assert any("[/b]" in line for line in lines(app.pack_tree))
        await pilot.press("space", "x", "s", "e", "enter", "h", "escape")
        app.pack_tree.chart = small()[0]
        app.pack_tree.found = Found()
        await pilot.pause()
        assert any("docs/" in line for line in lines(app.pack_tree))


@pytest.mark.asyncio
async def test_a_pack_of_another_scan_is_not_shown() -> None:
    app = TreeApp()
    async with app.run_test(size=(100, 24)) as pilot:
        tree = await shown(app, *small())
        other = sample_chart(files=7)
        tree.pack = sample_pack(other)
        await pilot.press("space", "e", "G")
        assert any("docs/" in line for line in lines(tree))


@pytest.mark.asyncio
@pytest.mark.parametrize("size", [(20, 6), (60, 20), (80, 24), (200, 60)])
async def test_hostile_names_are_text_and_stay_in_their_cells(size: tuple[int, int]) -> None:
    app = TreeApp()
    names = ["\x1b]0;owned\x07", "[/x]", "日本" * 100, "y" * 1_000_000, "\u0301\u0301z", "\u202eabc", "\udc80"]
    async with app.run_test(size=size) as pilot:
        chart = replace(
            chart_of([(path, [(9, -1), (5, 0)]) for path in HOSTILE]), skipped=(Skipped(HOSTILE[7], "[/why]"),)
        )
        tree = app.pack_tree
        tree.labels = lambda chunks: [("[b]kind", names[chunk % len(names)]) for chunk in chunks]
        tree.chart = chart
        tree.pack = pack_of(chart, [0, 6] * len(HOSTILE))
        assert tree.model is not None
        tree.model.open_below(0)
        tree.rows_changed()
        await pilot.press("G", "e")
        width = tree.scrollable_content_region.width
        for row in range(0, tree.row_total, max(1, size[1] - 5)):
            tree.move_cursor(row)
            for line in lines(tree):
                assert cell_len(line) == width
                assert "\x1b" not in line
                assert "\u202e" not in line
                line.encode()
        for text in ("[/slug]", "日本", "שלום", "\x1b[31m", "y" * 50):
            tree.set_filter(text)
        await pilot.pause()


@pytest.mark.asyncio
async def test_a_label_that_comes_later_is_shown_and_found() -> None:
    app = TreeApp()
    asked: list[int] = []
    async with app.run_test(size=(100, 24)) as pilot:
        chart, pack = small()
        tree = app.pack_tree
        tree.labels = lambda chunks: asked.extend(chunks) or ()  # type: ignore[func-returns-value]
        tree.chart, tree.pack = chart, pack
        await pilot.press("e")
        assert sorted(asked) == [1, 2, 3, 4, 5]
        tree.add_labels([4], [("class", "Late")])
        assert any("class Late" in line for line in lines(tree))
        tree.set_filter("late")
        assert any("class Late" in line for line in lines(tree))
        assert len(asked) == len(set(asked))


def test_every_key_has_a_name_and_a_tooltip() -> None:
    for binding in PackTree.BINDINGS:
        assert isinstance(binding, Binding)
        assert (binding.id or "").startswith("tree.")
        assert binding.tooltip


@pytest.mark.parametrize("share", [0.0, 0.001, 0.3, 0.5, 0.77, 1.0, 3.0])
@pytest.mark.parametrize("kept", [0.0, 0.001, 0.4, 1.0])
def test_a_bar_fills_its_cells_and_shows_what_is_there(share: float, kept: float) -> None:
    for width in range(1, 20):
        strong, weak, rest = two_tone(share, kept, width)
        assert cell_len(strong + weak + rest) == width
        assert bool((strong + weak).strip()) == (share > 0)
        assert bool(strong) == (share > 0 and kept > 0)
