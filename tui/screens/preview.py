"""The text of the pack exactly as it is exported: read, search, measure, copy, save."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.events import ScreenResume
from textual.message import Message
from textual.reactive import var
from textual.widgets import Static

from engine.live import Settled
from tui.copying import copy_text
from tui.document import Document
from tui.messages import RequestChanged
from tui.pack_colours import pack_colours
from tui.pack_outline import PackedFile, pack_outline
from tui.pack_words import empty_words, position_words
from tui.ruler import Ruler
from tui.screens.preview_keys import PACK_KEYS
from tui.screens.taking import Taking
from tui.state import ViewState
from tui.text import content
from tui.widgets.empty_text import EmptyText
from tui.widgets.file_outline import FileRows
from tui.widgets.format_strip import FormatStrip
from tui.widgets.key_line import KeyLine
from tui.widgets.pack_summary import PackSummary
from tui.widgets.row_list import RowList
from tui.widgets.search_bar import SearchBar
from tui.widgets.text_canvas import TextCanvas
from tui.widgets.text_view import TextView
from tui.widgets.token_ruler import TokenRuler


class PackScreen(Taking):
    """The pack as a model gets it. Attributes come down; what is missing is asked for by messages."""

    CSS_PATH = "preview.tcss"
    AUTO_FOCUS = "TextView"
    HELP = """
    The text exactly as it is copied, saved and sent. The column at the left counts tokens up to the end of each line.
    """
    BINDINGS: ClassVar[list[BindingType]] = [*PACK_KEYS]

    @dataclass
    class RulerWanted(Message):
        """The tokens of a text are to be counted by lines: ``make_ruler(text, live.token_ends(text))``."""

        text: str

    @dataclass
    class CommandLineWanted(Message):
        """The command that gives the pack of the request in force is wanted, as ``command_line``."""

    state: var[ViewState | None] = var(None)
    """Everything that is known."""
    settled: var[Settled | None] = var(None)
    """The finished pack; follows ``state``."""
    ruler: var[Ruler | None] = var(None)
    """Counts of the text; see ``RulerWanted``."""
    command_line: var[str] = var("", always_update=True)
    """The command that gives this pack; see ``CommandLineWanted``. Forgotten when something else is asked for."""
    shows_tokens: var[bool] = var(False, init=False)
    """Mark tokens."""

    def __init__(self) -> None:
        super().__init__()
        self._files: list[PackedFile] = []

    def compose(self) -> ComposeResult:
        """Formats on top, files, text, report."""
        yield FormatStrip()
        with Horizontal(id="body"):
            with Vertical(id="outline", classes="pane side"):
                yield RowList(id="files")
            with Vertical(id="packed", classes="pane"):
                yield EmptyText(classes="empty")
                with Horizontal(id="text"):
                    yield TokenRuler(id="ruler")
                    yield TextView(id="view")
                yield SearchBar()
            with VerticalScroll(id="summary", classes="pane side"):
                yield PackSummary()
        yield Static(id="command")
        yield KeyLine()

    def on_mount(self) -> None:
        """Follow the state of the app."""
        self.query_one("#outline").border_title = "Files"
        self.query_one("#summary").border_title = "Report"
        if hasattr(self.app, "state"):
            self.watch(self.app, "state", lambda state: setattr(self, "state", state))
        self._show_settled()

    # -- what comes down ---------------------------------------------------------------------------------------------

    def watch_state(self, before: ViewState | None, state: ViewState | None) -> None:
        """Take the finished pack, or say what is waited for."""
        if state is None:
            return
        if before is not None and before.request != state.request:
            self.command_line = ""
        self.settled = state.settled
        self._show_words()

    def watch_settled(self, before: Settled | None, settled: Settled | None) -> None:
        """Show another text, at the same line where the format is the same."""
        self._show_settled(keep=before is not None or settled is None)

    def watch_ruler(self, ruler: Ruler | None) -> None:
        """Count the visible lines."""
        if not self._is_composed:
            return
        self.query_one(TokenRuler).ruler = ruler
        if ruler is not None and self._files and ruler.text is self._text:
            counts = [ruler.until(one.end) - ruler.until(one.body) for one in self._files]
            self.query_one(RowList).source = FileRows(self._files, counts)
        self._mark_tokens()
        self._show_words()

    def watch_command_line(self, command: str) -> None:
        """Show the command and copy it."""
        if not self._is_composed:
            return
        shown = self.query_one("#command", Static)
        shown.set_class(bool(command), "-open")
        shown.update(content(f"$ {command}"))
        if command and self.is_current:
            copy_text(self, command, "the command")

    def watch_shows_tokens(self) -> None:
        """Mark tokens or not."""
        self._mark_tokens()

    @on(ScreenResume)
    def _resumed(self) -> None:
        self._want_ruler()

    # -- keys --------------------------------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Grey out what needs a finished text."""
        if action in ("copy", "save", "tokens", "file", "command"):
            return True if self.settled is not None else None
        if action == "read":
            return self.query_one("#outline").has_focus_within
        if action == "format":
            return None if self.state is None else True
        return True

    @on(FormatStrip.Chosen)
    def _format_chosen(self, message: FormatStrip.Chosen) -> None:
        message.stop()
        self.action_format(message.format)

    def action_format(self, name: str) -> None:
        """Ask for another format."""
        if self.state is not None:
            self.post_message(RequestChanged(replace(self.state.request, format=name)))

    def action_command(self) -> None:
        """Show and copy the command."""
        if self.command_line:
            self.command_line = self.command_line
        else:
            self.post_message(self.CommandLineWanted())

    def action_part(self, part: str) -> None:
        """Show or hide a part, whatever the width has it."""
        shown = self.query_one(f"#{part}")
        shown.display = not shown.display
        if part == "ruler":
            return
        if self.has_class("-narrow"):
            # There is room for one of them, in the place of the text.
            self.query_one("#summary" if part == "outline" else "#outline").display = False
            self.set_class(shown.display, "-aside")
            if shown.display:
                (self.query_one(RowList) if part == "outline" else shown).focus()
        if not shown.display:
            self._view.focus()

    def action_read(self) -> None:
        """Go from the files to the text."""
        if self.has_class("-narrow"):
            self.query_one("#outline").display = False
        self.remove_class("-aside")
        self._view.focus()

    def action_tokens(self) -> None:
        """Show or hide tokens."""
        self.shows_tokens = not self.shows_tokens

    def action_file(self, direction: int) -> None:
        """Go to another file."""
        starts = [self._view.document.line_at(one.offset) for one in self._files]
        if not starts:
            return
        top = self._view.visible_lines[0]
        at = bisect_right(starts, top) - 1
        wanted = at + 1 if direction > 0 else at if at >= 0 and starts[at] < top else at - 1
        self._view.go_to(starts[min(max(wanted, 0), len(starts) - 1)], top=True)

    @on(RowList.Highlighted)
    def _jump(self, message: RowList.Highlighted) -> None:
        message.stop()
        if self.query_one(RowList).has_focus and message.row < len(self._files):
            document, offset = self._view.document, self._files[message.row].offset
            line = document.line_at(offset)
            self._view.go_to(line, document.shown_column(line, offset - document.starts[line]), top=True)

    @on(TextView.SearchWanted)
    def _search(self, message: TextView.SearchWanted) -> None:
        self.query_one(SearchBar).open(message.view)

    @on(TextCanvas.Scrolled)
    def _scrolled(self, message: TextCanvas.Scrolled) -> None:
        self.query_one(SearchBar).report(message.view)
        self.query_one(TokenRuler).follow(self._view)
        self._show_position()

    # -- inside ------------------------------------------------------------------------------------------------------

    @property
    def _is_composed(self) -> bool:
        return bool(self.query("#summary"))

    @property
    def _view(self) -> TextView:
        return self.query_one("#view", TextView)

    @property
    def _text(self) -> str:
        return self.settled.text if self.settled is not None else ""

    def _want_ruler(self) -> None:
        if self._text and self.is_current and (self.ruler is None or self.ruler.text is not self._text):
            self.post_message(self.RulerWanted(self._text))

    def _show_settled(self, *, keep: bool = False) -> None:
        if not self._is_composed:
            return
        settled = self.settled
        self.set_class(settled is None, "-empty")
        if settled is not None:
            form = settled.pack.format
            document = Document(settled.text)
            chart = self.state.chart if self.state is not None else None
            self._files = pack_outline(settled.text, form)
            self._view.load(document, *pack_colours(document, self._files, chart), keep=keep)
            self._view.wrap = form == "json" or self._view.wrap
            self.query_one(RowList).source = FileRows(self._files)
            self.query_one(PackSummary).settled = settled
            self._want_ruler()
            if self.is_current and self.focused is None:
                self._view.focus()  # it was hidden, and what is hidden loses the focus
        self._show_words()
        self.refresh_bindings()

    def _mark_tokens(self) -> None:
        fits = self.ruler is not None and self.ruler.text is self._text
        self._view.token_ends = self.ruler.ends if self.ruler is not None and fits and self.shows_tokens else ()

    def _show_position(self) -> None:
        words = ""
        if self.settled is not None:
            view = self._view
            ruler = self.ruler if self.ruler is not None and self.ruler.text is self._text else None
            words = position_words(view.visible_lines, len(view.document), view.visible_offsets, ruler)
        self.query_one("#packed").border_subtitle = content(words)

    def _show_words(self) -> None:
        if not self._is_composed:
            return
        form = self.settled.pack.format if self.settled is not None else ""
        if self.settled is None:
            self.query_one(EmptyText).words = empty_words(self.state)
        self.query_one(FormatStrip).chosen = form or (self.state.request.format if self.state is not None else "")
        self.query_one("#packed").border_title = content(f"Pack as {form}" if form else "Pack")
        self._show_position()
