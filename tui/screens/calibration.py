"""Calibration: what recorded calls teach about output budgets, cell by cell; accept, refuse, roll back, replay."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import Screen

from engine.events import Progress
from tui import calibration_facts as ask
from tui.screens.calibration_keys import CALIBRATION_KEYS
from tui.state import ViewState
from tui.text import content, number, percent
from tui.widgets.cell_panel import CellPanel
from tui.widgets.cell_rows import CellRows, state_of
from tui.widgets.curve_plot import CurvePlot
from tui.widgets.empty import Empty
from tui.widgets.key_line import KeyLine
from tui.widgets.names import shown_name
from tui.widgets.replay_table import ReplayTable
from tui.widgets.report_line import ReportLine
from tui.widgets.row_list import RowList

if TYPE_CHECKING:
    from tui.app import PacksightApp

_NAME_CELLS = 40
_LEAST_ROWS = 8
"""Rows of the list with its border, at least where there is room."""


class CalibrationScreen(Screen[None]):
    """Cells on top; below, the curve of the chosen one and everything about it, or a backtest."""

    HELP = """
    A cell is a kind of work for a model family. Calls that were cut off count as longer than their ceiling, not as
    that long. Nothing changes until a proposal is accepted; every accepted one is a version that can be rolled back.
    """
    CSS_PATH = "calibration.tcss"
    AUTO_FOCUS = "#cells"
    BINDINGS: ClassVar[list[BindingType]] = CALIBRATION_KEYS

    def __init__(self) -> None:
        super().__init__()
        self.facts: ask.Facts | None = None
        """What was read last."""
        self.refused: set[tuple[str, int]] = set()
        """(cell, budget) that a person refused in this session; another budget for the cell is another proposal."""
        self._replaying = False
        self._changes = 0
        """How often a change of the estimator was asked for."""

    @property
    def main(self) -> PacksightApp:
        """The app, with its own type."""
        return cast("PacksightApp", self.app)

    def compose(self) -> ComposeResult:
        """Lay out the panes."""
        yield Empty("reading the recorded calls…", id="unread", classes="pane")
        yield RowList(id="cells", classes="pane")
        with Horizontal(id="below"):
            with Vertical(id="curve", classes="pane"):
                yield CurvePlot()
            with Vertical(id="chosen", classes="pane"):
                yield CellPanel()
            with Vertical(id="replay", classes="pane"):
                yield ReplayTable()
        yield ReportLine()
        yield KeyLine()

    def on_mount(self) -> None:
        """Name the panes and follow the trouble of the app."""
        self.query_one("#cells").border_title = "Calibration"
        self.query_one("#curve").border_title = "Share of answers that are longer"
        self.query_one("#chosen").border_title = "Cell"
        self.query_one("#replay").border_title = "Backtest"
        self._arrange()
        self.watch(self.app, "state", self._told)

    def on_screen_resume(self) -> None:
        """Read what may have been recorded meanwhile."""
        self.action_read()

    def _told(self, state: ViewState) -> None:
        line = self.query_one(ReportLine)
        line.state = state
        line.set_class(bool(state.trouble), "-open")

    # -- what is known -----------------------------------------------------------------------------------------------

    def _ask(self, key: str, question: Callable[[Any], object], take: Callable[[Any], None]) -> None:
        self.main.ask_aside(key, lambda engine, live, cancelled: question(engine), take)

    def action_read(self) -> None:
        """Read proposals and history."""
        config = self.main.setup.config
        self._ask("calibration", lambda engine: ask.look(engine, config), self._take)

    def _take(self, found: ask.Facts | ask.Trouble) -> None:
        if isinstance(found, ask.Trouble):
            self._fail(found)
            return
        before, self.facts = self.facts, found
        if before is not None and before.version != found.version:
            self._forget_replay()
            self.main.estimator_changed()
        self._arrange()
        if found.done:
            self.main.say(found.done)

    def _fail(self, trouble: ask.Trouble) -> None:
        """Say what is wrong: in the place of the list while there is none, else in passing."""
        words = trouble.message + (f"; {trouble.hint}" if trouble.hint else "")
        if self.facts is None:
            unread = self.query_one("#unread", Empty)
            unread.words, unread.key, unread.does = words, "f5", "reads again"
        else:
            self.main.say(words, severity="error")

    def _arrange(self) -> None:
        """Show the list, or what there is instead of it."""
        found = self.facts
        self.query_one("#unread").display = found is None
        rows = self.query_one("#cells", RowList)
        rows.display = found is not None
        self.set_class(found is None or not found.cells, "-empty")
        if found is None:
            return
        rows.styles.max_height = max(_LEAST_ROWS, len(found.cells) + 3) if found.cells else None
        rows.source = CellRows(found.cells, self.refused)
        open_ones = len(self._open())
        proposals = f" · {number(open_ones)} proposal{'' if open_ones == 1 else 's'}" if open_ones else ""
        cells = f"{number(len(found.cells))} cell{'' if len(found.cells) == 1 else 's'}"
        rows.border_title = content(f"Calibration · {cells}{proposals}")
        version = shown_name(found.version, _NAME_CELLS)
        rows.border_subtitle = content(f"estimator {version} · at most {percent(found.target)} to be cut off")
        self.query_one(CurvePlot).target = found.target
        self._show_cell()
        if not rows.has_focus and self.focused is None:
            rows.focus()
        self.refresh_bindings()

    @property
    def cell(self) -> ask.CellFacts | None:
        """The cell under the cursor."""
        cells = self.facts.cells if self.facts is not None else ()
        row = self.query_one("#cells", RowList).cursor_row
        return cells[row] if row < len(cells) else None

    @on(RowList.Highlighted, "#cells")
    def _highlighted(self) -> None:
        self._show_cell()
        self.refresh_bindings()

    @on(RowList.Chosen, "#cells")
    def _chosen(self) -> None:
        self.action_accept()

    def _show_cell(self) -> None:
        cell = self.cell
        panel, table = self.query_one(CellPanel), self.query_one(ReplayTable)
        self.query_one(CurvePlot).cell = panel.cell = cell
        panel.state = state_of(cell, self.refused) if cell is not None else ""
        table.cell = cell.name if cell is not None else ""
        name = content(shown_name(cell.name, _NAME_CELLS)) if cell is not None else ""
        self.query_one("#chosen").border_title = name

    def _open(self) -> list[ask.CellFacts]:
        """Cells with a proposal that was not refused."""
        cells = self.facts.cells if self.facts is not None else ()
        return [cell for cell in cells if cell.is_change and (cell.name, cell.budget_tokens) not in self.refused]

    # -- wishes ------------------------------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Grey out what would do nothing."""
        cell = self.cell if self.is_mounted else None
        can = {
            "accept": cell is not None and cell in self._open(),
            "accept_all": bool(self._open()),
            "refuse": cell is not None and cell.is_change,
            "roll_back": self.facts is not None and self.facts.can_go_back,
            "backtest": self.facts is not None and bool(self.facts.cells),
            "stop": self._replaying,
        }
        return True if can.get(action, True) else None

    def action_accept(self) -> None:
        """Put the proposal under the cursor in force."""
        cell = self.cell
        if cell is not None and cell in self._open():
            self._accept({cell.name: cell.budget_tokens})

    def action_accept_all(self) -> None:
        """Put every proposal in force that was not refused."""
        self._accept({cell.name: cell.budget_tokens for cell in self._open()})

    def _accept(self, seen: dict[str, int]) -> None:
        config = self.main.setup.config
        if seen:
            self.action_stop()
            self._change(lambda engine: ask.accept(engine, config, seen))

    def _change(self, question: Callable[[Any], object]) -> None:
        """Ask for what changes the estimator; under a key of its own, so that nothing asked later takes its place."""
        self._changes += 1
        self._ask(f"estimator {self._changes}", question, self._take)

    def action_refuse(self) -> None:
        """Refuse the proposal under the cursor, or take that back."""
        cell = self.cell
        if cell is not None and cell.is_change:
            self.refused ^= {(cell.name, cell.budget_tokens)}
            self._arrange()

    def action_roll_back(self) -> None:
        """Undo what was applied last, after showing what that was."""
        from tui.modals.roll_back import RollBack

        config = self.main.setup.config

        def answered(yes: bool | None) -> None:
            if yes:
                self.action_stop()
                self._change(lambda engine: ask.roll_back(engine, config))

        if self.facts is not None and self.facts.can_go_back:
            self.app.push_screen(RollBack(self.facts), answered)

    # -- backtest ----------------------------------------------------------------------------------------------------

    def action_backtest(self) -> None:
        """Show a backtest, made now if there is none of this version; or the curve again."""
        shown = not self.has_class("-replay")
        self.set_class(shown, "-replay")
        table = self.query_one(ReplayTable)
        if shown and table.replay is None and not self._replaying:
            config = self.main.setup.config
            self._replaying = True
            table.progress = Progress("replay", 0, 0)
            self._ask("backtest", lambda engine: ask.replay(engine, config), self._take_replay)
        self.refresh_bindings()

    def take_progress(self, progress: Progress) -> None:
        """Show how far the replay is."""
        if self._replaying:
            self.query_one(ReplayTable).progress = progress

    def _take_replay(self, found: ask.Replay | ask.Trouble) -> None:
        self._replaying = False
        table = self.query_one(ReplayTable)
        table.progress = None
        if isinstance(found, ask.Trouble):
            table.words = f"{found.message}; {found.hint}"
        else:
            table.replay = found
            subtitle = f"{number(found.calls)} calls · {shown_name(found.version, _NAME_CELLS)}"
            self.query_one("#replay").border_subtitle = content(subtitle)
        self.refresh_bindings()

    def _forget_replay(self) -> None:
        """A backtest holds for the version that it was made with."""
        table = self.query_one(ReplayTable)
        table.replay, table.words = None, "the estimator changed; b and b again replays with it"
        self.query_one("#replay").border_subtitle = ""

    def action_stop(self) -> None:
        """Stop the backtest."""
        if self._replaying and self.main.aside is not None:
            self.main.aside.stop()
            self._replaying = False
            table = self.query_one(ReplayTable)
            table.progress, table.words = None, "stopped; b and b again begins anew"
            self.refresh_bindings()
