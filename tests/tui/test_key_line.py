"""The row of keys: what stays where there is little room, and that keys can be clicked."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from tests.tui.drawn import drawn
from tests.tui.driving import driven
from tests.tui.fake import fake_setup
from tui.widgets.key_line import FIRST, RIGHT, KeyLine, ShownKey, fitting

SCREENS = ("", "p", "f", "d")
SIZES = ((60, 20), (80, 24), (120, 36), (200, 60))


def shown_key(name: str, *, enabled: bool = True) -> ShownKey:
    return ShownKey(name, "x", "x", name.partition(".")[2].title(), "", enabled)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.asyncio
async def test_help_and_leaving_are_in_sight_at_every_width(size: tuple[int, int], tmp_path: Path) -> None:
    async with driven(fake_setup(tmp_path), size) as drive:
        for key in SCREENS:
            await drive.press(*key)
            row = drawn(drive.find(KeyLine))[0]
            assert row.endswith("? Help"), key
            assert "q Quit" in row, key
            assert len(row.split()) >= 10, key


@pytest.mark.asyncio
async def test_the_keys_are_those_of_what_is_focused(tmp_path: Path) -> None:
    async with driven(fake_setup(tmp_path)) as drive:
        line = drive.find(KeyLine)
        assert "x Exclude" in drawn(line)[0]
        await drive.press("tab")
        assert "x Exclude" not in drawn(line)[0]
        assert "Deepest" in drawn(line)[0]


@pytest.mark.asyncio
async def test_a_click_presses_a_key_and_nothing_beside_it(tmp_path: Path) -> None:
    async with driven(fake_setup(tmp_path), (140, 36)) as drive:
        line, budget = drive.find(KeyLine), drive.request.budget
        at = drawn(line)[0].index("= More")
        await drive.pilot.hover(KeyLine, offset=(at + 3, 0))
        assert "more budget" in str(line.tooltip)
        await drive.pilot.click(KeyLine, offset=(at + 3, 0))
        await drive.rest()
        assert int(drive.request.budget) > int(budget)
        raised = drive.request
        await drive.pilot.click(KeyLine, offset=(at, 0))
        await drive.rest()
        assert drive.request == raised


@pytest.mark.asyncio
async def test_a_key_that_would_do_nothing_is_not_pressed(tmp_path: Path) -> None:
    async with driven(fake_setup(tmp_path), (200, 60)) as drive:
        line = drive.find(KeyLine)
        assert any(not key.enabled and key.id == "view.inspector" for key in line._keys)
        await drive.pilot.click(KeyLine, offset=(drawn(line)[0].index("i Inspect"), 0))
        assert drive.app.current_mode == "inspector"


def test_what_matters_least_gives_way_first() -> None:
    keys = tuple(map(shown_key, ("tree.pin", "pack.more", "pack.budget", "view.pack", "app.quit", "app.help")))
    off = shown_key("view.inspector", enabled=False)
    names = [
        {key.id for key in fitting((*keys[:4], off, *keys[4:]), width)[0]} for width in range(80, 0, -1)
    ]  # fmt: skip
    order = [before - after for before, after in pairwise(names) if before != after]
    assert order == [
        {"view.inspector"}, {"pack.more"}, {"tree.pin"}, {"view.pack"}, {"pack.budget"}, {"app.quit"}, {"app.help"},
    ]  # fmt: skip


def test_there_are_two_cells_between_keys_where_all_have_room() -> None:
    keys = tuple(map(shown_key, ("tree.pin", "app.help")))
    assert [fitting(keys, width)[1] for width in (13, 12, 5)] == [2, 1, 1]


def test_keys_that_stay_are_at_the_right_edge() -> None:
    assert set(RIGHT) <= set(FIRST[:2])
