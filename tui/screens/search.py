"""Search: a query with its intent, ranked hits with prices and signals, and the text of the chosen one."""

from __future__ import annotations

from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical

from engine.live import Chart
from engine.model import Level
from engine.request import PackRequest
from tui import search_facts as ask
from tui import settings
from tui.bridge import SEARCH
from tui.screens.previewing import Previewing
from tui.screens.search_keys import SEARCH_KEYS
from tui.screens.wanting import Wanting
from tui.state import Phase, ViewState
from tui.text import content, number
from tui.widgets.hit_panel import HitPanel
from tui.widgets.hit_rows import HitList, HitRows
from tui.widgets.intent_panel import IntentPanel
from tui.widgets.key_line import KeyLine
from tui.widgets.preview_pane import PreviewPane
from tui.widgets.progress_line import ProgressLine
from tui.widgets.query_line import QueryLine
from tui.widgets.report_line import ReportLine
from tui.widgets.row_list import RowList

_NO_QUERY = (
    "nothing is asked yet",
    "",
    "/  a task, an issue, an error message; a pasted stack trace keeps its lines",
    "D  what changed since a revision",
)
_NO_HIT = ("nothing matches", "", "/ types another query, I another intent")


class SearchScreen(Wanting, Previewing):
    """The hits of the request in force; they follow query, base revision, budget, tuning and files."""

    HELP = """
    Numbers are those of `packsight search --json`. A score is a share of the best hit's; its bar says what each signal
    adds: **w**ords, **n**ame, **p**ath, **f**ile, **g**raph, **h**istory, **r**ecent, **b**ase. Levels are those of the
    search's own pack: best hits in full, the rest around them. The inspector packs for the same query.
    """
    CSS_PATH = "search.tcss"
    AUTO_FOCUS = "#hits"
    BINDINGS: ClassVar[list[BindingType]] = SEARCH_KEYS

    def __init__(self) -> None:
        super().__init__()
        self.intent = ""
        """Intent that was chosen by hand; ``""`` lets the rules decide."""
        self.found: ask.Found | None = None
        """The newest answer."""
        self._asked: tuple[PackRequest, str, Chart | None] | None = None
        """What the engine was asked for last: request, intent, files."""
        self._is_searching = False

    def compose(self) -> ComposeResult:
        """Lay out the panes."""
        yield QueryLine()
        yield IntentPanel()
        yield HitList(HitRows(empty=_NO_QUERY), id="hits", classes="pane")
        with Horizontal(id="below"):
            with Vertical(id="chosen", classes="pane"):
                yield HitPanel()
            yield PreviewPane(id="preview")
        yield ProgressLine()
        yield ReportLine()
        yield KeyLine()

    def on_mount(self) -> None:
        """Follow the state of the app."""
        self.hits.border_title = "Hits"
        self.query_one("#chosen").border_title = "Hit"
        self.watch(self.app, "state", self._show)

    def on_screen_resume(self) -> None:
        """Search for what was asked on other screens; begin with the query where there is none."""
        self._follow(self.main.state)
        request = self.main.state.request
        if not request.query and not request.diff:
            self.query_one(QueryLine).open()

    @property
    def hits(self) -> HitList:
        """The list."""
        return self.query_one(HitList)

    @property
    def chosen(self) -> ask.HitFacts | None:
        """The hit under the cursor."""
        found, row = self.found, self.hits.cursor_row
        return found.hits[row] if found is not None and row < len(found.hits) else None

    # -- facts come down ---------------------------------------------------------------------------------------------

    def _show(self, state: ViewState) -> None:
        self.query_one(ProgressLine).state = state
        line, pane = self.query_one(ReportLine), self.query_one(PreviewPane)
        line.state = state
        line.set_class(bool(state.trouble or (state.pack is not None and state.pack.problem)), "-open")
        if pane.chart is not state.chart:
            pane.place = None
            pane.chart = state.chart
        pane.pack = state.pack
        self._follow(state)

    def _follow(self, state: ViewState) -> None:
        """Search when something else is asked for, once its pack is there: then the words are read."""
        if not self.is_current:
            return
        request = state.request
        self.query_one(QueryLine).show(request.query)
        key = (request, self.intent, state.chart)
        if self._asked is not None and self._asked != key:
            self._asked, self._is_searching = None, False
        if not request.query and not request.diff:
            self._take_none(_NO_QUERY)
        elif state.pack is not None and state.pack.problem and state.is_current:
            self._take_none(("there is no such pack", "", state.pack.problem))
        elif state.phase is Phase.READY and state.is_current and self._asked is None:
            self._search(key)
        elif self.found is None and self._asked is None:
            self._say_empty(("reading what is needed…", "", "ctrl+c stops"))

    def _search(self, key: tuple[PackRequest, str, Chart | None]) -> None:
        bridge, (request, intent, _) = self.main.bridge, key
        if bridge is None:
            return
        self._asked, self._is_searching = key, True
        self.hits.border_subtitle = "searching…"
        if self.found is None:
            self._say_empty(("searching…", "", "ctrl+c stops"))

        def take(found: Any) -> None:
            if self._asked == key:
                self._take(found)

        self.main.ask(
            SEARCH,
            lambda engine, live, cancelled: live and ask.search(live, request, intent, bridge.emit, cancelled),
            take,
        )

    def _take(self, found: ask.Found | ask.Trouble | None) -> None:
        self._is_searching = False
        self.main.done_asking()
        if found is None:
            return
        if isinstance(found, ask.Trouble):
            self._take_none((found.words,))
            return
        self.found = found
        panel = self.query_one(IntentPanel)
        panel.found, panel.chosen = found, self.intent
        self.hits.source = HitRows(found.hits, _NO_HIT)
        spent = f"packed {number(found.actual_tokens)} of {number(found.budget_tokens)}"
        self.hits.border_subtitle = content(
            f"{number(len(found.hits))} of {number(found.matches)} matching chunks · {spent}" if found.hits else ""
        )
        since = f" · since {self.main.state.request.diff}" if found.diff else ""
        self.hits.border_title = content(f"Hits{since}")
        self.set_class(not found.hits, "-empty")
        self._tell_chosen()
        if found.hits and self.focused is None:
            self.hits.focus()

    def _take_none(self, words: tuple[str, ...]) -> None:
        """Show nothing, and why."""
        self.found = None
        self.query_one(IntentPanel).found = None
        self.query_one(IntentPanel).chosen = self.intent
        self.hits.border_title, self.hits.border_subtitle = "Hits", ""
        self._say_empty(words)
        self._tell_chosen()

    def _say_empty(self, words: tuple[str, ...]) -> None:
        self.hits.source = HitRows(empty=[content(line).plain for line in words])
        self.set_class(True, "-empty")

    @on(RowList.Highlighted, "#hits")
    def _tell_chosen(self) -> None:
        """Show numbers and text of the hit under the cursor."""
        hit, pane = self.chosen, self.query_one(PreviewPane)
        self.query_one(HitPanel).hit = hit
        self.query_one("#chosen").border_title = content("Hit" if hit is None else hit.where)
        if hit is None or hit.place is None:
            pane.place = None
        elif pane.place == hit.place:
            pane.level = hit.shown_level
        else:
            pane.set_reactive(PreviewPane.level, hit.shown_level)
            pane.place = hit.place
        self.refresh_bindings()

    # -- what a person wants -----------------------------------------------------------------------------------------

    def action_type(self) -> None:
        """Type a query."""
        self.query_one(QueryLine).open()

    @on(QueryLine.Asked)
    def _query_asked(self, message: QueryLine.Asked) -> None:
        self.hits.focus()
        request = settings.with_query(self.main.state.request, message.query)
        if request == self.main.state.request:
            self._asked = None
            self._follow(self.main.state)
        self._change(request)

    @on(QueryLine.Left)
    def _query_left(self) -> None:
        self.hits.focus()

    def action_intent(self) -> None:
        """Choose the next intent, or let the rules decide again."""
        names = ("", *ask.INTENTS)
        self.intent = names[(names.index(self.intent) + 1) % len(names)]
        self.query_one(IntentPanel).chosen = self.intent
        self._follow(self.main.state)

    @on(RowList.Chosen, "#hits")
    def action_read(self) -> None:
        """Go to the text."""
        self.add_class("-text")
        self.query_one(PreviewPane).query_one("#excerpt").focus()
        self._read_again()

    def action_tree(self) -> None:
        """Show the hit in the tree."""
        hit = self.chosen
        if hit is not None and hit.place is not None:
            self.main.show_place(hit.place)

    def action_pane(self) -> None:
        """Show numbers or text, where there is room for one."""
        self.toggle_class("-text")
        self.hits.focus()
        self._read_again()

    def _read_again(self) -> None:
        """Have a text read that was not asked for while it was hidden."""
        pane, hit = self.query_one(PreviewPane), self.chosen
        if hit is not None and pane.excerpt is None:
            pane.place = None
            self.call_after_refresh(self._tell_chosen)

    def action_pin(self) -> None:
        """Pin the file of the hit, or let it go."""
        self._pin(0)

    def action_level(self, deeper: int) -> None:
        """Pin the file of the hit a level deeper or fuller."""
        self._pin(deeper)

    def _pin(self, deeper: int) -> None:
        hit, chart, request = self.chosen, self.main.state.chart, self.main.state.request
        if hit is None or hit.place is None or chart is None:
            return
        glob = settings.glob_of(chart.columns.files[hit.place.file].path)
        pinned = dict(request.tuning.pins).get(glob)
        level: int | None = min(hit.level if pinned is None else pinned, int(Level.EMERGENCY))
        if deeper and level is not None:
            level = min(max(level + deeper, 0), int(Level.EMERGENCY))
        elif pinned is not None:
            level = None
        self._change(settings.with_pin(request, glob, level))

    def action_mark(self, what: str) -> None:
        """Note what became of the hit."""
        hit = self.chosen
        if hit is not None:
            self.main.mark_place(what, hit.where)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Grey out what needs a hit."""
        if action in ("read", "tree", "pin", "level", "mark"):
            return True if self.chosen is not None else None
        return True

    def action_stop(self) -> None:
        """Stop the search, or what it waits for; in the text, go back to the hits."""
        if self._is_searching or self.main.state.is_lasting or self.main.state.phase is Phase.SCANNING:
            self.main.action_stop()
            if self._is_searching:
                self.main.stop_asking()
                self._is_searching = False
                self._take_none(("stopped", "", "enter in the query searches again"))
        else:
            self.remove_class("-text")
            self.hits.focus()
