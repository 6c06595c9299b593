"""Ways to choose the next budget from what was seen so far: ours, and those it is measured against."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from engine.budgets.learned import Cell
from engine.telemetry.calibrate.fit import Fit, Seen, fit
from engine.telemetry.calibrate.history import History
from engine.telemetry.calibrate.settings import Settings


class Policy(Protocol):
    """Chooses budgets. It sees of each call only what came back under the budget that it chose."""

    def choose(self, cell: Cell) -> tuple[int, float]:
        """Return the budget of the next call of a cell, and the length it is expected to have, both in tokens."""

    def observe(self, cell: Cell, seen: Seen) -> None:
        """Learn from what came back."""


class Packsight:
    """Weighted Kaplan-Meier quantiles, fitted again after every few calls of a cell."""

    def __init__(self, initial_tokens: int, target: float, rules: Settings) -> None:
        self._initial_tokens, self._target, self._rules = initial_tokens, target, rules
        self._history = History(rules)
        self._fits: dict[Cell, Fit] = {}
        self._since: dict[Cell, int] = {}

    def choose(self, cell: Cell) -> tuple[int, float]:
        """The budget of the latest fit; the initial one before there is any."""
        found = self._fits.get(cell)
        if found is None:
            return self._initial_tokens, self._initial_tokens / 2
        middle = found.curve.quantile(0.5)
        return found.budget_tokens, middle if np.isfinite(middle) else found.budget_tokens

    def observe(self, cell: Cell, seen: Seen) -> None:
        """Take the call in, and fit when enough came since the last time."""
        self._history.add(cell, seen)
        since = self._since.get(cell, 0) + 1
        if since >= self._rules.refit_every:
            since = 0
            _, parent = self._history.parent(cell)
            current = self.choose(cell)[0]
            self._fits[cell] = fit(self._history.own(cell), parent, current, self._target, self._rules)
        self._since[cell] = since


class Fixed:
    """The same budget always."""

    def __init__(self, budget_of: Callable[[Cell], int]) -> None:
        self._budget_of = budget_of

    def choose(self, cell: Cell) -> tuple[int, float]:
        """The budget of the cell."""
        budget = self._budget_of(cell)
        return budget, budget

    def observe(self, cell: Cell, seen: Seen) -> None:
        """Learn nothing."""


Figure = Callable[[NDArray[np.float64]], float]


class Plain:
    """A figure of the latest calls that takes truncated lengths for lengths, as most tools do."""

    def __init__(self, initial_tokens: int, rules: Settings, budget: Figure, middle: Figure) -> None:
        self._initial_tokens, self._rules, self._budget, self._middle = initial_tokens, rules, budget, middle
        self._windows: dict[Cell, deque[int]] = {}
        self._chosen: dict[Cell, tuple[int, float]] = {}
        self._since: dict[Cell, int] = {}

    def choose(self, cell: Cell) -> tuple[int, float]:
        """The figure as of the last fit."""
        return self._chosen.get(cell, (self._initial_tokens, self._initial_tokens / 2))

    def observe(self, cell: Cell, seen: Seen) -> None:
        """Take the call in, as often fitted as ours."""
        window = self._windows.setdefault(cell, deque(maxlen=self._rules.window))
        window.append(seen.length)
        since = self._since.get(cell, 0) + 1
        if since >= self._rules.refit_every:
            since = 0
            lengths = np.array(window, np.float64)
            self._chosen[cell] = (max(1, int(np.ceil(self._budget(lengths)))), self._middle(lengths))
        self._since[cell] = since


def policies(initial_tokens: int, target: float, current: Callable[[Cell], int], rules: Settings) -> dict[str, Policy]:
    """Our policy and what it is measured against, by name.

    Args:
        initial_tokens: Budget before anything was seen; the one of ``fixed`` always.
        target: Share of calls that may be cut off.
        current: Budget of a cell under the current version of the estimator.
        rules: Settings of calibration.
    """
    return {
        "packsight": Packsight(initial_tokens, target, rules),
        "fixed": Fixed(lambda cell: initial_tokens),
        "mean_x2": Plain(initial_tokens, rules, lambda lengths: 2 * float(lengths.mean()), lambda a: float(a.mean())),
        "naive_q95": Plain(
            initial_tokens, rules, lambda lengths: float(np.quantile(lengths, 0.95)), lambda a: float(np.median(a))
        ),
        "current": Fixed(current),
    }
