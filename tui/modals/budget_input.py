"""Type a budget: tokens, thousands, millions, or a share of the window."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Label

from engine.budget import parse_budget
from engine.errors import PacksightError
from tui.text import content, number, percent

_LONGEST = 24
"""Characters of a budget; nothing longer is a number of tokens."""


class BudgetInput(ModalScreen[int | str | None]):
    """A line of input that says at once what it means; dismisses with tokens, or with the text of a percentage."""

    # Above the app's own style sheet, which has rules for all dialogs.
    CSS = """
    BudgetInput .dialog { width: 60; padding: 0 1; }
    BudgetInput Input { background: $surface; margin: 1 0; }
    BudgetInput #meaning { width: 100%; height: 3; color: $budget-ok; }
    BudgetInput #meaning.-wrong { color: $budget-over; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back", id="budget-input.back", tooltip="Keep the budget as it is"),
    ]

    def __init__(self, budget: int | str, context_window: int) -> None:
        """Make the dialog.

        Args:
            budget: The budget in force.
            context_window: Window of the model in tokens.
        """
        super().__init__()
        self._written = str(budget)
        self._window = context_window

    def compose(self) -> ComposeResult:
        """Lay out input and meaning."""
        with Vertical(classes="dialog pane"):
            yield Input(
                content(self._written).plain[:_LONGEST],
                placeholder="32k, 40%, 1M",
                max_length=_LONGEST,
                compact=True,
                id="budget",
            )
            yield Label(id="meaning")
            yield Label("enter takes it · esc goes back", classes="hint")

    def on_mount(self) -> None:
        """Begin with what is in force, selected so that typing replaces it."""
        dialog = self.query_one(".dialog")
        dialog.border_title = content("Budget")
        dialog.border_subtitle = content(f"window {number(self._window)}")
        line = self.query_one(Input)
        line.focus()
        line.action_select_all()
        self._tell(line.value)

    @on(Input.Changed, "#budget")
    def _typed(self, message: Input.Changed) -> None:
        self._tell(message.value)

    def _tell(self, written: str) -> None:
        tokens, words = meaning(written, self._window)
        label = self.query_one("#meaning", Label)
        label.set_class(tokens is None, "-wrong")
        label.update(content(words))

    @on(Input.Submitted, "#budget")
    def _submitted(self, message: Input.Submitted) -> None:
        tokens, _ = meaning(message.value, self._window)
        if tokens is not None:
            written = message.value.strip()
            self.dismiss(written if written.endswith("%") else tokens)

    def action_back(self) -> None:
        """Keep the budget in force."""
        self.dismiss(None)


def meaning(written: str, context_window: int) -> tuple[int | None, str]:
    """Tokens that were written, and the words for it; None and what is wrong when it is no budget."""
    if not written.strip() or len(written) > _LONGEST:
        return None, "write 32000, 32k, 1M or 40% of the window"
    try:
        tokens = parse_budget(written, context_window)
    except PacksightError as error:
        return None, f"{error.message}; {error.hint}" if error.hint else error.message
    return tokens, f"{number(tokens)} tokens · {percent(tokens / context_window)} of the window"
