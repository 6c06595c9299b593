"""What a person does with the app, from the first key to the last, with an engine that is not there."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from textual.command import CommandList
from textual.widgets import HelpPanel, Input, OptionList

from engine.errors import InputError
from engine.model import ChunkClass
from engine.request import PackRequest
from tests.tui.driving import Drive, driven
from tests.tui.fake import FakeEngine, fake_setup
from tests.tui.waiting import wait_until
from tui.messages import DiskChanged
from tui.modals.budget_input import BudgetInput
from tui.modals.jump import JumpOverlay
from tui.modals.leaving import Leaving
from tui.modals.model_picker import ModelPicker
from tui.modals.theme_picker import ThemePicker
from tui.modals.tuning import TuningScreen
from tui.modes import all_bindings
from tui.preferences import load_preferences
from tui.screens.compare import CompareScreen
from tui.screens.preview import PackScreen
from tui.screens.profile import ProfileScreen
from tui.state import Phase
from tui.theming import DEFAULT
from tui.tree import Sort
from tui.widgets.level_matrix import LevelMatrix
from tui.widgets.preview_pane import PreviewPane
from tui.widgets.window_bar import WindowBar

pytestmark = pytest.mark.asyncio

THEME = '[base]\nprimary = "{primary}"\nbackground = "#000000"\n'


# -- budget, model, tuning ---------------------------------------------------------------------------------------------


async def test_changes_by_keys_are_taken_back_and_done_again(tmp_path: Path) -> None:
    async with driven(fake_setup(tmp_path)) as drive:
        first = drive.request
        await drive.press("plus", "equals_sign", "w", "right", "enter")
        last = drive.request
        assert last.tuning.weights
        assert last.budget != first.budget
        await drive.press("u", "u", "ctrl+z")
        assert drive.request == first
        assert drive.app.state.pack is not None
        assert drive.app.state.pack.request == first
        await drive.press("ctrl+r", "ctrl+y", "ctrl+r", "ctrl+r")
        assert drive.request == last
        assert drive.app.state.settled is not None
        assert drive.app.state.settled.pack.request == last


async def test_a_drag_on_the_bar_is_one_step_to_undo(tmp_path: Path) -> None:
    async with driven(fake_setup(tmp_path)) as drive:
        first, pilot = drive.request, drive.pilot
        budgets = []
        drive.app.watch(drive.app, "state", lambda state: budgets.append(state.request.budget), init=False)
        await pilot.mouse_down(WindowBar, offset=(40, 1))
        for x in (50, 60, 70):
            await pilot.hover(WindowBar, offset=(x, 1))
        await pilot.mouse_up(WindowBar, offset=(70, 1))
        await drive.rest()
        assert len(set(budgets)) >= 3
        assert drive.request.budget == budgets[-1] != first.budget
        assert drive.find(WindowBar).budget_tokens == drive.request.budget
        await drive.press("u")
        assert drive.request == first
        assert not drive.app.state.undo


async def test_two_drags_are_two_steps_to_undo(tmp_path: Path) -> None:
    async with driven(fake_setup(tmp_path)) as drive:
        first, seen = drive.request, []
        for x in (30, 80):
            await drive.pilot.mouse_down(WindowBar, offset=(x, 1))
            await drive.pilot.hover(WindowBar, offset=(x + 8, 1))
            await drive.pilot.mouse_up(WindowBar, offset=(x + 8, 1))
            await drive.rest()
            seen.append(drive.request)
        await drive.press("u")
        assert drive.request == seen[0]
        await drive.press("u")
        assert drive.request == first


async def test_a_budget_is_typed(tmp_path: Path) -> None:
    async with driven(fake_setup(tmp_path)) as drive:
        await drive.press("b")
        assert isinstance(drive.app.screen, BudgetInput)
        await drive.type("9k")
        await drive.press("enter")
        assert str(drive.request.budget) == "9000"
        await drive.press("b")
        await drive.type("40%")
        await drive.press("enter")
        assert str(drive.request.budget) == "40%"
        await drive.press("b", "escape")
        assert str(drive.request.budget) == "40%"


async def test_another_model_opens_the_repository_anew_at_the_same_place(tmp_path: Path) -> None:
    engine = FakeEngine()
    async with driven(fake_setup(tmp_path, engine)) as drive:
        await drive.press("s", "down", "down", "right", "down")
        place, rows = drive.selected, drive.tree.row_total
        await drive.press("m")
        assert isinstance(drive.app.screen, ModelPicker)
        await drive.type("large")
        await drive.press("enter")
        await drive.until(lambda: drive.app.state.settled, "the other model's pack is settled")
        assert [request.model for request in engine.opened] == ["sample-1", "sample-large"]
        assert [live.closed for live in engine.lives] == [True, False]
        assert (drive.selected, drive.tree.row_total, drive.tree.sort) == (place, rows, Sort.PACKED)
        assert drive.app.state.context_window == drive.find(WindowBar).window_tokens == 1_000_000
        await drive.press("u")
        await drive.until(lambda: drive.app.state.context_window == 200_000, "back at the first model")
        assert drive.selected == place
    assert load_preferences(tmp_path / "data").models[0] == "sample-1"


async def test_keys_on_the_tree_pin_and_exclude_by_globs(tmp_path: Path) -> None:
    async with driven(fake_setup(tmp_path)) as drive:
        await drive.press("down")
        folder = drive.selected
        assert folder.endswith("/")
        await drive.press("space")
        assert drive.tuning.pins[-1][0] == f"/{folder}"
        await drive.press("space")
        assert not drive.tuning.pins
        await drive.press("x")
        assert drive.tuning.excludes == (f"/{folder}",)
        await drive.press("x", "home", "slash")
        await drive.type("orders_")
        await drive.press("enter", "end", "up")
        while drive.selected.endswith("/"):
            await drive.press("right", "down")
        await drive.press("left_square_bracket")
        glob, level = drive.tuning.pins[-1]
        assert glob == f"/{drive.selected}"
        await drive.press("left_square_bracket")
        assert drive.tuning.pins[-1] == (glob, min(level + 1, 5))


async def test_a_glob_is_pinned_by_typing_it(tmp_path: Path) -> None:
    async with driven(fake_setup(tmp_path)) as drive:
        await drive.press("P")
        await drive.type("docs/*")
        await drive.press("tab", "2", "enter")
        assert drive.tuning.pins == (("docs/*", 2),)


async def test_the_matrix_sets_the_deepest_level(tmp_path: Path) -> None:
    async with driven(fake_setup(tmp_path)) as drive:
        await drive.press("tab")
        assert drive.app.focused is drive.find(LevelMatrix)
        await drive.press("right", "right", "enter")
        assert drive.tuning.max_level == {ChunkClass.CODE: 2}
        await drive.press(*["down"] * 12, "right", "enter")
        assert set(drive.tuning.max_level.values()) == {3}


async def test_weights_that_are_not_kept_are_taken_back(tmp_path: Path) -> None:
    async with driven(fake_setup(tmp_path)) as drive:
        first = drive.request
        await drive.press("w")
        assert isinstance(drive.app.screen, TuningScreen)
        await drive.press("right", "right", "down", "left")
        assert drive.tuning.weights
        await drive.press("escape")
        assert drive.request == first


# -- looking around ----------------------------------------------------------------------------------------------------


async def test_a_query_that_is_typed_packs_anew_and_is_one_step_to_undo(tmp_path: Path) -> None:
    async with driven(fake_setup(tmp_path)) as drive:
        await drive.press("Q")
        await drive.type("login fails")
        assert drive.request.query == "login fails"
        await drive.press("enter")
        assert drive.app.focused is drive.tree
        await drive.press("u")
        assert drive.request.query == ""


async def test_escape_takes_a_query_back(tmp_path: Path) -> None:
    async with driven(fake_setup(tmp_path)) as drive:
        await drive.press("Q")
        await drive.type("login")
        await drive.press("escape")
        assert drive.request.query == ""
        assert not drive.find(Input, "#query").display
        assert drive.app.focused is drive.tree


async def test_a_filter_narrows_the_tree_and_escape_shows_all(tmp_path: Path) -> None:
    async with driven(fake_setup(tmp_path)) as drive:
        all_rows = drive.tree.row_total
        await drive.press("slash")
        await drive.type("orders")
        assert drive.tree.wanted.text == "orders"
        await drive.press("enter")
        assert drive.app.focused is drive.tree
        assert "filtered" in str(drive.tree.border_subtitle)
        await drive.press("escape")
        assert not drive.tree.wanted
        assert drive.tree.row_total == all_rows
        await drive.press("slash")
        await drive.type("zebra")
        await drive.press("escape")
        assert drive.tree.row_total == all_rows


async def test_sorting_keeps_the_cursor_on_its_row(tmp_path: Path) -> None:
    async with driven(fake_setup(tmp_path)) as drive:
        await drive.press("down", "down")
        place = drive.selected
        for sort in (Sort.PACKED, Sort.VALUE, Sort.NAME, Sort.SIZE):
            await drive.press("s")
            assert (drive.tree.sort, drive.selected) == (sort, place)


async def test_a_key_changes_what_is_beside_the_tree_and_it_is_remembered(tmp_path: Path) -> None:
    async with driven(fake_setup(tmp_path), (80, 40)) as drive:
        shown = []
        for _ in range(3):
            await drive.press("v")
            shown.append((drive.find(LevelMatrix).region.area > 0, drive.find(PreviewPane).region.area > 0))
        assert shown == [(True, False), (False, True), (False, False)]
        await drive.press("v", "v")
    async with driven(fake_setup(tmp_path), (80, 40)) as drive:
        assert drive.find(PreviewPane).region.area


async def test_jump_goes_to_the_pane_of_the_letter(tmp_path: Path) -> None:
    async with driven(fake_setup(tmp_path)) as drive:
        await drive.press("ctrl+o")
        overlay = drive.app.screen
        assert isinstance(overlay, JumpOverlay)
        targets = dict(overlay._targets)
        assert len(targets) >= 4
        await drive.press("escape")
        for letter, widget in targets.items():
            await drive.press("ctrl+o", letter)
            assert drive.app.focused is widget
        await drive.press("ctrl+o", "z")
        assert isinstance(drive.app.screen, JumpOverlay)


@pytest.mark.parametrize(("key", "screen"), [("p", PackScreen), ("f", ProfileScreen), ("d", CompareScreen)])
async def test_every_screen_opens_and_comes_back_where_it_was(key: str, screen: type, tmp_path: Path) -> None:
    async with driven(fake_setup(tmp_path)) as drive:
        await drive.press("down", "down", "right")
        place = drive.selected
        await drive.press(key)
        assert isinstance(drive.app.screen, screen)
        assert drive.app.focused is not None
        await drive.press("question_mark")
        assert drive.app.screen.query(HelpPanel)
        await drive.press("question_mark", "i")
        assert drive.selected == place
        assert drive.app.focused is drive.tree


async def test_the_palette_lists_every_action_of_the_screen_and_runs_one(tmp_path: Path) -> None:
    async with driven(fake_setup(tmp_path)) as drive:
        screen = drive.app.screen
        nodes = [screen, *screen.walk_children(), drive.app]
        here = {binding.id for owner, binding in all_bindings() if any(isinstance(node, owner) for node in nodes)}
        await drive.press("ctrl+p")
        found = drive.app.screen.query_one(CommandList)
        await drive.until(lambda: found.option_count >= len(here), "the actions are listed")
        titles = {str(found.get_option_at_index(at).prompt).split("\n")[0] for at in range(found.option_count)}
        for owner, binding in all_bindings():
            if binding.id in here and any(isinstance(node, owner) for node in nodes):
                area = str(binding.id).partition(".")[0]
                assert f"{area}: {binding.description}" in titles
        await drive.type("pack: much less")
        await drive.until(lambda: found.option_count == 1 or found.highlighted == 0, "one is found")
        before = drive.app.state.pack
        assert before is not None
        await drive.press("enter")
        await drive.until(lambda: drive.app.state.undo, "the action ran")
        assert int(drive.request.budget) < before.budget_tokens


# -- habits ------------------------------------------------------------------------------------------------------------


async def test_a_theme_is_seen_at_once_and_escape_brings_the_old_one_back(tmp_path: Path) -> None:
    async with driven(fake_setup(tmp_path)) as drive:
        before = drive.app.theme
        await drive.press("ctrl+t", "down")
        assert isinstance(drive.app.screen, ThemePicker)
        assert drive.app.theme != before
        await drive.press("escape")
        assert drive.app.theme == before
        await drive.press("ctrl+t", "down", "enter")
        chosen = drive.app.theme
        assert chosen != before
    assert load_preferences(tmp_path / "data").theme == chosen
    async with driven(fake_setup(tmp_path)) as drive:
        assert drive.app.theme == chosen


async def test_keys_can_be_given_to_other_actions(tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "keymap.toml").write_text(
        '"pack.more" = "ctrl+up"\n[tree]\nsort = "f7,z"\npim = "p"\n[modal]\nx = "y"\n'
    )
    async with driven(fake_setup(tmp_path)) as drive:
        assert any("did you mean 'tree.pin'?" in words for words in drive.told)
        first = drive.request
        await drive.press("equals_sign")
        assert drive.request == first
        await drive.press("ctrl+up")
        assert int(drive.request.budget) > int(first.budget)
        await drive.press("f7", "z", "s")
        assert drive.tree.sort is Sort.VALUE


async def test_a_theme_of_ones_own_is_offered(tmp_path: Path) -> None:
    folder = tmp_path / "config" / "themes"
    folder.mkdir(parents=True)
    (folder / "my own [bold].toml").write_text(THEME.format(primary="#123456"))
    (folder / "bad.toml").write_text('[base]\nprimary = "red"\n')
    async with driven(fake_setup(tmp_path, theme="my own [bold]")) as drive:
        assert drive.app.theme == "my own [bold]"
        assert drive.app.current_theme.primary == "#123456"
        assert [words for words in drive.told if "bad.toml" in words and "primary" in words]
        await drive.press("ctrl+t")
        options = drive.find(OptionList)
        prompts = [str(options.get_option_at_index(at).prompt) for at in range(options.option_count)]
        assert "my own [bold]" in prompts


async def test_a_theme_that_is_edited_is_seen_at_once(tmp_path: Path) -> None:
    folder = tmp_path / "config" / "themes"
    folder.mkdir(parents=True)
    mine = folder / "mine.toml"
    mine.write_text(THEME.format(primary="#112233"))
    setup = replace(fake_setup(tmp_path, theme="mine", change=lambda request: at_folder(request, tmp_path)), watch=True)
    async with driven(setup) as drive:
        app = drive.app

        def primary() -> str:
            color = drive.tree.styles.border.top[1]
            return "" if color is None else color.hex.lower()

        assert primary() == "#112233"
        await touched(drive, lambda at: mine.write_text(THEME.format(primary=f"#4455{at % 100:02d}")),
                      lambda: primary().startswith("#4455"), "the new colour is there")  # fmt: skip
        before = primary()
        mine.write_text('[base]\nprimary = "#445566"\nsurfice = "#000000"\n')
        await drive.until(lambda: [words for words in drive.told if "mine.toml" in words], "the trouble is told")
        assert primary() == before
        (folder / "other.toml").write_text(THEME.format(primary="#010203"))
        await drive.until(lambda: "other" in app.available_themes, "the other theme is known")
        troubles = [words for words in drive.told if "mine.toml" in words]
        assert len(troubles) == 1
        assert "surfice" in troubles[0]
        assert "did you mean 'surface'?" in troubles[0]
        mine.write_text(THEME.format(primary="#998877"))
        await drive.until(lambda: primary() == "#998877", "the repaired theme is used")
        (folder / "other.toml").unlink()
        await drive.until(lambda: "other" not in app.available_themes, "the deleted theme is no longer offered")
        assert app.theme == "mine"
        await drive.press("ctrl+t")
        mine.unlink()
        await drive.until(lambda: app.theme == DEFAULT, "the default theme is used instead of a deleted one")
        assert [words for words in drive.told if "mine" in words and "gone" in words]
        await drive.press("escape")
        assert "mine" not in app.available_themes
        assert app.theme == DEFAULT


def at_folder(request: PackRequest, folder: Path) -> PackRequest:
    """The same request about a folder that is there."""
    return replace(request, scan=replace(request.scan, path=folder))


async def touched(drive: Drive, write: Callable[[int], object], condition: Callable[[], object], words: str) -> None:
    """Write until it is noticed: the watcher begins some time after the app."""
    tries = iter(range(10_000))

    def tried() -> object:
        write(next(tries))
        return condition()

    await drive.until(tried, words)


# -- leaving -----------------------------------------------------------------------------------------------------------


async def test_leaving_without_changes_asks_nothing(tmp_path: Path) -> None:
    engine = FakeEngine()
    async with driven(fake_setup(tmp_path, engine)) as drive:
        await drive.press("q")
        assert drive.app._exit
    assert engine.closed


async def test_leaving_with_changes_asks_and_escape_stays(tmp_path: Path) -> None:
    async with driven(fake_setup(tmp_path)) as drive:
        await drive.press("plus", "q")
        assert isinstance(drive.app.screen, Leaving)
        await drive.press("escape")
        assert not drive.app._exit
        await drive.press("u", "q")
        assert drive.app._exit


async def test_leaving_can_save_first(tmp_path: Path) -> None:
    engine = FakeEngine()
    async with driven(fake_setup(tmp_path, engine)) as drive:
        await drive.press("plus")
        budget = drive.request.budget
        await drive.pilot.press("q", "s")
        await drive.until(lambda: drive.app._exit, "the app ends")
    assert engine.book.active_name == "personal"
    assert engine.book.saved["personal"][-1].budget == budget


async def test_leaving_can_discard(tmp_path: Path) -> None:
    engine = FakeEngine()
    async with driven(fake_setup(tmp_path, engine)) as drive:
        await drive.press("plus", "q", "d")
        assert drive.app._exit
    assert not engine.book.saved


async def test_what_was_saved_is_not_asked_about(tmp_path: Path) -> None:
    engine = FakeEngine()
    async with driven(fake_setup(tmp_path, engine)) as drive:
        await drive.press("plus", "f", "s")
        await drive.type("lean")
        await drive.press("enter")
        assert engine.book.active_name == "lean"
        assert drive.request.profile == "lean"
        await drive.press("i", "q")
        assert drive.app._exit


async def test_a_profile_that_cannot_be_saved_does_not_end_the_app(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = FakeEngine()

    def refuse(name: str, profile: object) -> None:
        raise InputError("the database cannot be written", "free some space")

    monkeypatch.setattr(engine.book, "save", refuse)
    async with driven(fake_setup(tmp_path, engine)) as drive:
        await drive.press("plus", "q", "s")
        await drive.until(lambda: drive.told, "it is told")
        assert "the database cannot be written" in drive.told[-1]
        assert not drive.app._exit


async def test_ending_ends_all_threads_and_closes_the_engine(tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    engine = FakeEngine()
    setup = replace(fake_setup(tmp_path, engine, change=lambda request: at_folder(request, tmp_path)), watch=True)

    def ours() -> list[str]:
        return [thread.name for thread in threading.enumerate() if thread.name.startswith("packsight")]

    wait_until(lambda: not ours(), "threads of other tests are gone")
    async with driven(setup) as drive:
        assert len(ours()) == 4  # the engine, another for the records, and a watcher for files and for themes
        await drive.press("q")
    assert engine.closed
    assert all(live.closed for live in engine.lives)
    wait_until(lambda: not ours(), "all threads end")


# -- when something is wrong -------------------------------------------------------------------------------------------


async def test_a_repository_that_is_none_is_told_and_another_try_may_work(tmp_path: Path) -> None:
    engine = FakeEngine()
    engine.failure = InputError("/x is no repository", "give a folder")
    async with driven(fake_setup(tmp_path, engine), settled=False) as drive:
        await drive.until(lambda: drive.app.state.trouble, "the failure is told")
        assert drive.app.state.trouble == "/x is no repository; give a folder"
        assert drive.app.state.phase is Phase.FAILED
        await drive.press("p", "f", "d", "i", "w", "b", "escape", "v", "s", "space", "x", "plus")
        engine.failure = None
        await drive.press("f5")
        await drive.until(lambda: drive.app.state.settled, "it works now")
        assert not drive.app.state.trouble


async def test_something_unexpected_leaves_a_trace_and_the_app_alive(tmp_path: Path) -> None:
    engine = FakeEngine()
    async with driven(fake_setup(tmp_path, engine)) as drive:

        def broken(*_: object) -> None:
            raise ZeroDivisionError("odd")

        drive.app.ask("odd", broken, lambda answer: None)
        await drive.until(lambda: drive.app.state.trouble, "it is told")
        assert "trouble.log" in drive.app.state.trouble
        assert "ZeroDivisionError" in (tmp_path / "data" / "trouble.log").read_text()
        first = drive.request
        await drive.press("plus")
        assert drive.app.state.settled is not None
        assert drive.app.state.settled.pack.request == drive.request != first
        assert not drive.app.state.trouble


async def test_an_engine_that_cannot_start_is_told(tmp_path: Path) -> None:
    def broken(emit: object, cancelled: object) -> None:
        raise InputError("the configuration is wrong", "see packsight config show")

    setup = replace(fake_setup(tmp_path), make_engine=broken)
    async with driven(setup, settled=False) as drive:
        await drive.until(lambda: drive.app.state.trouble, "it is told")
        assert "the configuration is wrong" in drive.app.state.trouble
        await drive.pilot.press("plus", "p", "f", "i", "q")
        await drive.until(lambda: drive.app._exit, "the app can be left")


async def test_a_scan_is_stopped_and_goes_on_later(tmp_path: Path) -> None:
    engine = FakeEngine()
    engine.gate = threading.Event()
    async with driven(fake_setup(tmp_path, engine), settled=False) as drive:
        await drive.until(lambda: engine.opened, "the scan runs")
        await drive.press("ctrl+c")
        assert "stopped" in drive.app.state.trouble
        assert drive.app.state.phase is Phase.FAILED
        engine.gate.set()
        await drive.press("f5")
        await drive.until(lambda: drive.app.state.settled, "the repository is open")
        assert len(engine.opened) == 2


async def test_a_second_scan_that_is_stopped_leaves_the_first(tmp_path: Path) -> None:
    engine = FakeEngine()
    async with driven(fake_setup(tmp_path, engine)) as drive:
        engine.gate = threading.Event()
        await drive.pilot.press("f5")
        await drive.until(lambda: len(engine.opened) == 2, "the second scan runs")
        await drive.pilot.press("ctrl+c")
        await drive.rest()
        assert drive.app.state.phase is Phase.READY
        first = drive.request
        await drive.press("plus")
        assert drive.app.state.is_current
        assert drive.request != first
        await drive.pilot.press("q")
        assert isinstance(drive.app.screen, Leaving)


async def test_changes_on_disk_are_read_without_losing_the_place(tmp_path: Path) -> None:
    engine = FakeEngine()
    async with driven(fake_setup(tmp_path, engine)) as drive:
        await drive.press("s", "down", "right", "down", "right", "down", "down")
        place, rows, key = drive.tree.place, drive.tree.row_total, drive.selected
        scrolled = drive.tree.scroll_offset
        drive.app.post_message(DiskChanged())
        await drive.until(lambda: len(engine.opened) == 2 and drive.app.state.settled, "it was read again")
        await drive.rest()
        assert (drive.tree.place, drive.tree.row_total, drive.selected) == (place, rows, key)
        assert (drive.tree.sort, drive.tree.scroll_offset) == (Sort.PACKED, scrolled)
        assert drive.app.focused is drive.tree


async def test_changes_on_disk_during_a_scan_are_not_forgotten(tmp_path: Path) -> None:
    engine = FakeEngine()
    engine.gate = threading.Event()
    async with driven(fake_setup(tmp_path, engine), settled=False) as drive:
        await drive.until(lambda: engine.opened, "the scan runs")
        drive.app.post_message(DiskChanged())
        await drive.pilot.pause()
        engine.gate.set()
        await drive.until(lambda: len(engine.opened) == 2 and drive.app.state.settled, "it was read again")


async def test_a_change_while_another_model_is_opened_is_packed_in_the_end(tmp_path: Path) -> None:
    engine = FakeEngine()
    async with driven(fake_setup(tmp_path, engine)) as drive:
        engine.gate = threading.Event()
        drive.app.post_message(DiskChanged())
        await drive.until(lambda: len(engine.opened) == 2, "the second scan runs")
        await drive.pilot.press("plus", "plus")
        await drive.until(lambda: len(drive.app.state.undo) == 2, "two changes were asked for")
        engine.gate.set()
        await drive.until(lambda: drive.app.state.settled, "a pack is settled")
        await drive.rest()
        assert drive.app.state.is_current


async def test_the_command_of_the_text_screen_is_shown_and_the_text_is_copied(tmp_path: Path) -> None:
    async with driven(fake_setup(tmp_path)) as drive:
        await drive.press("p", "y")
        assert drive.app.state.settled is not None
        assert drive.app.clipboard == drive.app.state.settled.text
        await drive.press("c")
        assert drive.app.clipboard.startswith("packsight pack ")
        await drive.press("3")
        assert drive.request.format == "json"
