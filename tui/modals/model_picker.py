"""Choose a model from the whole catalog by typing some letters of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Label

from engine.model import Model
from tui.text import content, fit
from tui.widgets.model_list import ModelList
from tui.widgets.model_rows import details, matching

_DETAIL_ROWS = 3


class ModelPicker(ModalScreen[str | None]):
    """A fuzzy list of models; dismisses with the id of the chosen one."""

    # Above the app's own style sheet, which has rules for all dialogs.
    CSS = """
    ModelPicker .dialog { width: 90%; max-width: 150; height: 85%; padding: 0 1; }
    ModelPicker Input { background: $surface; margin-bottom: 1; }
    ModelPicker #details { width: 100%; height: 3; color: $foreground; margin-top: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,ctrl+k", "move(-1)", "Up", id="model.up", tooltip="The model above", show=False),
        Binding("down,ctrl+j", "move(1)", "Down", id="model.down", tooltip="The model below", show=False),
        Binding("pageup", "page(-1)", "Page up", id="model.page-up", tooltip="A page up", show=False),
        Binding("pagedown", "page(1)", "Page down", id="model.page-down", tooltip="A page down", show=False),
        Binding("enter", "choose", "Choose", id="model.choose", tooltip="Count and pack for this model"),
        Binding("escape", "back", "Back", id="model.back", tooltip="Keep the model as it is"),
    ]

    def __init__(self, models: Sequence[Model], current: str, recent: Sequence[str] = ()) -> None:
        """Make the picker.

        Args:
            models: The catalog.
            current: Id of the model in force.
            recent: Ids of models used last, the newest first.
        """
        super().__init__()
        self._models = tuple(models)
        self._current = current
        self._recent = tuple(recent)

    def compose(self) -> ComposeResult:
        """Lay out the line of input, the list, and details of the model under the cursor."""
        with Vertical(classes="dialog pane"):
            yield Input(
                placeholder="type letters of a model, provider or encoding", max_length=80, compact=True, id="query"
            )
            yield ModelList(id="models")
            yield Label(id="details")
            yield Label("enter chooses · ● in use · ○ used before · esc goes back", classes="hint")

    def on_mount(self) -> None:
        """List everything, the cursor at the model in force."""
        listed = self.query_one(ModelList)
        listed.current, listed.recent = self._current, self._recent
        self._list("")
        ids = [model.id for model in listed.models]
        listed.cursor = ids.index(self._current) if self._current in ids else 0
        self.watch(listed, "cursor", self._tell)
        self.query_one(Input).focus()

    def on_resize(self) -> None:
        """Details may have more room."""
        self.call_after_refresh(self._tell)

    @on(Input.Changed, "#query")
    def _typed(self, message: Input.Changed) -> None:
        self._list(message.value)
        self._tell()

    def _list(self, query: str) -> None:
        listed = self.query_one(ModelList)
        listed.models = tuple(matching(self._models, query, self._recent))
        self.query_one(".dialog").border_title = content("Model")
        self.query_one(".dialog").border_subtitle = content(f"{len(listed.models)} of {len(self._models)}")

    def _tell(self) -> None:
        listed, label = self.query_one(ModelList), self.query_one("#details", Label)
        model = listed.chosen
        width = label.size.width
        lines = [] if model is None or width < 1 else details(model)[:_DETAIL_ROWS]
        label.update(_lines([fit(line, width) for line in lines]))

    @on(Input.Submitted, "#query")
    def _submitted(self) -> None:
        self.action_choose()

    @on(ModelList.Clicked)
    def _clicked(self, message: ModelList.Clicked) -> None:
        self.dismiss(message.model.id)

    def action_move(self, rows: int) -> None:
        """Move the cursor."""
        self.query_one(ModelList).move(rows)

    def action_page(self, direction: int) -> None:
        """Move the cursor by what is in sight."""
        listed = self.query_one(ModelList)
        listed.move(direction * listed.page)

    def action_choose(self) -> None:
        """Take the model under the cursor."""
        model = self.query_one(ModelList).chosen
        if model is not None:
            self.dismiss(model.id)

    def action_back(self) -> None:
        """Keep the model in force."""
        self.dismiss(None)


def _lines(lines: list[str]) -> Content:
    return Content("\n").join(content(line) for line in lines)
