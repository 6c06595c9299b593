"""What a person wants in the inspector, made another request: budget, model, levels, pins, excludes, query, filter."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from textual import on
from textual.widgets import Input

from tui import settings
from tui.answer import Answer
from tui.screens.wanting import Wanting
from tui.state import Place
from tui.text import content
from tui.tree.typed import read_filter, write_filter
from tui.widgets.level_matrix import LevelMatrix
from tui.widgets.pack_tree import PackTree
from tui.widgets.window_bar import WindowBar


class Wishes(Wanting):
    """The part of the inspector that turns keys, drags and dialogs into requests."""

    _dragging = False
    """Whether a drag on the bar is going on."""
    _typing_began = False
    """Whether the query being typed has changed the request already."""

    @property
    def _budget_tokens(self) -> int:
        return self.query_one(WindowBar).budget_tokens or super()._budget_tokens

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
        going, self._dragging = self._dragging, not final
        return going

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

    def action_task(self) -> None:
        """Say what the answer is for, and see how much of the window it takes."""
        from tui.modals.task_input import TaskInput

        def take(chosen: tuple[Answer, bool] | None) -> None:
            if chosen is not None:
                self.main.choose_task(chosen[0], keeps=chosen[1])

        def show(kinds: tuple[str, ...]) -> None:
            if self.main.screen is self:
                self.app.push_screen(TaskInput(self.main.state, kinds), take)

        if self.main.state.pack is not None:
            self.main.ask_aside("kinds", lambda engine, live, cancelled: engine.categories(), show)

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
        self._type("filter", write_filter(self.query_one(PackTree).wanted))

    def action_query(self) -> None:
        """Type what the pack is for."""
        self._type("query", self.main.state.request.query)
        self._typing_began = False

    def _type(self, name: str, value: str) -> None:
        line = self.query_one(f"#{name}", Input)
        with self.prevent(Input.Changed):
            line.value = content(value).plain
        line.add_class("-open")
        line.focus()

    @on(Input.Changed, "#filter")
    def _filter_typed(self, message: Input.Changed) -> None:
        self.query_one(PackTree).wanted = read_filter(message.value)

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
