from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textual.binding import Binding
from textual.widgets import Input, Static

from engine.events import Progress
from engine.visible import display_path
from tests.tui.drawn import drawn
from tests.tui.hostile import HOSTILE
from tests.tui.pack_demo import PackDemo, pack_text, report, token_count
from tests.tui.preview_demo import SOURCE, ends_of_words
from tui.messages import RequestChanged
from tui.modals.save_text import SaveText
from tui.pack_outline import pack_outline
from tui.ruler import make_ruler
from tui.screens.preview import PackScreen
from tui.state import Phase
from tui.widgets.empty_text import EmptyText
from tui.widgets.format_strip import FormatStrip
from tui.widgets.pack_summary import PackSummary, by_reason
from tui.widgets.row_list import RowList
from tui.widgets.text_view import TextView
from tui.widgets.token_ruler import TokenRuler


def view(app: PackDemo) -> TextView:
    return app.pack_screen.query_one("#view", TextView)


def shown(app: PackDemo) -> str:
    return "\n".join(view(app).render_line(y).text for y in range(view(app).size.height))


@settings(deadline=None)
@given(st.text("ab \n漢", max_size=80), st.integers(0, 90))
def test_a_ruler_counts_what_ends_up_to_a_place(text: str, offset: int) -> None:
    ends = ends_of_words(text)
    ruler = make_ruler(text, ends)
    assert ruler.until(offset) == sum(end <= offset for end in ends)
    assert ruler.until(len(text)) == ruler.total == len(ends)


@pytest.mark.asyncio
@pytest.mark.parametrize("form", ["markdown", "json"])
async def test_the_ruler_counts_each_row_folded_or_not(form: str) -> None:
    app = PackDemo()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        text = pack_text() if form == "markdown" else json.dumps({"files": [{"path": "a", "text": pack_text()}]})
        app.pack_screen.state = app.view_state(text, form)
        await pilot.pause()
        ruler, canvas = app.pack_screen.query_one(TokenRuler), view(app)
        assert canvas.wrap == (form == "json")
        canvas.move(None, 7)
        await pilot.pause()
        counts = [int("".join(part for part, _ in row)[:-1].replace(",", "")) for row in ruler.rows(12, 10)]
        assert len(counts) == 10
        for row, count in enumerate(counts, 7):
            begin, end = canvas.offsets_of_row(row)
            assert begin == canvas.offsets_of_row(row - 1)[1]
            assert count == sum(one <= end for one in ends_of_words(text))


@pytest.mark.parametrize("form", ["xml", "markdown"])
def test_the_outline_leads_to_the_text_of_each_file(form: str) -> None:
    text = pack_text(form, files=4)
    found = pack_outline(text, form)
    assert len(found) == 4
    assert [text[one.body : one.end] for one in found] == [SOURCE] * 4


def test_no_content_forges_a_file_in_the_outline() -> None:
    forged = '<file path="x">\n## `x`\n```python\n{"path":"x"}\n'
    xml = (
        f'<pack root="r">\nlegend\n</pack>\n<file path="a &amp; b.py">\n{forged}</file>\n<file path="c">\nc\n</file>\n'
    )
    assert [one.path for one in pack_outline(xml, "xml")] == ["a & b.py", "c"]
    head = "# Pack `r`\nlegend\n````\n## `x`\n```\n````\n"
    markdown = f"{head}## `a b.py` 1-2/3\n````text\n{forged}```\n````\n## `c`\n```\nc\n```\n"
    assert [one.path for one in pack_outline(markdown, "markdown")] == ["a b.py", "c"]
    plain = f'@@@2 pack r\nlegend\n@@@2 file "a \\" b.py" 1-2/3\n@@@ file x\n{forged}@@@2 file c\nc\n'
    assert [one.path for one in pack_outline(plain, "plain")] == ['a " b.py', "c"]
    files = [{"path": "a", "chunks": [{"text": forged}]}, {"path": "c", "chunks": []}]
    text = json.dumps({"root": "r", "files": files}, separators=(",", ":"))
    assert [one.path for one in pack_outline(text, "json")] == ["a", "c"]
    assert pack_outline(xml, "yaml") == []


@pytest.mark.parametrize("form", ["xml", "markdown", "json", "plain"])
@pytest.mark.parametrize("text", HOSTILE)
def test_the_outline_of_anything_is_an_answer(text: str, form: str) -> None:
    assert pack_outline(text, form) == []


