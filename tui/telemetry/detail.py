"""One call in words: every column, and the trace of its decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tui.text import number
from tui.widgets.names import shown_name, wrapped

Line = tuple[str, str, str]
"""Name, value, and component class of the value."""

_SECTIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("call", ("event_id", "timestamp", "outcome", "source", "provider", "model", "category", "complexity", "mode",
              "effort", "attempt", "duration_s", "cost_usd", "catalog_as_of")),
    ("budget", ("predicted_output_tokens", "selected_budget", "actual_max_tokens", "ceiling_source",
                "hard_cap_tokens", "estimator_version", "confidence")),
    ("tokens", ("actual_output_tokens", "reasoning_tokens", "prompt_tokens", "cached_tokens", "cache_write_tokens",
                "is_truncated_output")),
    ("figures", ("ceiling_waste", "intent_waste", "prediction_ratio", "smape_percent", "underestimated")),
    ("ending", ("success", "truncated", "complete", "finish", "stop_reason")),
    ("escalation", ("escalation_reason", "escalation_base_tokens", "escalation_base_source", "escalation_factor")),
)  # fmt: skip
_LEFT_OUT = ("trace", "deliverables")
_MOST_WHY = 12
"""Rows that one reason takes."""


def fact_lines(event: Mapping[str, Any], width: int) -> list[Line]:
    """Every column by section; what is not known is told as such.

    Args:
        event: As ``packsight telemetry show --json``.
        width: Cells of a row.
    """
    told = {name for _, names in _SECTIONS for name in names}
    rest = tuple(name for name in event if name not in told and name not in _LEFT_OUT)
    lines: list[Line] = []
    for title, names in (*_SECTIONS, ("work and ids", rest)):
        lines.append((title, "", "facts--title"))
        lines += [_line(name, event[name], width) for name in names if name in event]
    paths = event["deliverables"]
    lines += [(f"deliverable {at}", shown_name(path, max(8, width - 26)), "") for at, path in enumerate(paths, 1)]
    return lines


def trace_lines(trace: Sequence[Mapping[str, Any]], width: int) -> list[Line]:
    """Every step of the decision: rule, before, after, and why below it."""
    if not trace:
        return []
    lines: list[Line] = []
    for step in trace:
        changed = step["before"] != step["after"]
        moved = f"{_tokens(step['before'])} → {_tokens(step['after'])}"
        lines.append((shown_name(step["rule"], 26), moved, "facts--changed" if changed else "facts--quiet"))
        lines += [("", line, "facts--why") for line in wrapped(step["why"], max(8, width - 4), _MOST_WHY)]
    return lines


def _line(name: str, value: Any, width: int) -> Line:
    words = name.replace("_", " ")
    if value is None or value == "":
        return words, "–", "facts--quiet"
    if isinstance(value, bool):
        return words, "yes" if value else "no", ""
    if isinstance(value, int):
        return words, number(value), ""
    return words, shown_name(str(value), max(8, width - 26)), ""


def _tokens(count: int | None) -> str:
    return "–" if count is None else number(count)
