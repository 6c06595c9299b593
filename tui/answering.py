"""The part of the app that knows what the answer needs: asked when the task, the model or the estimator changes."""

from __future__ import annotations

from dataclasses import replace

from tui import answer as ask
from tui import settings
from tui.answer import Answer, NoAnswer, Task
from tui.asking import Asking
from tui.messages import RequestChanged
from tui.preferences import Preferences, with_task
from tui.state import Phase, ViewState


class Answering(Asking):
    """An app that shows how much of the window the answer to a task takes."""

    preferences: Preferences
    """What is remembered, the tasks of repositories among it."""

    def __init__(self) -> None:
        super().__init__()
        self._estimated: object = None
        """(model, task) that the estimator was asked about last."""

    def watch_state(self, state: ViewState) -> None:
        """Ask the estimator once there is a pack to see, and whenever the model or the task is another one."""
        chart = state.chart
        if chart is None or state.phase is not Phase.READY or chart.scan.model != state.request.scan.model:
            return
        is_first = self._estimated is None
        if is_first and state.settled is None and not (state.pack and state.pack.problem):
            return
        if is_first and state.task == Task():
            kept = self.preferences.task_of(chart.root)
            if kept != state.task:
                self.state = replace(state, task=kept)
                return
        wanted = (chart.model.id, state.task)
        if wanted != self._estimated:
            self._estimated = wanted
            self._estimate(*wanted)

    def estimator_changed(self) -> None:
        """Ask anew: a version was put in force, or taken back."""
        if self._estimated is not None and self.state.chart is not None:
            self._estimate(self.state.chart.model.id, self.state.task)

    def _estimate(self, model: str, task: Task) -> None:
        config, workspace = self.setup.config, self.state.request.scan.path
        self.ask_aside(
            "answer", lambda engine, live, cancelled: ask.estimate(engine, config, model, task, workspace), self._take
        )

    def _take(self, found: Answer | NoAnswer) -> None:
        """Show another estimate; what was kept free for the one before follows."""
        state: ViewState = self.state
        before, now = state.answer, found if isinstance(found, Answer) else None
        self.state = replace(state, answer=now)
        follows = before is not None and now is not None and state.request.reserve_tokens == before.ceiling_tokens
        if follows and now is not None and now != before:
            self._keep(now.ceiling_tokens, continued=True)

    def choose_task(self, found: Answer, *, keeps: bool) -> None:
        """Show what a task needs, remember it for this repository, and keep it free for the pack or no longer."""
        state: ViewState = self.state
        before, reserve = state.answer, state.request.reserve_tokens
        if state.chart is not None:
            self.preferences = with_task(self.preferences, state.chart.root, found.task)
            self._estimated = (state.chart.model.id, found.task)
        self.state = replace(state, task=found.task, answer=found)
        if keeps:
            self._keep(found.ceiling_tokens)
        elif before is not None and reserve and reserve == before.ceiling_tokens:
            self._keep(0)

    def _keep(self, tokens: int, *, continued: bool = False) -> None:
        request = settings.with_room(self.state.request, tokens, self.state.context_window)
        self.post_message(RequestChanged(request, continued))
