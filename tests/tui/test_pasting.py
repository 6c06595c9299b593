"""Pasted text in every line of input: shown and kept as it could have been typed."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events
from textual.widgets import Input

from engine.visible import visible_name
from tests.tui.driving import Drive, driven
from tests.tui.fake import fake_setup
from tests.tui.test_everywhere import is_unsafe, look
from tui.pasting import MOST_PASTED
from tui.text import typed

PASTED = "a\x1b]52;c;aGk=\x07b\u202ec\u2066d\U000e0041e\x9bf\udc80g\u200bh\x00\ti\nj"
KEPT = "a]52;c;aGk=bcdefgh i j"
LINES = (
    ("slash",), ("Q",), ("b",), ("P",), ("m",), ("tab", "tab", "slash"), ("ctrl+p",), ("p", "slash"), ("p", "w"),
    ("f", "S"), ("d", "a"), ("d", "b"),
)  # fmt: skip
"""Keys that open each line of input there is."""


async def paste(drive: Drive, text: str) -> Input:
    line = drive.app.focused
    assert isinstance(line, Input)
    with drive.app.prevent(Input.Changed):
        line.value = ""
    drive.app.post_message(events.Paste(text))
    await drive.until(lambda: line.value, "it is pasted")
    return line


@pytest.mark.asyncio
async def test_every_line_of_input_takes_pasted_text_as_if_it_were_typed(tmp_path: Path) -> None:
    seen = set()
    async with driven(fake_setup(tmp_path)) as drive:
        for keys in LINES:
            await drive.press("i")
            drive.tree.focus()
            await drive.press(*keys)
            line = await paste(drive, PASTED)
            assert line.value == KEPT, keys
            assert line.cursor_position == len(KEPT), keys
            look(drive, " ".join(keys))
            seen.add((type(drive.app.screen).__name__, line.id))
            while drive.app.screen.is_modal or isinstance(drive.app.focused, Input):
                await drive.press("escape")
                if isinstance(drive.app.focused, Input) and not drive.app.screen.is_modal:
                    drive.app.focused.blur()
        assert len(seen) >= len(LINES) - 2
        assert not drive.app.state.trouble


@pytest.mark.asyncio
async def test_a_pasted_megabyte_is_cut(tmp_path: Path) -> None:
    async with driven(fake_setup(tmp_path)) as drive:
        await drive.press("slash")
        line = await paste(drive, "x" * (1 << 20))
        assert len(line.value) == MOST_PASTED


@given(st.text())
def test_nothing_that_was_typed_is_invisible(text: str) -> None:
    kept = typed(text)
    assert not any(map(is_unsafe, kept))
    assert visible_name(kept) == " ".join(kept.split())
    assert typed(kept) == kept


@pytest.mark.parametrize("text", ["src/a\\b", "naïve café", "漢字", "עברית", "e\u0301", "  two  spaces "])
def test_what_can_be_seen_stays(text: str) -> None:
    assert typed(text) == text
