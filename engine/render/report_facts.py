"""What a report says beside the chunks: plain inputs from the steps before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from engine.render.coverage import Scope

NO_ROOM = "no room: worth less per token than what is shown"
"""Why something is not in a pack when nothing else is said."""


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A path that never came into question, and why."""

    path: str
    reason: str
    tokens: int = 0
    """Tokens of the file where they are known."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """What the whole scope costs with everything at one level."""

    level: int
    tokens: int
    quality: float
    fits: bool


@dataclass(frozen=True, slots=True, eq=False)
class ReportFacts:
    """What a report says beside the chunks."""

    model: str
    encoding: str
    method: str
    """``exact``, ``reconstructed`` or ``estimate``."""
    budget: int
    """Tokens the pack may use."""
    est_used: int
    """Sum of the cached counts."""
    actual: int
    """Recount of the final text."""
    reserve: int
    """Tokens kept free for the answer."""
    context_window: int
    value: npt.NDArray[np.float64]
    """(n,) value of each chunk."""
    line_tokens: Sequence[int]
    """(m,) tokens of each file's one line."""
    intent: str = ""
    query: str = ""
    profile: str = ""
    reasons: Sequence[str] = ()
    """(n,) why each chunk has its level, or empty."""
    excluded: Sequence[Exclusion] = ()
    """Paths outside the scope: skipped files, excludes."""
    alternatives: Sequence[Alternative] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)
    """Duration of each step."""
    scope: Scope | None = None
    """What the pack was to stand for, when the report is to say how much of it it does."""
