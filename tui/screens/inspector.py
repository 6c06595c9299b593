"""The inspector: the window to scale, the tree of the pack, the level matrix, the preview, the report line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Footer, Input

from engine.request import PackRequest
from tui import settings
from tui.messages import PlaceSelected, RequestChanged
from tui.screens.inspector_keys import INSPECTOR_KEYS
from tui.state import Place, ViewState
from tui.widgets.level_matrix import LevelMatrix
from tui.widgets.pack_tree import PackTree
from tui.widgets.preview_pane import PreviewPane
from tui.widgets.progress_line import ProgressLine
from tui.widgets.report_line import ReportLine
from tui.widgets.window_bar import WindowBar

if TYPE_CHECKING:
    from tui.app import PacksightApp

PREVIEW_AFTER_S = 0.06
"""Time that the cursor rests before the preview follows it; a held key repeats faster."""
PANES = ("auto", "matrix", "preview", "none")
"""What is beside the tree where there is no room for everything; ``v`` goes through all but the first."""


class InspectorScreen(Screen[None]):
    """What fills the window, and what happens when anything is changed."""

    HELP = """
    The bar at the top is the model's whole context window. The tree shows what the pack holds of each folder, file
    and chunk; the matrix what each class would cost at each level. Every change repacks at once; `u` takes it back.
    """
    CSS_PATH = "inspector.tcss"
    AUTO_FOCUS = "PackTree"
    BINDINGS: ClassVar[list[BindingType]] = INSPECTOR_KEYS

    def __init__(self) -> None:
        super().__init__()
        self._shown: ViewState | None = None
        self._questions = 0
        self._following: Timer | None = None

    @property
    def main(self) -> PacksightApp:
        """The app, with its own type."""
        return cast("PacksightApp", self.app)

    def compose(self) -> ComposeResult:
        """Lay out the panes."""
        yield WindowBar(id="window")
        with Horizontal(id="body"):
            with Vertical(id="left"):
                yield Input(placeholder="path or symbol; enter keeps, escape shows all", id="filter", compact=True)
                yield Input(placeholder="what is the pack for?", id="query", compact=True)
                yield PackTree(id="tree", classes="pane")
            with Vertical(id="right"):
                yield LevelMatrix(id="matrix")
                yield PreviewPane(id="preview")
        yield ProgressLine(id="progress")
        yield ReportLine(id="report")
        yield Footer(compact=True, show_command_palette=False)

    def on_mount(self) -> None:
        """Follow the state of the app."""
        self.query_one(PackTree).labels = self._labels
        self._show_pane(self.main.preferences.pane)
        self.watch(self.app, "state", self._show)

    # -- facts come down ---------------------------------------------------------------------------------------------

    def _show(self, state: ViewState) -> None:
        """Hand each widget what changed."""
        before, self._shown = self._shown, state
        window, tree = self.query_one(WindowBar), self.query_one(PackTree)
        matrix, preview = self.query_one(LevelMatrix), self.query_one(PreviewPane)
        first = state.chart is None
        with self.app.batch_update():
            if before is None or state.found is not before.found or first != (before.chart is None):
                window.found = matrix.found = tree.found = state.found if first else None
            if before is None or state.request is not before.request:
                window.request = state.request
            window.window = state.context_window
            if before is None or state.chart is not before.chart:
                preview.place = None
                matrix.chart = preview.chart = tree.chart = state.chart
            if before is None or state.pack is not before.pack:
                window.pack = matrix.pack = preview.pack = tree.pack = state.pack
            self.query_one(ReportLine).state = self.query_one(ProgressLine).state = state
            if before is None or state.chart is not before.chart:
                preview.place = tree.place
                self.refresh_bindings()

    def _labels(self, chunks: Sequence[int]) -> Sequence[tuple[str, str]]:
        """Fetch names; they come later, because only the engine's thread may read them."""
        rows, chart = list(chunks), self.main.state.chart
        self._questions += 1

        def take(labels: list[tuple[str, str]]) -> None:
            if self.main.state.chart is chart:
                self.query_one(PackTree).add_labels(rows, labels)

        self.main.ask(f"labels {self._questions}", lambda engine, live, cancelled: live and live.labels(rows), take)
        return ()

    @on(PlaceSelected)
    def _selected(self, message: PlaceSelected) -> None:
        """Let the preview follow once the cursor rests: under a held key it would cost more than the tree."""
        if self._following is not None:
            self._following.stop()
        self._following = self.set_timer(PREVIEW_AFTER_S, partial(self._preview, message.place))

    def _preview(self, place: Place) -> None:
        self._following = None
        self.query_one(PreviewPane).place = place

    @on(PreviewPane.ExcerptWanted)
    def _read(self, message: PreviewPane.ExcerptWanted) -> None:
        if self.query_one(PreviewPane).display:
            self.main.read(message.key, message.place, message.level, self.query_one(PreviewPane).take)

    @on(PreviewPane.WhyWanted)
    def _explain(self, message: PreviewPane.WhyWanted) -> None:
        pack, pane = self.main.state.pack, self.query_one(PreviewPane)
        if pack is not None and pane.display:
            self.main.ask(
                "why",
                lambda engine, live, cancelled: live and live.why(pack, message.chunk),
                lambda why: setattr(pane, "why", why),
            )

    @on(PreviewPane.TokensWanted)
    def _cut(self, message: PreviewPane.TokensWanted) -> None:
        pane = self.query_one(PreviewPane)
        self.main.ask(
            "tokens",
            lambda engine, live, cancelled: live and tuple(live.token_ends(message.text)),
            lambda ends: setattr(pane, "token_ends", ends),
        )

    # -- wishes go up ------------------------------------------------------------------------------------------------

    def _change(self, request: PackRequest, *, continued: bool = False) -> None:
        self.post_message(RequestChanged(request, continued))

    @property
    def _window_tokens(self) -> int:
        return self.main.state.context_window

    @on(WindowBar.BudgetChosen)
    def _budget_chosen(self, message: WindowBar.BudgetChosen) -> None:
        request = settings.with_budget(self.main.state.request, message.tokens, self._window_tokens)
        self._change(request, continued=self._in_gesture(message.final))

    @on(WindowBar.ReserveChosen)
    def _reserve_chosen(self, message: WindowBar.ReserveChosen) -> None:
        request = settings.with_reserve(self.main.state.request, message.tokens, self._window_tokens)
        self._change(request, continued=self._in_gesture(message.final))

    def _in_gesture(self, final: bool) -> bool:
        """Whether this belongs to a drag that began before; the first move of a drag begins one."""
        going, self._dragging = getattr(self, "_dragging", False), not final
        return bool(going)

    @on(LevelMatrix.LevelChosen)
    def _level_chosen(self, message: LevelMatrix.LevelChosen) -> None:
        request = self.main.state.request
        chart = self.main.state.chart
        if message.chunk_class is not None:
            self._change(settings.with_max_level(request, message.chunk_class, message.level))
        elif chart is not None:
            self._change(settings.with_max_level_of_all(request, message.level))

    @on(PackTree.PinWanted)
    def _pin_wanted(self, message: PackTree.PinWanted) -> None:
        glob = self._glob(message.place)
        if glob:
            self._change(settings.with_pin(self.main.state.request, glob, message.level))

    @on(PackTree.ExcludeWanted)
    def _exclude_wanted(self, message: PackTree.ExcludeWanted) -> None:
        glob = self._glob(message.place)
        if glob:
            self._change(settings.with_exclude(self.main.state.request, glob, message.excluded))

    def _glob(self, place: Place) -> str:
        """Glob of a place: pins and excludes are about paths, so a chunk stands for its file."""
        chart = self.main.state.chart
        if place.file < 0:
            return settings.glob_of(place.folder, folder=True) if place.folder else "*"
        return settings.glob_of(chart.columns.files[place.file].path) if chart is not None else ""

    def action_step(self, direction: int, coarse: bool) -> None:
        """Move the budget by a step."""
        state = self.main.state
        if self._window_tokens and state.pack is not None:
            budget = self.query_one(WindowBar).budget_tokens or state.pack.budget_tokens
            self._change(settings.step_budget(state.request, budget, self._window_tokens, direction, coarse=coarse))

    def action_budget(self) -> None:
        """Type a budget."""
        from tui.modals.budget_input import BudgetInput

        def take(budget: int | str | None) -> None:
            if budget is not None:
                self._change(replace(self.main.state.request, budget=budget))

        if self._window_tokens:
            self.app.push_screen(BudgetInput(self.main.state.request.budget, self._window_tokens), take)

    def action_model(self) -> None:
        """Choose a model."""
        from tui.modals.model_picker import ModelPicker

        def take(model: str | None) -> None:
            request = self.main.state.request
            if model is not None:
                self._change(replace(request, scan=replace(request.scan, model=model)))

        def show(models: Any) -> None:
            current = self.main.state.chart.model.id if self.main.state.chart else self.main.state.request.scan.model
            self.app.push_screen(ModelPicker(models, current, self.main.preferences.models), take)

        self.main.ask("models", lambda engine, live, cancelled: engine.models(), show)

    def action_tune(self) -> None:
        """Change weights, shares and deepest levels."""
        from tui.modals.tuning import TuningScreen

        if self.main.state.pack is not None:
            self.app.push_screen(TuningScreen())

    def action_pin_glob(self) -> None:
        """Pin whatever matches a glob."""
        from tui.modals.pin_input import PinInput

        def take(pin: tuple[str, int] | None) -> None:
            if pin is not None:
                self._change(settings.with_pin(self.main.state.request, *pin))

        self.app.push_screen(PinInput(), take)

    # -- typing ------------------------------------------------------------------------------------------------------

    def action_filter(self) -> None:
        """Type what the tree is narrowed to."""
        self._type("filter", self.query_one(PackTree).wanted.text)

    def action_query(self) -> None:
        """Type what the pack is for."""
        self._type("query", self.main.state.request.query)
        self._typing_began = False

    def _type(self, name: str, value: str) -> None:
        line = self.query_one(f"#{name}", Input)
        with self.prevent(Input.Changed):
            line.value = value
        line.add_class("-open")
        line.focus()

    @on(Input.Changed, "#filter")
    def _filter_typed(self, message: Input.Changed) -> None:
        self.query_one(PackTree).set_filter(message.value)

    @on(Input.Changed, "#query")
    def _query_typed(self, message: Input.Changed) -> None:
        request = settings.with_query(self.main.state.request, message.value)
        if request != self.main.state.request:
            self._change(request, continued=self._typing_began)
            self._typing_began = True

    @on(Input.Submitted)
    def _typed(self, message: Input.Submitted) -> None:
        if not message.value.strip():
            message.input.remove_class("-open")
        self.query_one(PackTree).focus()

    def key_escape(self) -> None:
        """Leave a line of input; what it did is taken back."""
        line = self.focused
        if isinstance(line, Input) and line.id in ("filter", "query"):
            line.value = ""
            line.remove_class("-open")
            self.query_one(PackTree).focus()

    # -- layout ------------------------------------------------------------------------------------------------------

    def action_pane(self) -> None:
        """Show another pane beside the tree."""
        last = self.main.preferences.pane
        pane = PANES[PANES.index(last) % (len(PANES) - 1) + 1] if last in PANES else PANES[0]
        self.main.preferences = replace(self.main.preferences, pane=pane)
        self._show_pane(pane)

    def _show_pane(self, pane: str) -> None:
        for name in PANES:
            self.set_class(name == pane, f"-pane-{name}")
