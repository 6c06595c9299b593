"""Say what the answer is for; what the estimator wants for it is told at once, and can be kept free."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.suggester import SuggestFromList
from textual.widgets import Input, Label

from tui import answer as ask
from tui.answer import Answer, NoAnswer, Task
from tui.state import ViewState
from tui.text import content, number
from tui.widgets.answer_panel import AnswerPanel
from tui.widgets.tick_box import TickBox

if TYPE_CHECKING:
    from tui.app import PacksightApp

LEVELS = ("low", "medium", "high")
_LONGEST = 200


class TaskInput(ModalScreen[tuple[Answer, bool] | None]):
    """Three lines of input; dismisses with the estimate and whether to keep it free."""

    # Above the app's own style sheet, which has rules for all dialogs.
    CSS = """
    TaskInput .dialog { width: 84; padding: 0 1; }
    TaskInput .line { height: 1; width: 100%; }
    TaskInput .line Label { width: 16; color: $muted; }
    TaskInput .line Input { width: 1fr; background: $surface; }
    TaskInput AnswerPanel { width: 100%; height: 5; margin: 1 0; background: $surface; }
    TaskInput TickBox { background: $surface; width: 100%; margin-bottom: 1; }
    TaskInput .hint { width: 100%; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "take", "Take", id="task.take", tooltip="Show it in the window"),
        Binding("escape", "back", "Back", id="task.back", tooltip="Keep the task as it is"),
    ]

    def __init__(self, state: ViewState, kinds: Sequence[str]) -> None:
        """Make the dialog.

        Args:
            state: What the app knows: the task so far, model and window.
            kinds: Kinds of work that the estimator has figures of.
        """
        super().__init__()
        self._state = state
        self._kinds = tuple(kinds)
        self._found: Answer | NoAnswer | None = None
        self._asked = Task()
        self._taking = False
        """Whether to take the estimate as soon as it is there."""

    @property
    def main(self) -> PacksightApp:
        """The app, with its own type."""
        return cast("PacksightApp", self.app)

    def compose(self) -> ComposeResult:
        """Lay out the lines, the estimate and the box."""
        task, answer = self._state.task, self._state.answer
        lines = (
            ("category", "kind of work", task.category, answer.category if answer else "other", self._kinds),
            ("complexity", "complexity", task.complexity, answer.complexity if answer else "medium", LEVELS),
            ("files", "files it holds", ask.files_text(task), "docs/usage.md, src/shop.py", ()),
        )
        with Vertical(classes="dialog pane"):
            for name, title, value, placeholder, known in lines:
                with Horizontal(classes="line"):
                    yield Label(title)
                    yield Input(
                        content(value).plain, id=name, compact=True, max_length=_LONGEST, select_on_focus=True,
                        placeholder=content(placeholder).plain,
                        suggester=SuggestFromList(known, case_sensitive=False) if known else None,
                    )  # fmt: skip
            yield AnswerPanel()
            yield TickBox(id="keep")
            yield Label(content("kinds: " + ", ".join(self._kinds)), classes="hint")
            yield Label("enter takes it · tab goes on · space ticks the box · esc goes back", classes="hint")

    def on_mount(self) -> None:
        """Begin with the task in force."""
        dialog = self.query_one(".dialog")
        dialog.border_title = "Room for the answer"
        dialog.border_subtitle = content(f"window {number(self._state.context_window)}")
        answer = self._state.answer
        keeps = answer is not None and self._state.request.reserve_tokens == answer.ceiling_tokens
        self.query_one(TickBox).is_ticked = keeps
        self.query_one("#category", Input).focus()
        self._tell()

    @on(Input.Changed)
    def _tell(self) -> None:
        """Ask the estimator about what is typed."""
        task = ask.task_of(*(self.query_one(f"#{name}", Input).value for name in ("category", "complexity", "files")))
        if task == self._asked and self._found is not None:
            return
        self._asked, self._found = task, None
        config, chart = self.main.setup.config, self._state.chart
        if chart is None:
            return
        model, workspace = chart.model.id, Path(self._state.request.scan.path)
        self.main.ask_aside(
            "task", lambda engine, live, cancelled: ask.estimate(engine, config, model, task, workspace), self._take
        )

    def _take(self, found: Answer | NoAnswer) -> None:
        if not self.is_attached:
            return
        self._found = found
        self.query_one(AnswerPanel).answer = found
        tokens = f"{number(found.ceiling_tokens)} tokens" if isinstance(found, Answer) else "it"
        self.query_one(TickBox).words = f"keep {tokens} free of the pack: its reserve"
        if self._taking:
            self.action_take()

    @on(Input.Submitted)
    def action_take(self) -> None:
        """Take the estimate, as soon as it is there."""
        self._taking = self._found is None
        if isinstance(self._found, Answer):
            self.dismiss((self._found, self.query_one(TickBox).is_ticked))

    def action_back(self) -> None:
        """Keep the task in force."""
        self.dismiss(None)
