"""Calibration without a database: proposals of the real rules on calls made by code, versions in memory."""

from __future__ import annotations

import random
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from engine.budgets import Cell
from engine.errors import Cancelled, InputError, PacksightError, UsageError
from engine.events import Emit, IsCancelled, Progress, ignore, never
from engine.telemetry.calibrate.backtest import backtest, name_of
from engine.telemetry.calibrate.calls import Call
from engine.telemetry.calibrate.policies import policies
from engine.telemetry.calibrate.proposals import Proposal, propose
from engine.telemetry.calibrate.settings import settings
from engine.usecases.proposal_json import proposal_json

RULES = settings()
TARGET = 0.05
CELLS = (
    # cell, calls, median length, spread, ceiling, ceiling of the later half
    (Cell("docs", "low", "openai", "gpt-5"), 200, 640, 0.45, 4096, 4096),
    (Cell("docs", "high", "anthropic", "claude-opus"), 60, 5200, 0.4, 12288, 12288),
    (Cell("implementation", "high", "openai", "gpt-5"), 180, 9000, 0.5, 12288, 12288),
    (Cell("implementation", "medium", "gemini", "gemini-3"), 14, 3000, 0.5, 12288, 12288),
    (Cell("tests", "low", "anthropic", "claude-sonnet"), 120, 2600, 0.5, 2048, 2048),
    (Cell("tests", "medium", "openai", "gpt-5"), 300, 3300, 0.25, 6144, 6144),
)
CURRENT = {"docs/low": 4096, "docs/high": 12288, "implementation/high": 12288, "tests/low": 2048, "tests/medium": 6144}


def sample_calls() -> list[Call]:
    """Calls of all cells, one after another in time; answers are cut off at the ceiling."""
    chance, calls = random.Random(7), list[Call]()
    for cell, count, median, spread, early, late in CELLS:
        for number in range(count):
            ceiling = late if number > count // 2 else early
            length = int(median * chance.lognormvariate(0, spread))
            calls.append(Call(cell, number, min(length, ceiling), length > ceiling, ceiling, None))
    return sorted(calls, key=lambda call: call.at_us)


@dataclass
class Records:
    """What all that is told of one engine share."""

    calls: list[Call] = field(default_factory=list)
    learned: list[tuple[str, dict[str, int]]] = field(default_factory=list)
    """(version, budget by cell), the newest last."""
    moves: list[dict[str, Any]] = field(default_factory=list)
    failure: PacksightError | None = None
    """What reading fails with."""
    gate: threading.Event | None = None
    """While it is there and not set, a replay stays where it is, until it is stopped."""
    made: int = 0
    stopped: int = 0
    """Replays that were stopped."""


@dataclass(frozen=True)
class FakeCalibration:
    """Stands for ``Inspector.calibration``."""

    records: Records = field(default_factory=lambda: Records(sample_calls()))
    emit: Emit = ignore
    cancelled: IsCancelled = never

    def told(self, emit: Emit, cancelled: IsCancelled) -> FakeCalibration:
        """The same for another caller."""
        return replace(self, emit=emit, cancelled=cancelled)

    @property
    def version(self) -> str:
        """What is in force."""
        return self.records.learned[-1][0] if self.records.learned else "prior-1"

    def _current(self, cell: Cell) -> int:
        learned = self.records.learned[-1][1] if self.records.learned else {}
        return learned.get(name_of(cell), CURRENT.get(f"{cell.category}/{cell.complexity}", 12_288))

    def _proposals(self) -> tuple[Proposal, ...]:
        if self.records.failure is not None:
            raise self.records.failure
        return propose(self.records.calls, self._current, TARGET, RULES)

    def report(self) -> dict[str, Any]:
        """As the engine writes it."""
        proposals = [proposal_json(one, TARGET) for one in self._proposals()]
        return {"version": self.version, "target": TARGET, "proposals": proposals, "trials": []}

    def history(self) -> list[dict[str, Any]]:
        """As the engine writes it."""
        return list(self.records.moves)

    def apply(self, *, cells: Sequence[str] = (), seen: Mapping[str, int] | None = None) -> dict[str, Any]:
        """Remember the budgets of the named cells."""
        chosen = [one for one in self._proposals() if one.can_be_applied and name_of(one.cell) in cells]
        if not chosen:
            raise UsageError(f"there is no proposal for '{cells}'")
        records = self.records
        records.made += 1
        before = records.learned[-1][1] if records.learned else {}
        records.learned.append(
            (f"learned-{records.made}", {**before, **{name_of(one.cell): one.budget_tokens for one in chosen}})
        )
        self._moved("apply", ", ".join(name_of(one.cell) for one in chosen))
        return {"version": self.version, "before": "", "applied": [proposal_json(one, TARGET) for one in chosen]}

    def roll_back(self) -> dict[str, Any]:
        """Forget the newest version."""
        if not self.records.learned:
            raise InputError("there is nothing to roll back", "the estimator is at the tables that ship")
        before, _ = self.records.learned.pop()
        self._moved("rollback", f"from {before}")
        return {"version": self.version, "before": before}

    def _moved(self, action: str, note: str) -> None:
        number = len(self.records.moves) + 1
        at = f"2026-11-{number:02d}T09:30:00+00:00"
        self.records.moves.append({"number": number, "version": self.version, "action": action, "note": note, "at": at})

    def backtest(self) -> dict[str, Any]:
        """By the real rules; waits at the gate after its first report."""
        calls, records = self.records.calls, self.records

        def passed(count: int) -> None:
            self.emit(Progress("replay", count, len(calls)))
            while count and records.gate is not None and not records.gate.wait(0.002):
                if self.cancelled():
                    records.stopped += 1
                    raise Cancelled("stopped")

        if not calls:
            raise InputError("there are no recorded calls to replay", "packsight telemetry import")
        made = policies(4096, TARGET, self._current, RULES)
        return {"source": "", "initial": 4096, "version": self.version, **backtest(calls, made, TARGET, passed)}

    def expected_answer(self, model: str, most: int, **task: Any) -> dict[str, Any]:
        """By the complexity; what was learned for documents counts."""
        known = {"": 12_288, "low": 4_096, "medium": 12_288, "high": 16_384}
        complexity = str(task.get("complexity") or "")
        if complexity not in known:
            raise UsageError(f"there is no complexity '{complexity[:60]}'", "complexities: low, medium, high")
        category = str(task.get("category") or "other")
        learned = self.records.learned[-1][1] if self.records.learned else {}
        wanted = known[complexity] + 1_000 * len(task.get("deliverables", ()))
        if category == "docs" and complexity == "low":
            wanted = learned.get("docs/low/openai/gpt-5", wanted)
        return {
            "category": category, "complexity": complexity or "medium", "selected_budget": wanted,
            "actual_max_tokens": min(wanted, most), "quantiles": {"p50": 3_640, "p90": 9_641, "p95": 12_707},
            "confidence": 0.5, "samples": 0, "estimator_version": self.version,
        }  # fmt: skip
