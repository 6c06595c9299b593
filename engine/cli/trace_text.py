"""The steps of a decision as a table."""

from __future__ import annotations

import textwrap
from typing import Any

from engine.cli.tables import table
from engine.cli.terminal import visible

_COLUMNS = 80
_LEAST_WHY = 24


def trace_text(steps: list[dict[str, Any]]) -> str:
    """One row a step; a mark says which way it moved the number."""
    wide = max(len(_number(step[key])) for step in steps for key in ("before", "after"))
    wide = max(wide, len("before"))
    room = max(_LEAST_WHY, _COLUMNS - max(len(step["rule"]) for step in steps) - 2 * wide - 8)
    rows = []
    for step in steps:
        before, after = step["before"], step["after"]
        moved = before is not None and after is not None and before != after
        mark = " " if not moved else "▲" if after > before else "▼"
        lines = textwrap.wrap(visible(step["why"]), room) or [""]
        rows.append((visible(step["rule"]), _number(before).rjust(wide), mark, _number(after).rjust(wide), lines[0]))
        rows += [("", "", "", "", line) for line in lines[1:]]
    return table(("rule", "before".rjust(wide), " ", "after".rjust(wide), "why"), rows)


def _number(tokens: int | None) -> str:
    return "–" if tokens is None else f"{tokens:,}"
