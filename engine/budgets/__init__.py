"""How many output tokens to allow a call, the same way for every provider.

In: a task (category, complexity, deliverables) and the limits of the call. Out: a ``Decision`` with every step that led
to it. Rules and figures are data files beside the code. Nothing here calls a provider or reads the store: what history
taught comes in as a version of the coefficients.
"""

from __future__ import annotations

from engine.budgets.decide import Decision, decide
from engine.budgets.learned import Cell, LearnedBudget, Trial, Version
from engine.budgets.task import Limits, Task
from engine.budgets.trace import Step

__all__ = ["Cell", "Decision", "LearnedBudget", "Limits", "Step", "Task", "Trial", "Version", "decide"]
