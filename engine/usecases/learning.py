"""The part of the facade that decides output budgets, keeps telemetry, and learns from it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

from engine.config import Config
from engine.events import Emit, IsCancelled
from engine.model import Model

if TYPE_CHECKING:
    from engine.budgets import Decision, Task


class Learning(ABC):
    """Answers about output budgets; whoever inherits it knows the models."""

    _emit: Emit
    _cancelled: IsCancelled

    @abstractmethod
    def model(self, name: str) -> Model:
        """Find a model by id or alias."""

    def decide(
        self,
        task: Task,
        config: Config,
        *,
        provider: str = "",
        hard_cap_tokens: int | None = None,
        used_tokens: int = 0,
        streaming: bool = True,
    ) -> Decision:
        """Decide how many output tokens to allow a call.

        Args:
            task: The work.
            config: Names the model and the database of what was learned.
            provider: Who serves the model; by default whom the catalog names. Without ``--model``, its default model.
            hard_cap_tokens: The caller's own limit.
            used_tokens: Tokens of the window that the prompt takes.
            streaming: Whether the answer is streamed.

        Raises:
            InputError: the model is unknown, the prompt leaves no room, or the database cannot be used.
            UsageError: a complexity, mode or limit that makes no sense.
        """
        from engine.budgets import Version, decide
        from engine.usecases.estimate import choose_model, limits_of

        model = choose_model(provider, config.settings["model"], self.model)
        limits = limits_of(
            model, provider, hard_cap_tokens=hard_cap_tokens, used_tokens=used_tokens, streaming=streaming
        )
        return decide(task, limits, Version())

    def estimate(self, task: Task, config: Config, **limits: Any) -> dict[str, Any]:
        """The same as the JSON of ``packsight estimate``; takes what ``decide`` takes.

        Raises:
            InputError: as ``decide``.
            UsageError: as ``decide``.
        """
        from engine.usecases.estimate import decision_json

        return decision_json(self.decide(task, config, **limits))