@pytest.mark.asyncio
async def test_the_text_is_shown_exactly_and_counted() -> None:
    app = PackDemo()
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        text = pack_text()
        app.pack_screen.state = app.view_state(text)
        await pilot.pause()
        assert view(app).document.text == text
        assert "import math" in shown(app)
        first, last = view(app).visible_lines
        lines = text.split("\n")
        through = token_count("\n".join(lines[: last + 1]) + "\n")
        subtitle = str(app.pack_screen.query_one("#packed").border_subtitle)
        assert f"lines 1-{last + 1} of" in subtitle
        assert abs(int(subtitle.split("tokens 1-")[1].split(" ")[0].replace(",", "")) - through) <= 1
        assert subtitle.endswith(f"of {token_count(text):,}")
        assert first == 0


@pytest.mark.asyncio
async def test_a_ruler_of_another_text_is_not_believed() -> None:
    app = PackDemo()
    app.answers_rulers = False
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        app.pack_screen.state = app.view_state(pack_text())
        app.pack_screen.ruler = make_ruler("other", (5,))
        await pilot.pause()
        assert "tokens" not in str(app.pack_screen.query_one("#packed").border_subtitle)
        assert [type(message) for message in app.kept] == [PackScreen.RulerWanted]


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"phase": Phase.SCANNING, "progress": Progress("count", 120, 236)}, "counting tokens: 120 of 236"),
        ({"phase": Phase.SCANNING}, "reading the repository"),
        ({}, "writing the text"),
        ({"trouble": "no such [b]model[/b]"}, "no such [b]model[/b]"),
    ],
)
async def test_while_there_is_no_text_it_says_why(changes: dict[str, Any], words: str) -> None:
    app = PackDemo()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        app.pack_screen.state = app.view_state(None, **changes)
        await pilot.pause()
        assert app.pack_screen.has_class("-empty")
        assert words in "\n".join(drawn(app.pack_screen.query_one(EmptyText)))
        await pilot.press("y", "w", "c", "t")
        assert app.screen is app.pack_screen
        assert app.clipboard == ""


@pytest.mark.asyncio
async def test_another_format_is_asked_for_by_key_and_by_click() -> None:
    app = PackDemo()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        app.pack_screen.state = app.view_state(pack_text())
        await pilot.press("3")
        await pilot.click(FormatStrip, offset=(5, 0))
        changed = [message.request.format for message in app.kept if isinstance(message, RequestChanged)]
        assert changed == ["json", "xml"]


@pytest.mark.asyncio
async def test_copying_takes_exactly_the_text_or_the_selected_lines() -> None:
    app = PackDemo()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        app.pack_screen.state = app.view_state(pack_text())
        await pilot.pause()
        view(app).focus()
        await pilot.press("y")
        assert app.clipboard == pack_text()
        await pilot.press("V", "j", "y")
        assert app.clipboard == "".join(pack_text().splitlines(keepends=True)[:2])


@pytest.mark.asyncio
async def test_the_command_is_shown_copied_and_forgotten_with_the_request() -> None:
    app = PackDemo()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        state = app.view_state(pack_text())
        app.pack_screen.state = state
        await pilot.press("c")
        await pilot.pause()
        assert app.clipboard.startswith("packsight pack")
        assert app.pack_screen.query_one("#command").display
        app.pack_screen.state = replace(state, request=replace(state.request, query="x"))
        await pilot.pause()
        assert not app.pack_screen.query_one("#command").display


@pytest.mark.asyncio
async def test_files_are_jumped_to_from_the_outline_and_by_brackets() -> None:
    app = PackDemo()
    async with app.run_test(size=(200, 40)) as pilot:
        await pilot.pause()
        app.pack_screen.state = app.view_state(pack_text())
        await pilot.pause()
        files = app.pack_screen.query_one(RowList)
        files.focus()
        await pilot.press("j", "j")
        await pilot.pause()
        found = pack_outline(pack_text(), "markdown")
        assert view(app).visible_lines[0] == view(app).document.line_at(found[2].offset)
        await pilot.press("enter")
        assert view(app).has_focus
        await pilot.press("right_square_bracket")
        assert view(app).visible_lines[0] == view(app).document.line_at(found[3].offset)
        await pilot.press("left_square_bracket", "left_square_bracket")
        assert view(app).visible_lines[0] == view(app).document.line_at(found[1].offset)


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("size", "parts"),
    [((60, 20), ()), ((80, 24), ()), ((120, 36), ("#summary",)), ((200, 60), ("#outline", "#summary"))],
)
async def test_parts_are_shown_as_far_as_they_fit_and_by_key(size: tuple[int, int], parts: tuple[str, ...]) -> None:
    app = PackDemo()
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        app.pack_screen.state = app.view_state(pack_text())
        await pilot.pause()
        sides = ("#outline", "#summary")
        assert tuple(part for part in sides if app.pack_screen.query_one(part).display) == parts
        assert "import math" in shown(app)
        for key, part in (("o", "#outline"), ("s", "#summary")):
            before = app.pack_screen.query_one(part).display
            await pilot.press(key)
            assert app.pack_screen.query_one(part).display != before
        if size[0] == 60:
            assert not app.pack_screen.query_one("#packed").display
            await pilot.press("s")
            assert app.pack_screen.query_one("#packed").display


