"""What history taught: a version of the estimator, with a budget for each cell that had enough calls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from engine.budgets.tables import coefficients


class Cell(NamedTuple):
    """Calls that learn from each other. An empty name stands for any: a cell with some is a parent of others."""

    category: str
    complexity: str
    provider: str
    family: str
    """Model family by ``engine.budgets.labels.family_of``."""

    def parents(self) -> tuple[Cell, ...]:
        """The cells above this one, nearest first: drop the model, then the provider, then the complexity, then all."""
        ladder = (
            Cell(self.category, self.complexity, self.provider, ""),
            Cell(self.category, self.complexity, "", ""),
            Cell(self.category, "", "", ""),
            Cell("", "", "", ""),
        )
        return tuple(dict.fromkeys(cell for cell in ladder if cell != self))


@dataclass(frozen=True, slots=True)
class LearnedBudget:
    """The budget of a cell, as a person accepted it."""

    budget_tokens: int
    p50_tokens: int
    p90_tokens: int
    p95_tokens: int
    samples: int
    """Calls it rests on."""
    basis: str
    """``cell``, ``mixture`` or ``parent``, and in words what it was mixed with."""
    predicted_tokens: int | None = None
    """Estimate of nine in ten of those calls; larger tasks get proportionally more. None when none had an estimate."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A base on trial for a category and complexity."""

    category: str
    complexity: str
    base_tokens: int
    calls: int = 0
    """Calls under it so far."""
    troubled: int = 0
    """Of those, calls that were cut off or escalated."""


@dataclass(frozen=True, slots=True)
class Version:
    """What the estimator rests on."""

    name: str = field(default_factory=lambda: str(coefficients()["version"]))
    """Stored with every event that it decides."""
    learned: Mapping[Cell, LearnedBudget] = field(default_factory=dict)
    trials: tuple[Trial, ...] = ()

    def find(self, cell: Cell) -> tuple[Cell, LearnedBudget] | None:
        """Return the nearest learned budget: of the cell, or of a parent of the same category and complexity."""
        for one in (cell, *cell.parents()):
            if one.complexity and one in self.learned:
                return one, self.learned[one]
        return None
