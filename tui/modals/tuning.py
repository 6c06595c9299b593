"""Weights, shares and deepest levels of classes, repacking behind while they are moved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Label

from engine.model import CLASSES, ChunkClass
from engine.request import PackRequest
from tui import settings
from tui.messages import RequestChanged
from tui.state import ViewState
from tui.widgets.class_label import ClassLabel
from tui.widgets.level_picker import LevelPicker
from tui.widgets.report_line import ReportLine
from tui.widgets.share_slider import ShareSlider
from tui.widgets.slider import Slider
from tui.widgets.slider_scale import Scale

if TYPE_CHECKING:
    from tui.app import PacksightApp

WEIGHTS = Scale(0.05, 20, steps=44, logarithmic=True)
"""Weights that the slider reaches; 0 is its left end."""
_PLAIN = 1.0
"""Weight that is shown until the engine told the defaults."""


class ClassRow(Horizontal):
    """Everything that can be said about one class."""

    def __init__(self, chunk_class: ChunkClass) -> None:
        super().__init__(id=f"class-{chunk_class.value}", classes="row")
        self.chunk_class = chunk_class

    def compose(self) -> ComposeResult:
        """Lay out the controls."""
        label = ClassLabel(self.chunk_class)
        label.add_class("name")
        yield label
        yield Slider(WEIGHTS, _PLAIN, classes="weight")
        yield ShareSlider(classes="share")
        yield LevelPicker(classes="level")

    def show(self, state: ViewState, default_weight: float | None) -> None:
        """Take over what is in force."""
        tuning, pack = state.request.tuning, state.pack
        weight = self.query_one(Slider)
        weight.default = default_weight
        fallback = _PLAIN if default_weight is None else default_weight
        weight.value = tuning.weights.get(self.chunk_class, fallback)
        self.query_one(ShareSlider).share = tuning.shares.get(self.chunk_class, (0.0, 1.0))
        self.query_one(LevelPicker).level = tuning.max_level.get(self.chunk_class, settings.DEEPEST)
        label = self.query_one(ClassLabel)
        if pack is not None:
            label.tokens = int(pack.class_tokens[CLASSES.index(self.chunk_class)])
            label.budget_tokens = pack.budget_tokens


class TuningScreen(ModalScreen[bool]):
    """A row per class of the repository; dismisses with True when the changes stay.

    It follows the state of the app; what is moved goes up as ``RequestChanged`` at once.
    """

    # Above the app's own style sheet, which has rules for all dialogs.
    CSS = """
    TuningScreen { align: center bottom; background: $background 40%; }
    TuningScreen .dialog { width: 100%; max-width: 120; max-height: 90%; padding: 0 1; }
    TuningScreen VerticalScroll { height: auto; max-height: 12; }
    TuningScreen .row { height: 1; }
    TuningScreen .row:focus-within { background: $panel; }
    TuningScreen .head { height: 1; color: $muted; }
    TuningScreen .name { width: 10; }
    TuningScreen .weight { width: 3fr; margin-right: 2; }
    TuningScreen .share { width: 3fr; margin-right: 2; }
    TuningScreen .level { width: 7; }
    TuningScreen.-medium .level { width: 12; }
    TuningScreen ReportLine { height: 1; padding: 0; margin-top: 1; }
    TuningScreen.-wide .name, TuningScreen.-vast .name { width: 26; }
    TuningScreen.-wide .level, TuningScreen.-vast .level { width: 24; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "row(-1)", "Up", id="tune.up", tooltip="The class above", show=False),
        Binding("down,j", "row(1)", "Down", id="tune.down", tooltip="The class below", show=False),
        Binding("r", "reset", "Reset", id="tune.reset", tooltip="Defaults for this class"),
        Binding("R", "reset_all", "Reset all", id="tune.reset-all", tooltip="Defaults for all classes"),
        Binding("ctrl+z,u", "app.undo", "Undo", id="tune.undo", tooltip="Take back the last change"),
        Binding("ctrl+r,ctrl+y", "app.redo", "Redo", id="tune.redo", tooltip="Do again what was undone", show=False),
        Binding("enter", "keep", "Keep", id="tune.keep", tooltip="Close and keep the changes"),
        Binding("escape", "cancel", "Cancel", id="tune.cancel", tooltip="Close with everything as it was"),
    ]

    def __init__(self, default_weights: Mapping[ChunkClass, float] | None = None) -> None:
        """Make the screen.

        Args:
            default_weights: Weights of classes that nothing is said about; asked of the engine when None.
        """
        super().__init__()
        self._weights = default_weights
        self._before: PackRequest | None = None
        self._request: PackRequest | None = None
        self._dragging = False

    @property
    def main(self) -> PacksightApp:
        """The app, with its own type."""
        return cast("PacksightApp", self.app)

    def compose(self) -> ComposeResult:
        """Lay out a row for each class that there is."""
        with Vertical(classes="dialog pane"):
            with Horizontal(classes="head"):
                yield Label("class", classes="name")
                yield Label("weight", classes="weight")
                yield Label("least..most", classes="share")
                yield Label("deepest", classes="level")
            with VerticalScroll(can_focus=False):
                for chunk_class in self._present():
                    yield ClassRow(chunk_class)
            yield ReportLine()
            yield Label("r reset · R all · ctrl+z undo · enter keeps · esc restores", classes="hint")

    def _present(self) -> list[ChunkClass]:
        chart = self.main.state.chart
        if chart is None:
            return list(CLASSES)
        known = set(chart.columns.chunk_class.tolist())
        return [chunk_class for at, chunk_class in enumerate(CLASSES) if at in known]

    def on_mount(self) -> None:
        """Follow the app, and learn the default weights."""
        self.query_one(".dialog").border_title = "Classes"
        self._before = self._request = self.main.state.request
        if self._weights is None and hasattr(self.app, "ask"):
            self.main.ask("default weights", lambda engine, live, cancelled: engine.default_weights(), self._learn)
        self.watch(self.app, "state", self._show)
        self.call_after_refresh(self._focus_first)

    def _focus_first(self) -> None:
        for slider in self.query(Slider).results(Slider):
            slider.focus()
            break

    def _learn(self, weights: Any) -> None:
        self._weights = weights
        self._show(self.main.state)

    def _show(self, state: ViewState) -> None:
        self._request = state.request
        for row in self.query(ClassRow).results(ClassRow):
            row.show(state, (self._weights or {}).get(row.chunk_class))
        self.query_one(ReportLine).state = state

    # -- wishes ------------------------------------------------------------------------------------------------------

    def _change(self, request: PackRequest, *, final: bool = True) -> None:
        continued, self._dragging = self._dragging, not final
        if request != self._request:
            self._request = request
            self.post_message(RequestChanged(request, continued))

    @on(Slider.Moved)
    def _weight_moved(self, message: Slider.Moved) -> None:
        row = _row_of(message.slider)
        if row is not None and self._request is not None:
            default = (self._weights or {}).get(row.chunk_class)
            weight = None if message.value == default else message.value
            self._change(settings.with_weight(self._request, row.chunk_class, weight), final=message.final)

    @on(ShareSlider.Moved)
    def _share_moved(self, message: ShareSlider.Moved) -> None:
        row = _row_of(message.slider)
        if row is not None and self._request is not None:
            self._change(settings.with_share(self._request, row.chunk_class, message.share), final=message.final)

    @on(LevelPicker.Moved)
    def _level_moved(self, message: LevelPicker.Moved) -> None:
        row = _row_of(message.picker)
        if row is not None and self._request is not None:
            self._change(settings.with_max_level(self._request, row.chunk_class, message.level))

    def action_row(self, direction: int) -> None:
        """Go to the same control of another class."""
        here = _row_of(self.focused)
        if here is None or self.focused is None:
            self._focus_first()
            return
        rows = list(self.query(ClassRow).results(ClassRow))
        there = rows[(rows.index(here) + direction) % len(rows)]
        there.query_one(type(self.focused)).focus()

    def action_reset(self) -> None:
        """Take back what was said about the class in hand."""
        row = _row_of(self.focused)
        if row is not None and self._request is not None:
            self._change(settings.without_class(self._request, row.chunk_class))

    def action_reset_all(self) -> None:
        """Take back what was said about all classes."""
        if self._request is not None:
            self._change(settings.without_classes(self._request))

    def action_keep(self) -> None:
        """Close; the changes are made already."""
        self.dismiss(True)

    def action_cancel(self) -> None:
        """Close with everything as it was."""
        if self._before is not None and self.main.state.request != self._before:
            self.post_message(RequestChanged(self._before))
        self.dismiss(False)


def _row_of(widget: Widget | None) -> ClassRow | None:
    while widget is not None and not isinstance(widget, ClassRow):
        widget = widget.parent if isinstance(widget.parent, Widget) else None
    return widget