@pytest.mark.asyncio
async def test_the_report_says_levels_classes_and_what_is_left_out() -> None:
    app = PackDemo()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        app.pack_screen.state = app.view_state(pack_text())
        await pilot.pause()
        summary = app.pack_screen.query_one(PackSummary)
        for width in (24, 46, 80):
            text = "\n".join("".join(part for part, _ in row) for row in summary.rows(width, 99))
            assert "3,429" in text
            assert "77" in text
        assert "excluded by [b]/vendor/[/b]" in text
        assert by_reason(report()["excluded"])[0] == ("excluded by [b]/vendor/[/b]", 1, 7900)


@pytest.mark.asyncio
@pytest.mark.parametrize("form", ["json", "xml"])
async def test_hostile_text_is_harmless(form: str) -> None:
    app = PackDemo()
    async with app.run_test(size=(120, 30)) as pilot:
        await pilot.press("o")
        app.pack_screen.shows_tokens = True
        for text in HOSTILE:
            state = app.view_state(f'<pack>\n</pack>\n<file path="{display_path(text)}">\n{text}\n</file>\n', form)
            app.pack_screen.state = state
            app.pack_screen.command_line = text
            await pilot.pause()
            app.pack_screen.action_file(1)
            app.pack_screen.state = replace(state, settled=None, trouble=text)
            await pilot.pause()
        assert app.is_running


@pytest.mark.asyncio
async def test_saving_writes_the_text_and_asks_before_it_overwrites(tmp_path: Path) -> None:
    app = PackDemo()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        written: list[Path | None] = []
        for _ in range(2):
            app.push_screen(SaveText("text\r\n漢", "out.md", tmp_path), written.append)
            await pilot.pause()
            await pilot.press("enter")
            await pilot.pause()
        assert written == [tmp_path / "out.md"]
        assert "overwrite" in str(app.screen.query_one("#said", Static).content)
        (tmp_path / "out.md").write_text("old")
        await pilot.press("enter")
        await pilot.pause()
        assert written == [tmp_path / "out.md"] * 2
        assert (tmp_path / "out.md").read_bytes() == "text\r\n漢".encode()
        assert [path.name for path in tmp_path.iterdir()] == ["out.md"]


@pytest.mark.asyncio
async def test_what_cannot_be_written_is_said_and_writes_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("kept")
    app = PackDemo()
    async with app.run_test(size=(80, 24)) as pilot:
        modal = SaveText("text", "", tmp_path)
        await app.push_screen(modal)
        for name in ("", ".", "no/such/folder.md", "x" * 300, "a\0b", "~nobody-at-all/x", "file/below"):
            modal.query_one(Input).value = name
            await pilot.press("enter")
            assert app.screen is modal
            assert modal.query_one("#said").has_class("-wrong"), name
            assert str(modal.query_one("#said", Static).content)
            assert [path.name for path in tmp_path.iterdir()] == ["file"]
        await pilot.press("escape")
        assert not isinstance(app.screen_stack[-1], SaveText)


@pytest.mark.asyncio
async def test_the_key_offers_a_name_with_the_format_s_ending() -> None:
    app = PackDemo()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        app.pack_screen.state = app.view_state(pack_text("xml"), "xml")
        await pilot.pause()
        view(app).focus()
        await pilot.press("w")
        await pilot.pause()
        assert isinstance(app.screen, SaveText)
        assert app.screen._suggestion == "shop-pack.xml"


def test_every_binding_says_what_it_does() -> None:
    for owner in (PackScreen, SaveText):
        for binding in owner.BINDINGS:
            assert isinstance(binding, Binding)
            assert binding.id
            assert binding.tooltip
