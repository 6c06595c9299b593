"""The screens, imported when they are first shown, and the ids of all bindings there are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

from textual.binding import Binding
from textual.screen import Screen

from tui.layouts import layout_classes

_SCREENS = {
    "inspector": "tui.screens.inspector:InspectorScreen",
    "pack": "tui.screens.preview:PackScreen",
    "search": "tui.screens.search:SearchScreen",
    "profile": "tui.screens.profile:ProfileScreen",
    "compare": "tui.screens.compare:CompareScreen",
    "telemetry": "tui.screens.telemetry:TelemetryScreen",
    "calibration": "tui.screens.calibration:CalibrationScreen",
}
_OTHERS = (
    "tui.app:PacksightApp",
    "tui.modals.base_input:BaseInput",
    "tui.modals.budget_input:BudgetInput",
    "tui.modals.event_detail:EventDetail",
    "tui.modals.import_logs:ImportLogs",
    "tui.modals.jump:JumpOverlay",
    "tui.modals.leaving:Leaving",
    "tui.modals.learning:LearningScreen",
    "tui.modals.model_picker:ModelPicker",
    "tui.modals.name_input:NameInput",
    "tui.modals.pin_input:PinInput",
    "tui.modals.roll_back:RollBack",
    "tui.modals.save_text:SaveText",
    "tui.modals.task_input:TaskInput",
    "tui.modals.theme_picker:ThemePicker",
    "tui.modals.tuning:TuningScreen",
    "tui.widgets.filter_line:FilterLine",
    "tui.widgets.level_matrix:LevelMatrix",
    "tui.widgets.level_picker:LevelPicker",
    "tui.widgets.pack_tree:PackTree",
    "tui.widgets.preview_pane:PreviewPane",
    "tui.widgets.query_line:QueryLine",
    "tui.widgets.row_list:RowList",
    "tui.widgets.search_bar:SearchBar",
    "tui.widgets.share_slider:ShareSlider",
    "tui.widgets.slider:Slider",
    "tui.widgets.text_view:TextView",
    "tui.widgets.tick_box:TickBox",
    "tui.widgets.window_bar:WindowBar",
)


def _named(place: str) -> Any:
    module, _, name = place.partition(":")
    return getattr(import_module(module), name)


def _maker(place: str) -> Callable[[], Screen[Any]]:
    def make() -> Screen[Any]:
        screen: Screen[Any] = _named(place)()
        return screen.add_class(*layout_classes(screen.app.size), update=False)

    return make


MODES: dict[str, str | Callable[[], Screen[Any]]] = {name: _maker(place) for name, place in _SCREENS.items()}
"""Screens by mode; only the first is imported at the start."""


def all_bindings() -> Iterator[tuple[type, Binding]]:
    """Every binding of the app with the class that has it; imports all screens."""
    for place in (*_SCREENS.values(), *_OTHERS):
        owner = _named(place)
        for entry in owner.__dict__.get("BINDINGS", ()):
            if isinstance(entry, Binding):
                yield owner, entry


def binding_ids() -> set[str]:
    """Ids that a keymap may name."""
    return {binding.id for _, binding in all_bindings() if binding.id}
