"""The inspector: the window to scale, the tree of the pack, the level matrix, the preview, the report line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Input

from tui.messages import PlaceSelected
from tui.screens.inspector_keys import INSPECTOR_KEYS
from tui.screens.inspector_wishes import Wishes
from tui.screens.previewing import Previewing
from tui.state import Place, ViewState
from tui.widgets.key_line import KeyLine
from tui.widgets.level_matrix import LevelMatrix
from tui.widgets.pack_tree import PackTree
from tui.widgets.preview_pane import PreviewPane
from tui.widgets.progress_line import ProgressLine
from tui.widgets.report_line import ReportLine
from tui.widgets.window_bar import WindowBar

PREVIEW_AFTER_S = 0.06
"""Time that the cursor rests before the preview follows it; a held key repeats faster."""
PANES = ("auto", "matrix", "preview", "none")
"""What is beside the tree where there is no room for everything; ``v`` goes through all but the first."""


class InspectorScreen(Wishes, Previewing):
    """What fills the window, and what happens when anything is changed."""

    HELP = """
    The bar at the top is the model's whole context window. The tree shows what the pack holds of each folder, file
    and chunk; the matrix what each class would cost at each level. Every change repacks at once; `u` takes it back.
    """
    CSS_PATH = "inspector.tcss"
    AUTO_FOCUS = "PackTree"
    BINDINGS: ClassVar[list[BindingType]] = INSPECTOR_KEYS

    def __init__(self) -> None:
        pane = self.main.preferences.pane
        super().__init__(classes=f"-pane-{pane}" if pane in PANES else None)
        self._shown: ViewState | None = None
        self._questions = 0
        self._unfollow: Callable[[], None] | None = None

    def compose(self) -> ComposeResult:
        """Lay out the panes."""
        yield WindowBar(id="window")
        with Horizontal(id="body"):
            with Vertical(id="left"):
                yield Input(
                    placeholder="path or symbol, class:tests, level:omitted · enter keeps, esc shows all",
                    id="filter",
                    compact=True,
                )
                yield Input(placeholder="what is the pack for?", id="query", compact=True)
                yield PackTree(id="tree", classes="pane")
            with Vertical(id="right"):
                yield LevelMatrix(id="matrix")
                yield PreviewPane(id="preview")
        yield ProgressLine(id="progress")
        yield ReportLine(id="report")
        yield KeyLine()

    def on_mount(self) -> None:
        """Follow the state of the app."""
        self.query_one(PackTree).labels = self._labels
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
            window.answer = state.answer
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
        if self._unfollow is not None:
            self._unfollow()
        self._unfollow = self.set_timer(PREVIEW_AFTER_S, partial(self._preview, message.place)).stop

    def _preview(self, place: Place) -> None:
        self._unfollow = None
        self.query_one(PreviewPane).place = place

    # -- layout ------------------------------------------------------------------------------------------------------

    def action_pane(self) -> None:
        """Show another pane beside the tree."""
        last = self.main.preferences.pane
        pane = PANES[PANES.index(last) % (len(PANES) - 1) + 1] if last in PANES else PANES[0]
        self.main.preferences = replace(self.main.preferences, pane=pane)
        self.update_classes({f"-pane-{name}": name == pane for name in PANES})
