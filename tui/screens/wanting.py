"""What a person may want of the pack on more than one screen: another budget, a base revision."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from textual.screen import Screen

from engine.budget import parse_budget
from engine.errors import PacksightError
from engine.request import PackRequest
from tui import settings
from tui.messages import RequestChanged

if TYPE_CHECKING:
    from tui.app import PacksightApp


class Wanting(Screen[None]):
    """A screen that turns keys and dialogs into requests."""

    @property
    def main(self) -> PacksightApp:
        """The app, with its own type."""
        return cast("PacksightApp", self.app)

    def _change(self, request: PackRequest, *, continued: bool = False) -> None:
        self.post_message(RequestChanged(request, continued))

    @property
    def _window_tokens(self) -> int:
        return self.main.state.context_window

    @property
    def _budget_tokens(self) -> int:
        """The budget in force as a number; 0 while it is none."""
        try:
            return parse_budget(self.main.state.request.budget, self._window_tokens)
        except PacksightError:
            pack = self.main.state.pack
            return 0 if pack is None else pack.budget_tokens

    def action_step(self, direction: int, coarse: bool) -> None:
        """Move the budget by a step."""
        state = self.main.state
        if self._window_tokens and state.pack is not None:
            tokens = self._budget_tokens or state.pack.budget_tokens
            self._change(settings.step_budget(state.request, tokens, self._window_tokens, direction, coarse=coarse))

    def action_budget(self) -> None:
        """Type a budget."""
        from tui.modals.budget_input import BudgetInput

        def take(budget: int | str | None) -> None:
            if budget is not None:
                self._change(replace(self.main.state.request, budget=budget))

        if self._window_tokens:
            self.app.push_screen(BudgetInput(self.main.state.request.budget, self._window_tokens), take)

    def action_diff(self) -> None:
        """Say since which revision changes count."""
        from tui.modals.base_input import BaseInput

        def take(revision: str | None) -> None:
            if revision is not None:
                self._change(replace(self.main.state.request, diff=revision))

        if self.main.state.chart is not None:
            told = self.main.state.pack.change_told if self.main.state.pack is not None else ""
            self.app.push_screen(BaseInput(self.main.state.request.diff, told), take)
