"""The app: one state, the modes, and the way from what a person wants to the engine and back.

Everything that changes the pack becomes another ``PackRequest``; the bridge asks the engine; answers become another
``ViewState``; screens watch it and hand its parts down.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.reactive import var

from engine.request import PackRequest, ScanRequest
from tui import profile_facts
from tui import state as facts
from tui.answering import Answering
from tui.app_keys import APP_KEYS
from tui.bridge import Bridge
from tui.commands import ActionCommands
from tui.keymap import load_keymap
from tui.layouts import HEIGHTS, WIDTHS
from tui.memory import SETTLE_AFTER_S, settle_memory
from tui.messages import (
    Broken,
    DiskChanged,
    Failed,
    FoundMore,
    Opened,
    PackSettled,
    Progressed,
    Repacked,
    RequestChanged,
    Warned,
)
from tui.modes import MODES, binding_ids
from tui.pasting import Pasting
from tui.preferences import load_preferences, save_preferences, with_model
from tui.recording import Recording
from tui.setup import Setup
from tui.state import ViewState
from tui.text import content, middle
from tui.themed import Themed
from tui.trouble import write_trace
from tui.visiting import Visiting

OPENING = ("start", "begin", "open")
"""Calls without which there is nothing to show."""
MOST_TOLD = 600
"""Cells of what is told in passing; the ends of anything longer."""


def _nothing() -> ViewState:
    """Stands for the state until the app is told what to open."""
    return ViewState(request=PackRequest(ScanRequest(Path("."), ""), 0))


class PacksightApp(Themed, Answering, Recording, Visiting, Pasting):
    """The inspector of a repository's context budget."""

    TITLE = "packsight"
    CSS_PATH = "app.tcss"
    MODES = MODES
    DEFAULT_MODE = "inspector"
    COMMANDS: ClassVar = {ActionCommands}
    HORIZONTAL_BREAKPOINTS = WIDTHS
    VERTICAL_BREAKPOINTS = HEIGHTS
    PAUSE_GC_ON_SCROLL = True
    BINDINGS: ClassVar[list[BindingType]] = APP_KEYS

    state: var[ViewState] = var(_nothing, init=False)
    """Everything that screens show; replaced whole."""

    def __init__(self, setup: Setup) -> None:
        super().__init__()
        self.setup = setup
        self.preferences = load_preferences(setup.data_folder)
        self.begin_themes(setup.theme or self.preferences.theme)
        self.set_reactive(
            PacksightApp.state, ViewState(setup.request, context_window=setup.context_window, saved=setup.request)
        )
        self.bridge: Bridge | None = None
        self._changed_meanwhile = False
        """Whether files changed while they were read."""
        self._unsettle: Callable[[], None] | None = None
        """Puts off that memory is settled."""

    # -- start and end -----------------------------------------------------------------------------------------------

    def on_load(self) -> None:
        """Let the engine get ready in its thread while the first frame is made."""
        self.bridge = Bridge(self.setup.make_engine, self.post_message)
        settle = self.setup.settle_request
        if settle is not None:
            self.ask("begin", lambda engine, live, cancelled: settle(engine), self._began)

    def on_mount(self) -> None:
        """Show the first frame, then begin to read."""
        self.tell_theme_troubles()
        keymap, wrong_keys = load_keymap(self.setup.config_folder, binding_ids)
        self.set_keymap(keymap)
        for trouble in wrong_keys:
            self.say(trouble, severity="warning")
        self.call_after_refresh(self._watch)
        if self.setup.settle_request is None:
            self.call_after_refresh(self.action_rescan)

    def _watch(self) -> None:
        if self.setup.watch and self.bridge is not None:
            self.watch_themes(self.bridge)
            if self.setup.request.scan.rev is None:
                self.bridge.watch(self.setup.request.scan.path)

    def _began(self, request: PackRequest) -> None:
        self.state = replace(self.state, request=request, saved=request)
        self.call_after_refresh(self.action_rescan)

    def on_unmount(self) -> None:
        """Stop the engine and remember the layout."""
        if self.bridge is not None:
            self.bridge.close()
        kept = replace(self.preferences, theme=self.theme)
        save_preferences(self.setup.data_folder, with_model(kept, self.state.request.scan.model))

    def say(self, message: str, *, severity: str = "information") -> None:
        """Tell something in passing; the text is data, not markup."""
        words = middle(content(message).plain, MOST_TOLD)
        self.notify(words, severity=severity, markup=False, timeout=6)  # type: ignore[arg-type]

    # -- what a person wants -----------------------------------------------------------------------------------------

    @on(RequestChanged)
    def _ask(self, message: RequestChanged) -> None:
        self._follow(facts.asked(self.state, message.request, continued=message.continued))

    def action_undo(self) -> None:
        """Take back the last change."""
        self._follow(facts.undone(self.state))

    def action_redo(self) -> None:
        """Do again what was undone."""
        self._follow(facts.redone(self.state))

    def _follow(self, state: ViewState) -> None:
        """Take a state whose request may be another one, and ask the engine for what it needs."""
        before, self.state = self.state, state
        if self.bridge is None or state.request == before.request:
            return
        if state.request.scan != before.request.scan:
            self.state = facts.scanning(state)
            self.bridge.open(state.request, state.generation)
        else:
            self.bridge.repack(state.request, state.generation)

    def action_rescan(self) -> None:
        """Read the repository again."""
        if self.bridge is not None:
            self.state = facts.scanning(self.state)
            self.bridge.open(self.state.request, self.state.generation)

    def action_stop(self) -> None:
        """Stop what runs."""
        if self.bridge is None:
            return
        if self.state.phase is facts.Phase.SCANNING:
            self.bridge.stop()
            self.state = facts.failed(self.state, "stopped; F5 goes on where it was")
        elif self.state.is_lasting and self.state.pack is not None:
            self.bridge.stop()
            self._follow(facts.asked(replace(self.state, progress=None), self.state.pack.request))
            self.say("stopped; the pack is the one before, and undo goes on where it was")

    def action_mode(self, name: str) -> None:
        """Go to another screen."""
        self.switch_mode(name)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Grey out what would do nothing."""
        if action == "mode":
            return None if self.current_mode == parameters[0] else True
        if action == "undo":
            return True if self.state.undo else None
        if action == "redo":
            return True if self.state.redo else None
        if action == "stop":
            return True if self.state.phase is facts.Phase.SCANNING or self.state.is_lasting else None
        return True

    def action_help(self) -> None:
        """Show or hide the keys of what is focused."""
        if self.screen.query("HelpPanel"):
            self.action_hide_help_panel()
        else:
            self.action_show_help_panel()

    def action_themes(self) -> None:
        """Choose a theme."""
        from tui.modals.theme_picker import ThemePicker

        self.push_screen(ThemePicker())

    def action_jump(self) -> None:
        """Go to a pane by one key."""
        from tui.modals.jump import JumpOverlay

        self.push_screen(JumpOverlay(self.screen))

    def action_leave(self) -> None:
        """Leave, unless something is not saved and the person wants to stay."""
        if self.state.saved == self.state.request:
            self.exit()
            return
        from tui.modals.leaving import Leaving

        def answered(answer: str | None) -> None:
            if answer == "discard":
                self.exit()
            elif answer == "save":
                self.save_profile(self.state.request.profile or profile_facts.FIRST, then=self.exit)

        self.push_screen(Leaving(self.state), answered)

    def save_profile(self, name: str, then: Callable[[], object] | None = None) -> None:
        """Save what is in force as a new version of a profile, and use it."""
        config, request = self.setup.config, self.state.request

        def saved(request: PackRequest) -> None:
            self.take_saved(request)
            self.say(f"saved as {name}")
            if then is not None:
                then()

        self.ask("save", lambda engine, live, cancelled: profile_facts.save(engine, config, request, name), saved)

    def take_saved(self, request: PackRequest, saved: PackRequest | None = None) -> None:
        """Put in force what a profile says; what differs from ``saved``, which is the request itself, is not saved."""
        self._follow(facts.asked(self.state, request))
        self.state = replace(self.state, saved=saved or request)

    # -- what the engine says ----------------------------------------------------------------------------------------

    @on(Opened)
    def _opened(self, message: Opened) -> None:
        self.state = facts.opened(self.state, message.chart, message.pack)
        if self._unsettle is not None:
            self._unsettle()
        self._unsettle = self.set_timer(SETTLE_AFTER_S, settle_memory).stop
        if self._changed_meanwhile:
            self._changed_meanwhile = False
            self.action_rescan()
        elif message.generation != self.state.generation and self.bridge is not None:
            self.bridge.repack(self.state.request, self.state.generation)

    @on(Repacked)
    def _repacked(self, message: Repacked) -> None:
        self.state = facts.repacked(self.state, message.pack, message.generation)

    @on(PackSettled)
    def _settled(self, message: PackSettled) -> None:
        self.state = facts.settled(self.state, message.settled, message.generation)

    @on(Progressed)
    def _progressed(self, message: Progressed) -> None:
        if self.bridge is None or not self.bridge.is_stopped(message.call):
            self.state = facts.progressed(self.state, message.progress, message.elapsed_s)

    @on(FoundMore)
    def _found(self, message: FoundMore) -> None:
        self.state = replace(self.state, found=message.found)

    @on(Warned)
    def _warned(self, message: Warned) -> None:
        self.say(message.message, severity="warning")

    @on(Failed)
    def _failed(self, message: Failed) -> None:
        words = message.message + (f"; {message.hint}" if message.hint else "")
        if message.key in (*OPENING, "repack", "settle"):
            self.state = facts.failed(self.state, words, ended=message.key in OPENING)
        else:
            self.say(words, severity="error")

    @on(Broken)
    def _broken(self, message: Broken) -> None:
        path = write_trace(self.setup.data_folder, message.trace)
        words = f"something went wrong inside; the trace is in {path}"
        self.state = facts.failed(self.state, words, ended=message.key in OPENING)

    @on(DiskChanged)
    def _disk_changed(self) -> None:
        if self.state.phase is facts.Phase.READY:
            self.action_rescan()
        else:
            self._changed_meanwhile = self.state.phase is facts.Phase.SCANNING
