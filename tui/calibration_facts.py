"""What the calibration screen asks of the engine, beside the engine's thread, and the plain data it gets."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.config import Config
from engine.errors import Cancelled, PacksightError

if TYPE_CHECKING:
    from engine.inspector import Calibration

CHANGES = ("lower", "raise", "escalate")
"""Actions that there is something to accept of."""


@dataclass(frozen=True, slots=True)
class CellFacts:
    """One row of ``packsight calibrate --json``. Counts are output tokens, shares are fractions of calls."""

    name: str
    category: str
    complexity: str
    provider: str
    family: str
    samples: int
    cut: int
    """Of the samples, calls that were cut off."""
    cut_interval: tuple[float, float]
    current_tokens: int
    budget_tokens: int
    action: str
    """``lower``, ``raise``, ``escalate``, ``keep`` or ``wait``."""
    why: str
    is_provisional: bool
    has_drifted: bool
    parent: str
    """Cell that it leans on, or ``""``."""
    parent_share: float
    quantiles: tuple[int, int, int]
    """p50, p90, p95."""
    truncation: float
    """Share that the proposal is expected to cut off."""
    truncation_interval: tuple[float, float]
    current_truncation: float
    reserved: float | None
    """Tokens reserved for each token used, under the proposal."""
    current_reserved: float | None
    at_target: int | None
    """Length that the target share of answers exceeds; None when history cannot tell."""
    curve: tuple[tuple[float, float], ...]
    """(length, share of answers longer), ascending."""
    cut_at: tuple[tuple[int, int], ...]
    """(length, calls) that were cut off there."""
    longest_tokens: int
    """Longest answer seen, cut off or not."""

    @property
    def is_change(self) -> bool:
        """Whether there is something to accept."""
        return self.action in CHANGES

    @property
    def cut_share(self) -> float:
        """Share of calls that were cut off."""
        return self.cut / self.samples if self.samples else 0.0

    def longer_than(self, tokens: float) -> float:
        """Share of answers longer than a length."""
        at = bisect_right(self.curve, tokens, key=lambda point: point[0])
        return self.curve[at - 1][1] if at else 1.0


@dataclass(frozen=True, slots=True)
class Move:
    """One change of the estimator's version."""

    at: str
    """When, in ISO 8601."""
    action: str
    version: str
    """What became current by it."""
    note: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything the screen shows besides a replay."""

    version: str
    """What the estimator rests on."""
    target: float
    """Share of calls that may be cut off."""
    cells: tuple[CellFacts, ...] = ()
    history: tuple[Move, ...] = ()
    """Oldest first."""
    done: str = ""
    """What was just done, in words."""

    @property
    def can_go_back(self) -> bool:
        """Whether more was applied than was rolled back."""
        return sum(-1 if move.action == "rollback" else 1 for move in self.history) > 0


@dataclass(frozen=True, slots=True)
class PolicyScore:
    """What a way of choosing budgets did to the recorded calls."""

    name: str
    calls: int
    unscored: int
    """Calls that were cut off below the budget chosen: nobody knows how they would end."""
    truncation: float | None
    interval: tuple[float, float]
    worst: float | None
    """Cut off in the worst cell over the last half."""
    reserved: float | None
    pinball: float
    smape: float


@dataclass(frozen=True, slots=True)
class Replay:
    """A finished backtest."""

    version: str
    target: float
    calls: int
    initial: int
    scores: tuple[PolicyScore, ...]
    by_cell: Mapping[str, tuple[PolicyScore, ...]]
    """The same for the calls of one cell; ``worst`` is its own last half."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """What a person can do something about."""

    message: str
    hint: str


def look(engine: Any, config: Config | None, done: str = "") -> Facts | Trouble:
    """Read the proposals and the history."""
    learning: Calibration = engine.calibration(config)
    try:
        report, history = learning.report(), learning.history()
    except Cancelled:
        raise
    except PacksightError as error:
        return Trouble(error.message, error.hint)
    moves = (Move(one["at"], one["action"], one["version"], one["note"]) for one in history)
    return Facts(report["version"], report["target"], tuple(map(_cell, report["proposals"])), tuple(moves), done)


def accept(engine: Any, config: Config | None, seen: Mapping[str, int]) -> Facts | Trouble:
    """Put proposals in force as a new version, if they are still what was seen (budget by name of a cell)."""
    learning: Calibration = engine.calibration(config)
    try:
        made = learning.apply(cells=tuple(seen), seen=seen)
    except PacksightError as error:
        return Trouble(error.message, error.hint)
    budgets = ", ".join(f"{one['cell']} {one['budget']:,}" for one in made["applied"])
    return look(engine, config, f"{made['version']} is in force: {budgets}")


def roll_back(engine: Any, config: Config | None) -> Facts | Trouble:
    """Undo what was applied last."""
    learning: Calibration = engine.calibration(config)
    try:
        made = learning.roll_back()
    except PacksightError as error:
        return Trouble(error.message, error.hint)
    return look(engine, config, f"rolled back from {made['before']} to {made['version']}")


def replay(engine: Any, config: Config | None) -> Replay | Trouble:
    """Replay the recorded calls under every policy.

    Raises:
        Cancelled: on request.
    """
    learning: Calibration = engine.calibration(config)
    try:
        found = learning.backtest()
    except Cancelled:
        raise
    except PacksightError as error:
        return Trouble(error.message, error.hint)
    return Replay(
        found["version"],
        found["target"],
        found["calls"],
        found["initial"],
        tuple(_score(name, one, one["worst_cell"]) for name, one in found["policies"].items()),
        {
            cell["cell"]: tuple(_score(name, one, one["last_half"]) for name, one in cell["policies"].items())
            for cell in found["cells"]
        },
    )


def _score(name: str, one: Mapping[str, Any], worst: float | None) -> PolicyScore:
    low, high = one["truncation_interval"]
    return PolicyScore(
        name, one["n"], one["unscored"], one["truncation"], (low, high), worst, one["reserved_per_used"],
        one["pinball"], one["smape"],
    )  # fmt: skip


def _cell(one: Mapping[str, Any]) -> CellFacts:
    projected, now, quantiles = one["projected"], one["now"], one["quantiles"]
    return CellFacts(
        name=one["cell"],
        category=one["category"],
        complexity=one["complexity"],
        provider=one["provider"],
        family=one["family"],
        samples=one["samples"],
        cut=one["truncated"],
        cut_interval=_pair(one["truncated_interval"]),
        current_tokens=one["current"],
        budget_tokens=one["budget"],
        action=one["action"],
        why=one["why"],
        is_provisional=one["provisional"],
        has_drifted=one["drift"],
        parent=one["parent"] or "",
        parent_share=one["parent_share"],
        quantiles=(quantiles["p50"], quantiles["p90"], quantiles["p95"]),
        truncation=projected["truncation"],
        truncation_interval=_pair(projected["truncation_interval"]),
        current_truncation=now["truncation"],
        reserved=projected["reserved_per_used"],
        current_reserved=now["reserved_per_used"],
        at_target=one["at_target"],
        curve=tuple((float(length), float(share)) for length, share in one["curve"]),
        cut_at=tuple((int(length), int(calls)) for length, calls in one["cut_at"]),
        longest_tokens=one["longest"],
    )


def _pair(bounds: Sequence[float]) -> tuple[float, float]:
    low, high = bounds
    return low, high
