"""Bare apps in the program's themes: what widgets are tested and looked at in, without screens and engine."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

from textual import on
from textual.app import App
from textual.message import Message
from textual.reactive import var

import tui
from engine.live import Chart
from engine.request import PackRequest
from tests.tui.samples import sample_pack
from themes import shipped
from tui import state as facts
from tui.layouts import WIDTHS
from tui.messages import RequestChanged
from tui.state import Phase, ViewState
from tui.theming import default_variables, to_textual


class DemoApp(App[object]):
    """Shows what a subclass composes; keeps the messages that tests name in ``kept``."""

    CSS_PATH = Path(tui.__file__).parent / "app.tcss"
    ENABLE_COMMAND_PALETTE: ClassVar[bool] = False
    HORIZONTAL_BREAKPOINTS = WIDTHS

    def __init__(self, theme: str = "ink") -> None:
        super().__init__()
        self.kept: list[Message] = []
        """Messages that handlers of a subclass put here, oldest first."""
        for file in shipped():
            self.register_theme(to_textual(file))
        self.theme = theme

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Colours of the product for themes that have none."""
        return default_variables(self.current_theme.dark)


class StateApp(DemoApp):
    """Has a state as the app has; answers every request with a sample pack at once."""

    state: var[ViewState] = var(lambda: ViewState(PackRequest(None, 0)), init=False)  # type: ignore[arg-type]

    def __init__(self, chart: Chart, theme: str = "ink", **changes: Any) -> None:
        super().__init__(theme)
        pack = sample_pack(chart, **changes)
        self.set_reactive(
            StateApp.state,
            ViewState(pack.request, chart=chart, pack=pack, saved=pack.request, phase=Phase.READY),
        )

    @on(RequestChanged)
    def _ask(self, message: RequestChanged) -> None:
        self.kept.append(message)
        self._follow(facts.asked(self.state, message.request))

    def action_undo(self) -> None:
        """Take back the last change."""
        self._follow(facts.undone(self.state))

    def action_redo(self) -> None:
        """Do again what was undone."""
        self._follow(facts.redone(self.state))

    def _follow(self, state: ViewState) -> None:
        assert state.chart is not None
        self.state = facts.repacked(state, sample_pack(state.chart, request=state.request), state.generation)
