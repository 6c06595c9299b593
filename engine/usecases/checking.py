"""The part of the facade that is the budget gate."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.config import Config
from engine.events import Emit, IsCancelled
from engine.model import Model
from engine.request import PackRequest, ScanRequest, Tuning

if TYPE_CHECKING:
    from engine.gate import PackOutcome, Rule, Verdict
    from engine.usecases.pack import Packed
    from engine.usecases.repository import Repository

FORMATS_OF_VERDICTS = ("text", "json", "junit", "sarif", "github", "markdown")
"""What ``Verdict.written`` takes."""


class Checking(ABC):
    """Holds budgets against a repository; whoever inherits it opens repositories, settles requests and packs."""

    _emit: Emit
    _cancelled: IsCancelled

    @abstractmethod
    def model(self, name: str) -> Model:
        """Find a model by id or alias."""

    @abstractmethod
    def config(self, path: Path | None, flags: dict[str, object]) -> Config:
        """Settle all settings for a repository."""

    @abstractmethod
    def request(self, scan: ScanRequest, config: Config, asked: Tuning | None = None, query: str = "") -> PackRequest:
        """Make a request of settings."""

    @abstractmethod
    def repository(self, request: ScanRequest) -> Repository:
        """Open a repository."""

    @abstractmethod
    def pack(self, request: PackRequest) -> Packed:
        """Pack a repository."""

    def check(
        self,
        scan: ScanRequest,
        config: Config | None = None,
        limits: Mapping[str, Any] | None = None,
        *,
        base: str = "",
        only: Sequence[str] | None = None,
    ) -> Verdict:
        """Hold the limits of the settings, and those given here, against a repository.

        Args:
            scan: Which files, counted for which model.
            config: Settings; by default those of the repository.
            limits: Limits of this run, written as in a ``[check]`` table: ``{"max_total": "500k", "max_file":
                {"src/**": "4k"}}``. They take the place of what settings say of the same kind and name.
            base: Revision to compare with; by default the one of the settings. ``none`` leaves out rules that need one.
            only: Files that rules about single files look at; by default all.

        Returns:
            What was found; ``passed`` says whether all rules hold, ``written("sarif")`` writes it down.

        Raises:
            UsageError: there is nothing to check, a limit is none, or a base is needed and none is named.
            InputError: no repository, an unknown model, or no such base.
            Cancelled: on request.
        """
        from engine.gate import CheckSettings, in_force, read_flags
        from engine.usecases.check import check_repository
        from engine.usecases.check_pack import demanded

        settled = config or self.config(scan.path if scan.path.is_dir() else None, {})
        said = settled.check or CheckSettings()

        def packed(rule: Rule) -> PackOutcome:
            def ask(files: ScanRequest, settings: Config, query: str) -> PackRequest:
                return self.request(files, settings, None, query)

            return demanded(rule, scan, settled, ask, self.pack, lambda name: self.model(name).context_window)

        rules = in_force(said.rules, read_flags(limits or {}))
        opened = (self.repository, packed)
        return check_repository(scan, rules, base or said.base, only, opened, self._emit, self._cancelled)
