"""Recorded calls: their history, filters, plots of what they wanted, were allowed and used; detail and import."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen

from engine.telemetry.filters import EventFilter
from tui.modals.event_detail import EventDetail
from tui.modals.import_logs import ImportLogs
from tui.screens.telemetry_keys import TELEMETRY_KEYS
from tui.telemetry.asking import Trouble, answered
from tui.telemetry.choices import Choices, choices_of
from tui.telemetry.figures import WINDOW, Figures, Window, read_figures, read_report, read_window
from tui.telemetry.filters import next_since, read_filter, with_name
from tui.telemetry.rows import EventRows
from tui.telemetry.words import HOW_TO_GET
from tui.text import content, number
from tui.widgets.filter_line import FilterLine
from tui.widgets.history_list import HistoryList
from tui.widgets.key_line import KeyLine
from tui.widgets.plots.strip import PlotStrip
from tui.widgets.telemetry_summary import TelemetrySummary

if TYPE_CHECKING:
    from tui.app import PacksightApp

MOST_KEPT = 8
"""Filters whose figures are kept."""
_MATCHES_NONE = ("no call matches the filter", "", "x shows all calls again")


class TelemetryScreen(Screen[None]):
    """A filter, the figures of what it holds for, the calls themselves, and plots."""

    HELP = """
    A filter is words such as `provider:openai`, `model:gpt-5.5`, `category:docs`, `complexity:low`, `outcome:cut_off`,
    `since:7d`, `until:2026-11-20`; names may be begun only, and several are joined by commas. Every number here is one
    of `packsight telemetry list` and `packsight telemetry report`. An unused ceiling is reserved, not billed.
    """
    CSS_PATH = "telemetry.tcss"
    AUTO_FOCUS = "#history"
    BINDINGS: ClassVar[list[BindingType]] = TELEMETRY_KEYS

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        """The filter as it is typed."""
        self.wanted = EventFilter()
        """What the filter stands for."""
        self.choices = Choices()
        """Names of all calls."""
        self._source = EventRows(self._want, ("reading…",))
        self._wish: int | None = None
        """Window that is needed next."""
        self._reading: int | None = None
        """Window that is read now."""
        self._generation = 0
        """Number of the filter; answers for an earlier one are stale."""
        self._is_stale = True
        """Whether rows are read anew even when there are as many as before."""
        self._kept: dict[EventFilter, Figures] = {}
        """Figures of filters used before, for as long as there are as many calls."""

    @property
    def main(self) -> PacksightApp:
        """The app, with its own type."""
        return cast("PacksightApp", self.app)

    @property
    def history(self) -> HistoryList:
        """The list of calls."""
        return self.query_one(HistoryList)

    def compose(self) -> ComposeResult:
        """Lay out filter, figures, history and plots."""
        yield FilterLine()
        yield TelemetrySummary()
        yield HistoryList(self._source, id="history", classes="pane")
        yield PlotStrip(id="plots")
        yield KeyLine()

    def on_mount(self) -> None:
        """Begin to read."""
        self.history.border_title = "History of calls"
        self.query_one(FilterLine).choices = lambda: self.choices
        self.call_after_refresh(self.query_one(PlotStrip).lay_out)

    def on_screen_resume(self) -> None:
        """Look whether there are other calls than before."""
        self._ask_all(is_other=False)

    def on_resize(self) -> None:
        """Show as many plots as there is room for."""
        self.query_one(PlotStrip).lay_out()

    # -- reading -----------------------------------------------------------------------------------------------------

    def action_again(self) -> None:
        """Read everything anew; the cursor stays in its row."""
        self._kept.clear()
        self._is_stale = True
        self._ask_all(is_other=False)

    def _follow(self, text: str) -> None:
        """Take another filter, or say what is wrong with it."""
        line = self.query_one(FilterLine)
        self.text = text
        if line.text != text:
            line.text = text
        found = read_filter(text, self.choices, datetime.datetime.now(datetime.UTC))
        line.wrong(found.trouble)
        if not found.trouble and found.wanted != self.wanted:
            self.wanted = found.wanted
            self._ask_all(is_other=True)

    def _ask_all(self, *, is_other: bool) -> None:
        self._generation += 1
        self._wish = self._reading = None
        row = 0 if is_other else self.history.cursor_row
        self._read(row - row % WINDOW, is_other=is_other, is_first=True)

    def _ask_figures(self) -> None:
        """Ask for what is plotted, in two steps, so that a newer wish waits for no more than one of them."""
        config, wanted, generation = self.main.setup.config, self.wanted, self._generation

        def take_report(report: Any) -> None:
            if isinstance(report, Trouble):
                self._trouble(report.words)
                return
            if wanted == EventFilter():
                self.choices = choices_of(report)
            if generation == self._generation:
                self.main.ask_aside(
                    "telemetry figures", answered(lambda engine: read_figures(engine, config, wanted, report)),
                    lambda figures: self._take_figures(figures, generation),
                )  # fmt: skip

        self.main.ask_aside(
            "telemetry report", answered(lambda engine: read_report(engine, config, wanted)), take_report
        )

    def _want(self, first: int) -> None:
        """Have a window read, once the one that is read now is there; the newest wish is all that counts."""
        self._wish = first
        if self._reading is None:
            self._read(first)

    def _read(self, first: int, *, is_other: bool = False, is_first: bool = False) -> None:
        config, wanted, generation = self.main.setup.config, self.wanted, self._generation
        self._reading, self._wish = first, None

        def take(found: Window | Trouble) -> None:
            if generation == self._generation:
                self._take_window(found, is_other=is_other, is_first=is_first)

        self.main.ask_aside("telemetry rows", answered(lambda engine: read_window(engine, config, wanted, first)), take)

    def _take_window(self, found: Window | Trouble, *, is_other: bool, is_first: bool) -> None:
        self._reading = None
        if isinstance(found, Trouble):
            self._trouble(found.words)
            return
        if not is_first and found.total != self._source.total:
            # Calls came or went meanwhile: rows have moved.
            self.action_again()
            return
        self.query_one(TelemetrySummary).trouble = ""
        if is_first:
            self._begin(found, is_other=is_other)
        else:
            self._source.take(found)
            self.history.rows_redrawn()
        if self._wish is not None and self._source.has(self._wish):
            self._wish = None
        if self._wish is not None:
            self._read(self._wish)

    def _begin(self, found: Window, *, is_other: bool) -> None:
        """Show the rows of a filter; those that are kept stay when there are as many as before."""
        history = self.history
        if is_other or self._is_stale or found.total != self._source.total:
            self._source = EventRows(self._want, HOW_TO_GET if self.wanted == EventFilter() else _MATCHES_NONE)
        self._is_stale = False
        self._source.take(found)
        if is_other:
            history.set_reactive(HistoryList.cursor_row, 0)
            history.scroll_to(y=0, animate=False)
        if history.source is self._source:
            history.rows_redrawn()
        else:
            history.source = self._source
        history.border_subtitle = content(f"{number(found.total)} calls, newest first" if found.total else "")
        known = self._kept.get(self.wanted)
        if known is not None and known.total["n"] == found.total:
            self._take_figures(known, self._generation)
        else:
            self._ask_figures()

    def _take_figures(self, figures: Figures | Trouble, generation: int) -> None:
        if isinstance(figures, Trouble):
            self._trouble(figures.words)
        elif generation == self._generation:
            self._kept[self.wanted] = figures
            while len(self._kept) > MOST_KEPT:
                del self._kept[next(iter(self._kept))]
            self.query_one(TelemetrySummary).figures = figures
            self.query_one(PlotStrip).take(figures)

    def _trouble(self, words: str) -> None:
        """Show that the database cannot be read, in the place of the calls."""
        self.query_one(TelemetrySummary).trouble = words
        self.query_one(PlotStrip).fail()
        if not self._source.total:
            self._source.empty = ("calls cannot be read", "", "r tries again")
            self.history.source = self._source

    # -- filters -----------------------------------------------------------------------------------------------------

    def action_filter(self) -> None:
        """Type a filter."""
        self.query_one(FilterLine).open()

    @on(FilterLine.Changed)
    def _filter_typed(self, message: FilterLine.Changed) -> None:
        self._follow(message.text)

    @on(FilterLine.Left)
    def _filter_left(self) -> None:
        self.history.focus()

    def action_since(self) -> None:
        """Take the next time."""
        self._follow(next_since(self.text))

    def action_outcome(self, name: str) -> None:
        """Show only calls that ended so, or all again."""
        self._follow(with_name(self.text, "outcome", {"truncated": "cut_off", "failed": "error"}[name]))

    def action_same(self, key: str) -> None:
        """Show only calls that share something with the one under the cursor, or all again."""
        event = self._source.event(self.history.cursor_row)
        if event is not None:
            self._follow(with_name(self.text, key, getattr(event, key)))

    def action_clear(self) -> None:
        """Show all calls."""
        self._follow("")

    # -- panes and dialogs -------------------------------------------------------------------------------------------

    def action_plots(self) -> None:
        """Show the next plots."""
        self.query_one(PlotStrip).step()

    def action_large(self) -> None:
        """Show plots in place of the list, or the list again."""
        strip = self.query_one(PlotStrip)
        strip.is_large = not strip.is_large
        self.set_class(strip.is_large, "-large")
        strip.lay_out()

    @on(HistoryList.Chosen)
    def action_detail(self) -> None:
        """Show all of a call."""
        event = self._source.event(self.history.cursor_row)
        if event is None:
            return
        config, event_id = self.main.setup.config, event.event_id

        def show(found: Any) -> None:
            if isinstance(found, Trouble):
                self.main.say(found.words, severity="error")
            elif isinstance(self.main.screen, EventDetail):
                self.main.screen.show(found)
            elif self.is_current:
                self.main.push_screen(EventDetail(found, self._step))

        self.main.ask_aside("telemetry call", answered(lambda engine: engine.telemetry(config).show(event_id)), show)

    def _step(self, rows: int) -> None:
        self.history.action_cursor(rows)
        self.action_detail()

    def action_import(self) -> None:
        """Import logs."""
        self.main.push_screen(ImportLogs(self.action_again))
