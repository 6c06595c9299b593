"""The part of the facade that decides output budgets, keeps telemetry, and learns from it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.config import Config, Setting
from engine.errors import InputError
from engine.events import Emit, IsCancelled, Warned
from engine.model import Model

if TYPE_CHECKING:
    from engine.budgets import Decision, Task, Version
    from engine.usecases.bands import Bands
    from engine.usecases.calibrate import Calibration
    from engine.usecases.database import Upkeep
    from engine.usecases.telemetry import Telemetry


class Learning(ABC):
    """Answers about output budgets; whoever inherits it knows the models."""

    _emit: Emit
    _cancelled: IsCancelled

    @abstractmethod
    def model(self, name: str) -> Model:
        """Find a model by id or alias."""

    @abstractmethod
    def _shipped_model(self, name: str) -> Model:
        """Find a model, as the catalog has it."""

    @abstractmethod
    def _shipped_models(self) -> tuple[Model, ...]:
        """The catalog as it is."""

    @abstractmethod
    def database(self, config: Config) -> Upkeep:
        """The database that settings name."""

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
        from engine.budgets import decide
        from engine.usecases.estimate import choose_model, limits_of

        model = choose_model(provider, config.settings["model"], self.model)
        limits = limits_of(
            model, provider, hard_cap_tokens=hard_cap_tokens, used_tokens=used_tokens, streaming=streaming
        )
        return decide(task, limits, self.estimator_version(config))

    def estimator_version(self, config: Config) -> Version:
        """What the estimator rests on; a database in trouble is a warning here, and the shipped tables hold.

        Raises:
            UsageError: the URL of the database makes no sense.
        """
        from engine.budgets import Version
        from engine.usecases.estimator import version_in_force

        try:
            return version_in_force(self.database(config).url)
        except InputError as error:
            self._emit(Warned(f"{error.message}; going on with the shipped tables"))
            return Version()

    def telemetry(self, config: Config) -> Telemetry:
        """Recorded calls: to record, list, report and export. Opens nothing yet."""
        from engine.usecases.telemetry import Telemetry

        return Telemetry(self.database(config).url, self._emit, self._cancelled)

    def import_logs(
        self, config: Config, paths: Sequence[Path], *, source: str = "", again: bool = False
    ) -> dict[str, Any]:
        """Take over calls that other programs logged, each log from where the last import stopped; JSON values.

        Args:
            config: Names the database, which is made when there is none.
            paths: Logs and folders; none means where the programs write by default.
            source: The importer of all of them; ``""`` finds each log's by its content.
            again: Read logs from their start, also unchanged ones.

        Raises:
            UsageError: no importer is called so, or there are no logs.
            InputError: the database cannot be written; whole batches before that are kept.
            Cancelled: on request; what was written is kept.
        """
        from engine.usecases.import_logs import import_logs, totals_json

        url = self.database(config).url
        return totals_json(import_logs(url, paths, self._emit, self._cancelled, source=source, again=again))

    def log_places(self) -> dict[str, tuple[Path, ...]]:
        """Where programs that log their calls wrote on this machine, by importer; only places that exist."""
        import os

        from engine.telemetry.importers import default_locations

        return {
            name: found
            for name, places in default_locations(os.environ, Path.home()).items()
            if (found := tuple(place for place in places if place.exists()))
        }

    def calibration(self, config: Config) -> Calibration:
        """Learning from recorded calls: propose, apply, roll back, replay. Opens nothing yet."""
        from engine.usecases.calibrate import Calibration

        return Calibration(self.database(config).url, self._emit, self._cancelled)

    def categories(self) -> tuple[str, ...]:
        """Kinds of work that the estimator has figures of, as tasks name them."""
        from engine.budgets.tables import categories

        return tuple(categories())

    def bands(self, config: Config) -> Bands:
        """Error bands of token counts, measured on what providers counted: compare, apply. Opens nothing yet."""
        from engine.usecases.bands import Bands

        return Bands(self.database(config).url, self._shipped_model, self._shipped_models, self._emit, self._cancelled)

    def estimate(self, task: Task, config: Config, **limits: Any) -> dict[str, Any]:
        """The same as the JSON of ``packsight estimate``; takes what ``decide`` takes.

        Raises:
            InputError: as ``decide``.
            UsageError: as ``decide``.
        """
        from engine.usecases.estimate import decision_json

        return decision_json(self.decide(task, config, **limits))

    def expected_answer(
        self,
        config: Config,
        model: str,
        *,
        category: str = "",
        complexity: str = "",
        deliverables: Sequence[str] = (),
        workspace: Path | None = None,
    ) -> dict[str, Any]:
        """What an answer of a model to a task needs: the JSON of ``packsight estimate --model`` with these words.

        Args:
            config: Names the database of what was learned.
            model: Id or alias of the model, whatever the settings name.
            category: Kind of work.
            complexity: ``low``, ``medium``, ``high``; empty for the default.
            deliverables: Files that the answer is to hold.
            workspace: Folder that their paths are relative to.

        Raises:
            InputError: as ``decide``.
            UsageError: as ``decide``.
        """
        from engine.budgets import Task

        named = replace(config, settings={**config.settings, "model": Setting(model, "flag")})
        task = Task(category=category, complexity=complexity, deliverables=tuple(deliverables), workspace=workspace)
        return self.estimate(task, named)
