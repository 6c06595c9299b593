"""Two packs side by side: what enters, what leaves, what changes level; and one pack counted for several models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast

from rich.table import Table
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import Screen
from textual.widgets import Input, Label, Static

from tui import compare_facts as ask
from tui.state import ViewState
from tui.text import content, number, percent, rich_text
from tui.widgets.difference_rows import SIGNS, DifferenceRows
from tui.widgets.key_line import KeyLine
from tui.widgets.report_line import ReportLine
from tui.widgets.row_list import RowList

if TYPE_CHECKING:
    from tui.app import PacksightApp

MOST_MODELS = 6
"""Models that the pack is counted for at once."""


class CompareScreen(Screen[None]):
    """Sides A and B in words, totals, every difference."""

    HELP = """
    A and B are words as `packsight diff` takes them: `now`, `saved`, a budget (`32k`), a model, a saved profile, a
    revision (`HEAD~5`, `rev=tuned`), or several joined by commas: `budget=64k,model=gpt-5.5`, `query=login`.
    """
    CSS_PATH = "compare.tcss"
    AUTO_FOCUS = "#differences"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "compare", "Compare", id="compare.run", tooltip="Pack both sides and compare"),
        Binding("a", "side('left')", "Side A", id="compare.left", tooltip="Type side A"),
        Binding("b", "side('right')", "Side B", id="compare.right", tooltip="Type side B"),
        Binding("z", "swap", "Swap", id="compare.swap", tooltip="Swap the sides"),
        Binding("n", "models", "Models", id="compare.models", tooltip="Count the pack for the models used last"),
        Binding(
            "t", "drift", "Drift", id="compare.drift", tooltip="The profile, at the commit it was tuned at and now"
        ),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._compared: tuple[Any, ...] | None = None

    @property
    def main(self) -> PacksightApp:
        """The app, with its own type."""
        return cast("PacksightApp", self.app)

    def compose(self) -> ComposeResult:
        """Lay out the sides, the differences and the models."""
        with Horizontal(id="sides"):
            for name, title, words in (("left", "A", ask.SAVED), ("right", "B", ask.NOW)):
                with Vertical(classes="pane side"):
                    with Horizontal(classes="line"):
                        yield Label(f"{title} ")
                        yield Input(words, id=name, compact=True, select_on_focus=True)
                    yield Static(id=f"{name}-total")
        with Horizontal(id="body"):
            yield RowList(DifferenceRows(()), id="differences", classes="pane")
            with VerticalScroll(id="models", classes="pane"):
                yield Static(id="model-table")
        yield ReportLine()
        yield KeyLine()

    def on_mount(self) -> None:
        """Follow the state of the app."""
        self.query_one("#differences").border_title = "Differences"
        self.query_one("#models").border_title = "One pack, several models"
        self.query_one("#model-table", Static).update("n counts the pack in force for models of several providers")
        self.watch(self.app, "state", self._show)

    def on_screen_resume(self) -> None:
        """Compare anew when something changed meanwhile."""
        self._show(self.main.state)

    def _show(self, state: ViewState) -> None:
        self.query_one(ReportLine).state = state
        if self.is_current and state.settled is not None and self._asked() != self._compared:
            self.action_compare()

    # -- wishes ------------------------------------------------------------------------------------------------------

    @on(Input.Submitted)
    def action_compare(self) -> None:
        """Pack both sides and show what differs."""
        state, config = self.main.state, self.main.setup.config
        if state.chart is None:
            return
        left, right = (self.query_one(f"#{name}", Input).value for name in ("left", "right"))
        current, saved = state.request, state.saved or state.request
        self._compared = self._asked()
        rows = self.query_one("#differences")
        rows.border_subtitle = "packing both sides…"
        self.main.ask(
            "compare",
            lambda engine, live, cancelled: ask.compare(engine, config, current, saved, left, right),
            self._take,
        )

    def _asked(self) -> tuple[Any, ...]:
        state = self.main.state
        return (*(self.query_one(f"#{name}", Input).value for name in ("left", "right")), state.request, state.saved)

    def action_side(self, name: str) -> None:
        """Type a side."""
        self.query_one(f"#{name}", Input).focus()

    def action_swap(self) -> None:
        """Swap the sides."""
        left, right = self.query_one("#left", Input), self.query_one("#right", Input)
        left.value, right.value = right.value, left.value
        self.action_compare()

    def action_drift(self) -> None:
        """Compare the profile at the commit it was tuned at with the files as they are."""
        self.query_one("#left", Input).value = "rev=tuned"
        self.query_one("#right", Input).value = ask.NOW
        self.action_compare()

    def action_models(self) -> None:
        """Count the pack for several models."""
        request, recent = self.main.state.request, self.main.preferences.models
        self.query_one("#model-table", Static).update("counting…")
        self.main.ask(
            "models at once",
            lambda engine, live, cancelled: ask.count_for(engine, request, recent, MOST_MODELS),
            self._take_models,
        )

    # -- answers -----------------------------------------------------------------------------------------------------

    def _take(self, compared: ask.Compared) -> None:
        found = compared.found
        for name, side in (("left", found.left), ("right", found.right)):
            words = [
                f"{number(side.actual)} of {number(side.budget)} tokens",
                f"{number(side.chunks)} chunks",
                f"quality {percent(side.quality)}",
                side.model,
                *([f"profile {side.profile}"] if side.profile else []),
            ]
            self.query_one(f"#{name}-total", Static).update(content(" · ".join(words)))
        rows = self.query_one("#differences", RowList)
        rows.source = DifferenceRows(found.rows)
        changes = found.changes()
        rows.border_subtitle = " · ".join(
            f"{SIGNS[name]} {number(count)} {name}" for name, count in changes.items() if count
        )
        rows.focus()

    def _take_models(self, counts: Any) -> None:
        table = Table(box=None, padding=(0, 1), expand=False)
        for title, justify in (("model", "left"), ("tokens", "right"), ("of window", "right"), ("counted", "left")):
            table.add_column(title, justify=justify)  # type: ignore[arg-type]
        for one in counts:
            share = percent(one.tokens / one.context_window) if one.context_window else ""
            table.add_row(
                rich_text(one.model), rich_text(number(one.tokens)),
                rich_text(share if one.fits else f"{share} OVER"), rich_text(one.method.value),
            )  # fmt: skip
        self.query_one("#model-table", Static).update(table)
