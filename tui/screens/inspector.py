"""The inspector: the window to scale, the tree of the pack, the level matrix, the preview, the report line."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.widgets import Footer, Input

from engine.request import PackRequest
from tui import settings
from tui.messages import PlaceSelected, RequestChanged
from tui.state import Place, ViewState
from tui.widgets.level_matrix import LevelMatrix
from tui.widgets.pack_tree import PackTree
from tui.widgets.preview_pane import PreviewPane
from tui.widgets.report_line import ReportLine
from tui.widgets.window_bar import WindowBar

if TYPE_CHECKING:
    from tui.app import PacksightApp

PANES = ("matrix", "preview")
"""What can be beside the tree where there is room for one only."""


class InspectorScreen(Screen[None]):
    """What fills the window, and what happens when anything is changed."""

    HELP = """
    The window bar shows the whole context window of the model. The tree shows what the pack holds of each folder,
    file and chunk; the matrix what each class would cost at each level. Every change repacks at once.
    """
    CSS_PATH = "inspector.tcss"
    AUTO_FOCUS = "PackTree"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("minus", "budget(-1, False)", "Less", id="pack.less", tooltip="A little less budget", key_display="-"),
        Binding("equals_sign", "budget(1, False)", "More", id="pack.more", tooltip="A little more budget", key_display="="),
        Binding("underscore", "budget(-1, True)", "Much less", id="pack.much-less", tooltip="Much less budget", show=False),
        Binding("plus", "budget(1, True)", "Much more", id="pack.much-more", tooltip="Much more budget", show=False),
        Binding("b", "type_budget", "Budget", id="pack.budget", tooltip="Type a budget: 32k, 40%, 1M"),
        Binding("m", "model", "Model", id="pack.model", tooltip="Choose a model"),
        Binding("w", "tune", "Weights", id="pack.weights", tooltip="Weights, shares and deepest levels of classes"),
        Binding("Q", "query", "Query", id="pack.query", tooltip="Say what the pack is for", show=False),
        Binding("slash", "filter", "Filter", id="tree.filter", tooltip="Show what matches a text", key_display="/"),
        Binding("v", "pane", "Pane", id="view.pane", tooltip="Matrix or preview beside the tree", show=False),
        Binding("ctrl+c", "app.stop", "Stop", id="app.stop", tooltip="Stop reading the repository", show=False),
    ]  # fmt: skip

    def __init__(self) -> None:
        super().__init__()
        self._shown: ViewState | None = None
        self._place: Place | None = None

    @property
    def main(self) -> PacksightApp:
        """The app, with its own type."""
        return cast("PacksightApp", self.app)

    def compose(self) -> ComposeResult:
        """Lay out the panes."""
        yield WindowBar(id="window", classes="pane")
        with Horizontal(id="body"):
            with Vertical(id="left"):
                yield Input(placeholder="filter by path or symbol", id="filter", compact=True)
                yield Input(placeholder="what is the pack for?", id="query", compact=True)
                yield PackTree(id="tree", classes="pane")
            with Vertical(id="right"):
                yield LevelMatrix(id="matrix", classes="pane")
                yield PreviewPane(id="preview", classes="pane")
        yield ReportLine(id="report")
        yield Footer(compact=True)

    def on_mount(self) -> None:
        """Follow the state of the app."""
        self._show_pane(self.main.preferences.pane)
        self.watch(self.app, "state", self._show)

    # -- facts come down ---------------------------------------------------------------------------------------------

    def _show(self, state: ViewState) -> None:
        """Hand each widget what changed; widgets look at nothing else."""
        before, self._shown = self._shown, state
        window, tree, matrix = self.query_one(WindowBar), self.query_one(PackTree), self.query_one(LevelMatrix)
        with self.app.batch_update():
            if before is None or state.found is not before.found:
                window.found = tree.found = state.found
            if before is None or state.chart is not before.chart:
                window.chart = tree.chart = matrix.chart = state.chart
                tree.labels = self._labels
            if before is None or state.pack is not before.pack:
                window.pack = tree.pack = matrix.pack = state.pack
                self._read()
            self.query_one(ReportLine).state = state

    def _labels(self, chunks: object) -> list[tuple[str, str]]:
        return []

    def _read(self) -> None:
        """Ask for the text of the selected place as the pack shows it."""
        if self._place is not None and self.query_one(PreviewPane).display:
            self.query_one(PreviewPane).ask(self._place)

    # -- wishes go up ------------------------------------------------------------------------------------------------

    @on(PlaceSelected)
    def _selected(self, message: PlaceSelected) -> None:
        self._place = message.place
        self._read()

    def _change(self, request: PackRequest, *, continued: bool = False) -> None:
        self.post_message(RequestChanged(request, continued))
