"""Words and marks of recorded calls, the same on every widget."""

from __future__ import annotations

from engine.telemetry.words import Outcome

OUTCOMES: dict[Outcome, tuple[str, str]] = {
    Outcome.COMPLETE: (" ", "ok"),
    Outcome.TRUNCATED: ("!", "cut off"),
    Outcome.FAILED: ("×", "error"),
    Outcome.UNKNOWN: ("?", "unknown"),
}
"""Mark (one cell) and word of what became of a call."""
MEANING = "an unused ceiling is reserved, not billed"
"""What every figure of waste has to say beside it."""
HOW_TO_GET = (
    "no call is recorded yet",
    "",
    "I imports the logs of Claude Code, Codex, Gemini CLI and others",
    "packsight telemetry import   does the same",
    "packsight call               makes a call and records it",
)
"""What stands where calls would be."""


def share(value: float | None, places: int = 1) -> str:
    """Write a share as ``packsight telemetry report`` does."""
    return "–" if value is None else f"{100 * value:.{places}f} %"


def ratio(value: float | None) -> str:
    """Write a ratio as ``packsight telemetry report`` does."""
    return "–" if value is None else f"{value:.2f}×"


def money(value: float | None) -> str:
    """Write dollars; small sums with more places."""
    if value is None:
        return "–"
    return f"{value:,.2f}" if abs(value) >= 1 or value == 0 else f"{value:.4f}"


def band(low: float, high: float) -> str:
    """Write an interval of shares."""
    return f"{100 * low:.1f}–{100 * high:.1f} %"
