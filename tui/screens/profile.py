"""The profile: what differs from the default and from what was saved, in words; save, switch, suggest, export."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tui import profile_facts as ask
from tui.messages import RequestChanged
from tui.state import ViewState
from tui.text import content, number
from tui.widgets.key_line import KeyLine
from tui.widgets.report_line import ReportLine

if TYPE_CHECKING:
    from tui.app import PacksightApp

NONE = "\0none"
"""Id of the row for no profile; no profile can be called so."""


class ProfileScreen(Screen[None]):
    """Saved profiles at the left, differences in words at the right."""

    HELP = """
    A profile keeps budget, reserve, format, weights, shares, deepest levels, pins and excludes for this repository
    and model. Saving makes a new version; earlier ones stay.
    """
    CSS_PATH = "profile.tcss"
    AUTO_FOCUS = "OptionList"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s", "save", "Save", id="profile.save", tooltip="Save what is in force as a new version"),
        Binding("S", "save_as", "Save as", id="profile.save-as", tooltip="Save it under another name"),
        Binding("r", "reset", "No profile", id="profile.reset", tooltip="Use no profile; the saved ones stay"),
        Binding("g", "suggest", "Suggest", id="profile.suggest", tooltip="Let a profile be made from the scan"),
        Binding("x", "export", "Export", id="profile.export", tooltip="Write it into the repository's .packsight.toml"),
        Binding("j", "move('down')", "Down", id="profile.down", tooltip="Next profile", show=False),
        Binding("k", "move('up')", "Up", id="profile.up", tooltip="Profile before", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._facts: ask.ProfileFacts | None = None
        self._reasons: tuple[tuple[str, str], ...] = ()
        self._seen: tuple[object, object] | None = None

    @property
    def main(self) -> PacksightApp:
        """The app, with its own type."""
        return cast("PacksightApp", self.app)

    def compose(self) -> ComposeResult:
        """Lay out the panes."""
        with Horizontal(id="body"):
            yield OptionList(id="profiles", classes="pane")
            with Vertical(id="words"):
                with VerticalScroll(id="saved", classes="pane"):
                    yield Static(id="since-saved")
                with VerticalScroll(id="default", classes="pane"):
                    yield Static(id="since-default")
                with VerticalScroll(id="past", classes="pane"):
                    yield Static(id="history")
        yield ReportLine()
        yield KeyLine()

    def on_mount(self) -> None:
        """Follow the state of the app."""
        self.query_one("#profiles").border_title = "Profiles"
        self.query_one("#saved").border_title = "Not saved yet"
        self.query_one("#default").border_title = "Different from the default"
        self.query_one("#past").border_title = "History"
        self.watch(self.app, "state", self._show)

    def on_screen_resume(self) -> None:
        """Read what may have changed elsewhere."""
        self._seen = None
        self._show(self.main.state)

    def _show(self, state: ViewState) -> None:
        self.query_one(ReportLine).state = state
        seen = (state.request, state.saved)
        if self._seen == seen or not self.is_current:
            return
        self._seen = seen
        config = self.main.setup.config
        self.main.ask(
            "profiles",
            lambda engine, live, cancelled: ask.look(engine, config, state.request, state.saved),
            self._take,
        )

    def _take(self, facts: ask.ProfileFacts) -> None:
        self._facts = facts
        options = self.query_one(OptionList)
        at = options.highlighted
        options.clear_options()
        options.add_option(Option(self._row("no profile", "", not facts.active), id=NONE))
        for one in facts.profiles:
            about = f"version {number(one.version)} · {one.saved_at.date().isoformat()}"
            options.add_option(Option(self._row(one.profile.name, about, one.active), id=one.profile.name))
        active = next((i + 1 for i, one in enumerate(facts.profiles) if one.active), 0)
        options.highlighted = min(active if at is None else at, options.option_count - 1)
        self._write("#since-saved", facts.since_saved, "everything is saved")
        self._write("#since-default", facts.since_default, "nothing: these are the defaults")
        changes = len(facts.since_saved)
        self.query_one("#saved").border_subtitle = f"{changes} change{'' if changes == 1 else 's'}" if changes else ""
        lines = [f"{choice}: {why}" for choice, why in self._reasons]
        if lines:
            self.query_one("#past").border_title = "Why this is suggested"
            self._write("#history", lines, "")
        else:
            self.query_one("#past").border_title = content(f"History of {facts.active}" if facts.active else "History")
            history = [
                f"{version} · {day} · {'; '.join(words) or 'as before'}" for version, day, words in facts.history
            ]
            self._write("#history", history, "s saves what is in force as a profile; each save is a version")

    def _row(self, name: str, about: str, active: bool) -> Content:
        mark = "● " if active else "  "
        line = Content.assemble(mark, content(name))
        return Content.assemble(line, ("\n    " + about, "dim")) if about else line

    def _write(self, place: str, lines: Any, empty: str) -> None:
        shown = Content("\n").join(Content.assemble("· ", content(line)) for line in lines) if lines else Content(empty)
        self.query_one(place, Static).update(shown)

    # -- wishes ------------------------------------------------------------------------------------------------------

    def on_option_list_option_selected(self, message: OptionList.OptionSelected) -> None:
        """Use the chosen profile."""
        self._use(None if message.option_id == NONE else message.option_id)

    def action_reset(self) -> None:
        """Use no profile."""
        self._use(None)

    def action_save(self) -> None:
        """Save under the name in use, or ask for the first one."""
        if self._facts is not None and self._facts.active:
            self.main.save_profile(self._facts.active)
        else:
            self.action_save_as()

    def action_save_as(self) -> None:
        """Ask for a name and save."""
        from tui.modals.name_input import NameInput

        def take(name: str | None) -> None:
            if name:
                self.main.save_profile(name)

        given = (self._facts.active if self._facts is not None else "") or ask.FIRST
        self.app.push_screen(NameInput("Save the profile as", given, "a name that exists gets a new version"), take)

    def action_suggest(self) -> None:
        """Ask for a suggestion and put it in force; undo takes it back."""
        config, request = self.main.setup.config, self.main.state.request

        def take(proposal: ask.Proposal) -> None:
            self._reasons = proposal.reasons
            self.post_message(RequestChanged(proposal.request))
            self.notify("suggested; u takes it back, s saves it", markup=False)

        self.notify("looking at the repository for a suggestion…", markup=False)
        self.main.ask("suggest", lambda engine, live, cancelled: ask.suggest(engine, config, request), take)

    def action_export(self) -> None:
        """Write it into the repository."""
        config, request = self.main.setup.config, self.main.state.request
        name = (self._facts.active if self._facts is not None else "") or ask.FIRST
        self.main.ask(
            "export",
            lambda engine, live, cancelled: ask.export(engine, config, request, name),
            lambda path: self.main.say(f"written to {path}"),
        )

    def action_move(self, direction: str) -> None:
        """Move the cursor."""
        options = self.query_one(OptionList)
        options.action_cursor_down() if direction == "down" else options.action_cursor_up()

    def _use(self, name: str | None) -> None:
        config, request = self.main.setup.config, self.main.state.request
        self._reasons = ()
        self.main.ask(
            "use",
            lambda engine, live, cancelled: ask.use(engine, config, request, name),
            self.main.take_saved,
        )
