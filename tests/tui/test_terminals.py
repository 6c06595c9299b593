"""Terminals that can do little: no colours, or sixteen. Levels and states are told by letters, signs and words."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.color import ColorType
from rich.style import Style

from tests.tui.driving import Drive, driven
from tests.tui.fake import FakeEngine, fake_setup
from tests.tui.fake_telemetry import sample_events
from tests.tui.test_everywhere import look
from tui.text import MARKS, mark
from tui.tree import Kind, RowFacts
from tui.widgets.pack_tree_source import TreeSource

pytestmark = pytest.mark.asyncio

KEYS = (
    "home", "down", "space", "down", "x", "tab", "tab", "t", "w", "escape", "m", "escape", "p", "t", "f", "d",
    "T", "down", "t", "v", "v", "slash", "escape", "enter", "escape", "z", "I", "escape",
    "C", "down", "x", "b", "b", "i", "A", "escape",
    "D", *"main", "enter", "F", "slash", *"orders", "enter", "down", "I", "enter", "escape", "L", "escape", "i",
)  # fmt: skip
"""A tour of the screens and dialogs, with something pinned and something excluded."""
SGR = re.compile(r"\x1b\[([0-9;]*)m")


@asynccontextmanager
async def toured(tmp_path: Path, theme: str) -> AsyncIterator[tuple[Drive, Iterator[str]]]:
    engine = FakeEngine()
    engine.calls.events = sample_events(80)
    async with driven(fake_setup(tmp_path, engine, theme=theme), (80, 32)) as drive:
        drive.tree.action_expand(True)
        yield drive, iter(KEYS)


def styles(drive: Drive) -> list[tuple[str, Style]]:
    """Every piece of the frame with its style, as it is sent to the terminal."""
    return [
        (segment.text, segment.style)
        for strip in drive.app.screen._compositor.render_strips()
        for segment in strip
        if segment.style is not None
    ]


def sent(drive: Drive) -> Iterator[tuple[str, list[int], bool]]:
    """Every piece of the frame with the codes in force, as the terminal reads them; whether it is to be read.

    What lies behind a dialog is not.
    """
    dialogs = drive.app.screen.query(".dialog") if drive.app.screen.is_modal else None
    front = dialogs.first().region if dialogs else drive.app.screen.region
    for y, strip in enumerate(drive.app.screen._compositor.render_strips()):
        line, at, cell, codes = strip.render(drive.app.console), 0, 0, list[int]()
        for match in SGR.finditer(line):
            text, at = line[at : match.start()], match.end()
            if text:
                yield text, codes, front.contains(cell, y)
            cell += cell_len(text)
            codes = [] if match[1] in ("", "0") else [*codes, *map(int, match[1].split(";"))]
        assert not line[at:]


async def check_letters(drive: Drive) -> None:
    """The rows of the tree say level, pin and exclusion without colours."""
    drive.tree.focus()
    told = set()
    for key in ("home", "end"):
        await drive.press(key)
        told |= letters(drive)
    assert len(told) > 2
    assert told <= {known.letter for known in MARKS}


def letters(drive: Drive) -> set[str]:
    """Letters of the levels of the rows in sight; each row has its own, and its signs."""
    tree = drive.tree
    source = tree.source
    assert isinstance(source, TreeSource)
    told = set()
    for y in range(1, tree.size.height):
        row = tree.scroll_offset.y + y - 1
        if row >= tree.row_total:
            break
        facts: RowFacts = source.facts(row)
        text = tree.render_line(y).text
        if facts.kind is None or facts.level < 0:
            continue
        own = mark(facts.level)
        assert re.search(rf" {re.escape(own.letter)} +{'.' if facts.mix else re.escape(own.glyph)}", text), text
        told.add(own.letter)
        assert ("×" in text) is facts.is_excluded, text
        assert bool(re.search("[◆◇]", text)) is (bool(facts.pinned) and not facts.is_excluded), text
        if facts.kind is Kind.FILE and facts.pinned == 2 and facts.pin_level >= 0 and not facts.is_excluded:
            assert f"◆{mark(facts.pin_level).letter}" in text
    return told


@pytest.mark.parametrize("theme", ["ink", "paper"])
async def test_without_colours_nothing_has_one_and_letters_tell_levels_and_states(
    theme: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    pieces = 0
    async with toured(tmp_path, theme) as (drive, keys):
        for key in keys:
            await drive.press(key)
            for text, style in styles(drive):
                for color in (style.color, style.bgcolor):
                    if color is not None and color.type is not ColorType.DEFAULT:
                        assert color.triplet is not None, (key, text, style)
                        assert len(set(color.triplet)) == 1, (key, text, style)
                        pieces += 1
        await check_letters(drive)
        assert pieces
        await drive.press("b", *"200", "enter")
        assert "too small" in look(drive, "too small")


async def test_without_colours_in_a_theme_of_the_terminal_no_colour_is_sent_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with toured(tmp_path, "ansi-dark") as (drive, keys):
        for key in keys:
            await drive.press(key)
            for text, codes, _ in sent(drive):
                assert not [code for code in codes if 30 <= code <= 38 or 40 <= code <= 48 or code >= 90], (key, text)
        await check_letters(drive)


@pytest.mark.parametrize("theme", ["ink", "paper", "contrast", "deuter", "ansi-dark"])
async def test_sixteen_colours_are_all_that_is_sent_and_every_word_is_seen(
    theme: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Textual reads the environment when it is imported.
    monkeypatch.setattr("textual.constants.COLOR_SYSTEM", "standard")
    async with toured(tmp_path, theme) as (drive, keys):
        for key in keys:
            await drive.press(key)
            for text, codes, is_front in sent(drive):
                assert not {38, 48} & set(codes), (key, text)
                front = [code for code in codes if 30 <= code <= 37 or 90 <= code <= 97]
                behind = [code for code in codes if 40 <= code <= 47 or 100 <= code <= 107]
                if is_front and re.search(r"\w", text) and front and behind:
                    assert front[-1] + 10 != behind[-1], (key, text)
        await check_letters(drive)
