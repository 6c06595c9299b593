"""Learning: class weights that past commits and marks propose, measured on later commits; accept, refuse, take back."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from engine.events import Progress
from tui import lesson_facts as ask
from tui.search_facts import Trouble
from tui.text import bar, content, number, percent
from tui.widgets.lesson_panel import LessonPanel
from tui.widgets.names import shown_name

if TYPE_CHECKING:
    from tui.app import PacksightApp

_NAME_CELLS = 32
_BAR_CELLS = 24


class LearningScreen(ModalScreen[None]):
    """Computes in the background; nothing changes until a proposal is accepted."""

    # Above the app's own style sheet, which has rules for all dialogs.
    CSS = """
    LearningScreen .dialog { width: 116; height: auto; max-height: 95%; padding: 0 1; }
    LearningScreen VerticalScroll { height: auto; max-height: 100%; background: $surface; scrollbar-size-vertical: 1; }
    LearningScreen #said { width: 100%; height: auto; }
    LearningScreen #said.-done { color: $budget-ok; }
    LearningScreen #said.-wrong { color: $budget-over; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a,y", "accept", "Accept", id="learning.accept",
                tooltip="Save the weights as a new version of the profile, and use it"),
        Binding("x,n", "refuse", "Refuse", id="learning.refuse", tooltip="Keep the weights as they are"),
        Binding("r,u", "take_back", "Take back", id="learning.take-back",
                tooltip="Make the version from before the newest again"),
        Binding("L", "again", "Again", id="learning.again", tooltip="Learn again"),
        Binding("ctrl+c", "stop", "Stop", id="learning.stop", tooltip="Stop; commits that were read are kept"),
        Binding("escape", "leave", "Close", id="learning.close", tooltip="Stop what runs, and close"),
    ]  # fmt: skip

    def __init__(self) -> None:
        super().__init__()
        self.proposal: ask.Proposal | None = None
        """What is proposed."""
        self.kept: ask.Kept | None = None
        """What was accepted."""
        self._runs = False
        self._is_changing = False
        """Whether a change of the profile was asked for and is not there yet."""

    @property
    def main(self) -> PacksightApp:
        """The app, with its own type."""
        return cast("PacksightApp", self.app)

    def compose(self) -> ComposeResult:
        """What is said, the proposal, the keys."""
        with Vertical(classes="dialog pane"):
            yield Static(id="said")
            with VerticalScroll(can_focus=True):
                yield LessonPanel()

    def on_mount(self) -> None:
        """Begin."""
        dialog = self.query_one(".dialog")
        model = shown_name(self.main.state.request.scan.model, _NAME_CELLS)
        dialog.border_title = content(f"Learning for {model}")
        self.query_one(VerticalScroll).focus()
        self.action_again()

    # -- computing ---------------------------------------------------------------------------------------------------

    def action_again(self) -> None:
        """Have an update proposed."""
        config, request = self.main.setup.config, self.main.state.request
        if self._runs or self._is_changing:
            return
        if config is None:
            self._say("learning needs settings, and there are none here", "-wrong")
            return
        self._runs, self.kept = True, None
        self._show(None)
        self._say("looking for commits that tell something…")
        self.main.ask_aside("learn", lambda engine, live, cancelled: ask.learn(engine, config, request), self._take)

    def take_progress(self, progress: Progress) -> None:
        """Show how far it is; the last part, measuring, has no numbers."""
        if not self._runs:
            return
        if not progress.total or progress.phase != "learn":
            return
        share = progress.done / progress.total
        words = f"{number(progress.done)} of {number(progress.total)} commits · {percent(share)}"
        if progress.done == progress.total:
            words += " · measuring the update on later ones…"
        self._say(f"{bar(share, _BAR_CELLS)} {words}")

    def _take(self, found: ask.Proposal | Trouble) -> None:
        if not self.is_attached or not self._runs:
            return
        self._runs = False
        if isinstance(found, Trouble):
            self._say(found.words, "-wrong")
        else:
            self._say("")
            self._show(found)
        self._tell_keys()

    def _show(self, proposal: ask.Proposal | None) -> None:
        self.proposal = proposal
        self.query_one(LessonPanel).proposal = proposal
        self._tell_keys()

    def action_stop(self) -> None:
        """Stop computing."""
        if self._runs and self.main.aside is not None:
            self.main.aside.stop()
            self._runs = False
            self._say("stopped; L goes on where it was: commits that were read are kept")
            self._tell_keys()

    # -- deciding ----------------------------------------------------------------------------------------------------

    def action_accept(self) -> None:
        """Save and use what is proposed."""
        config, request, proposal = self.main.setup.config, self.main.state.request, self.proposal
        if proposal is None or proposal.refused or self.kept is not None or self._is_changing or config is None:
            return
        self._is_changing = True
        self.main.ask(
            "keep lesson", lambda engine, live, cancelled: ask.keep(engine, config, request, proposal), self._take_kept
        )

    def _take_kept(self, kept: ask.Kept | Trouble) -> None:
        self._is_changing = False
        if isinstance(kept, Trouble):
            self._decided(kept.words, "-wrong")
            return
        self.kept = kept
        self._put_in_force(kept)
        name = shown_name(kept.profile, _NAME_CELLS)
        self._decided(f"accepted: {name}, version {kept.version}, is in force; r takes it back", "-done")

    def action_take_back(self) -> None:
        """Go back to the version before."""
        config, request, proposal = self.main.setup.config, self.main.state.request, self.proposal
        if proposal is None or self.kept is None or self._is_changing or config is None:
            return
        self._is_changing = True
        self.main.ask(
            "take back lesson", lambda engine, live, cancelled: ask.take_back(engine, config, request, proposal),
            self._take_back,
        )  # fmt: skip

    def _take_back(self, kept: ask.Kept | Trouble) -> None:
        self._is_changing = False
        if isinstance(kept, Trouble):
            self._decided(kept.words, "-wrong")
            return
        self.kept = None
        self._put_in_force(kept)
        name = f"{shown_name(kept.profile, _NAME_CELLS)}, version {kept.version}" if kept.profile else "no profile"
        self._decided(f"taken back: {name} is in force", "-done")

    def _put_in_force(self, kept: ask.Kept) -> None:
        """Pack with the profile as it is now; undo leads back to the request before."""
        state = self.main.state
        self.main.take_saved(ask.followed(state.request, state.saved, kept), kept.request)

    def action_refuse(self) -> None:
        """Keep everything as it is."""
        if not self._is_changing:
            self.action_stop()
            self.dismiss(None)

    def action_leave(self) -> None:
        """Close; what runs is stopped."""
        self.action_stop()
        self.dismiss(None)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Grey out what would do nothing."""
        if action == "accept":
            return True if self.proposal is not None and not self.proposal.refused and self.kept is None else None
        if action == "take_back":
            return True if self.kept is not None else None
        return True

    # -- words -------------------------------------------------------------------------------------------------------

    def _decided(self, words: str, kind: str) -> None:
        """Tell what became of it; where the dialog is closed by now, in passing."""
        if self.is_attached:
            self._say(words, kind)
            self._tell_keys()
        else:
            self.main.say(words, severity="error" if kind == "-wrong" else "information")

    def _say(self, words: str, kind: str = "") -> None:
        said = self.query_one("#said", Static)
        said.display = bool(words)
        said.update_classes({"-done": kind == "-done", "-wrong": kind == "-wrong"})
        said.update(content(words))

    def _tell_keys(self) -> None:
        keys = ["esc closes"]
        if self._runs:
            keys = ["ctrl+c stops", "esc stops and closes"]
        elif self.kept is not None:
            keys = ["r takes it back", *keys]
        elif self.proposal is not None and not self.proposal.refused:
            keys = ["a accepts", "x refuses", *keys]
        else:
            keys = ["L learns again", *keys]
        self.query_one(".dialog").border_subtitle = content(" · ".join(keys))
        self.query_one(LessonPanel).is_kept = self.kept is not None
        self.refresh_bindings()
