"""Proposals and replays as text for people."""

from __future__ import annotations

import textwrap
from typing import Any

from engine.cli.tables import middle, table
from engine.cli.terminal import visible

_COLUMNS = 80
_MARKS = {"raise": "▲", "lower": "▼", "escalate": "▲", "keep": " ", "wait": "·"}


def proposals_text(proposals: list[dict[str, Any]], note: str) -> str:
    """One row a cell, and below it why."""
    if not proposals:
        return f"no cell has recorded calls with a category and a complexity\n{note}"
    rows = []
    for one in proposals:
        projected = one["projected"]
        rows.append((
            middle(visible("/".join((one["category"], one["complexity"]))), 21),
            middle(visible(one["family"] or one["provider"]) or "any", 12),
            f"{one['samples']:,}".rjust(5),
            f"{one['current']:,}".rjust(7),
            _MARKS[one["action"]],
            f"{one['budget']:,}".rjust(8),
            f"{projected['truncation']:.1%}".rjust(7),
            _times(projected["reserved_per_used"]).rjust(8),
        ))  # fmt: skip
    head = ("work", "family", "calls", "now".rjust(7), "", "proposed", "cut off", "reserved")
    parts = [table(head, rows), "", note]
    parts.append("cut off: share expected under the proposal.  reserved: tokens reserved per token used.")
    for one in proposals:
        marks = [word for word, is_so in (("provisional", one["provisional"]), ("drift", one["drift"])) if is_so]
        said = f"{one['cell']}: {one['action']}, {one['why']}{''.join(f'; {mark}' for mark in marks)}"
        parts += textwrap.wrap(visible(said), _COLUMNS, subsequent_indent="  ")
    return "\n".join(parts)


def backtest_text(found: dict[str, Any]) -> str:
    """One row a policy, then one a cell."""
    rows = [
        (
            name,
            _share(one["truncation"]).rjust(8),
            "{:.1%} to {:.1%}".format(*one["truncation_interval"]),
            _share(one["worst_cell"]).rjust(8),
            _times(one["reserved_per_used"]).rjust(8),
            f"{one['pinball']:,.1f}".rjust(8),
            f"{one['smape']:.2f}",
        )
        for name, one in found["policies"].items()
    ]
    head = ("policy", "cut off", "95 % interval", "worst", "reserved", "pinball", "smape")
    cells = [
        (
            middle(visible(one["cell"]), 40),
            f"{one['n']:,}".rjust(8),
            _share(one["policies"]["packsight"]["truncation"]).rjust(8),
            _share(one["policies"]["packsight"]["last_half"]).rjust(9),
            f"{one['budget']['packsight']:,}".rjust(8),
        )
        for one in found["cells"]
    ]
    unscored = found["policies"]["packsight"]["unscored"]
    notes = [
        f"{found['calls']:,} calls in order of time, target {found['target']:.1%}, first budget {found['initial']:,}",
        "worst: the worst cell over the last half.  reserved: tokens reserved per token used.",
    ]
    if unscored:
        notes.append(f"{unscored:,} calls were cut off below the budget chosen here; nobody knows how they would end")
    below = table(("cell", "calls".rjust(8), "cut off", "last half", "budget".rjust(8)), cells)
    return "\n".join((table(head, rows), "", below, "", *notes))


def bands_text(found: list[dict[str, Any]], note: str) -> str:
    """One row a tokenizer and model family, and below it why."""
    if not found:
        return f"no provider's count is known of anything that was counted here\n{note}"
    rows = [
        (
            middle(visible(one["name"]), 30),
            f"{one['prompts']:,}".rjust(7),
            f"{one['texts']:,}".rjust(6),
            _errors(one["stated"]),
            _errors(one["measured"]),
            one["action"],
        )
        for one in found
    ]
    head = ("tokenizer/family", "prompts", "texts".rjust(6), "stated", "measured", "")
    parts = [table(head, rows), "", note]
    parts.append("stated, measured: the provider's count is above ours by, for 19 of 20.")
    for one in found:
        names = "; ".join(f"{visible(row['name'])} {row['middle']:+.1%} ({row['samples']})" for row in one["languages"])
        said = f"{one['name']} ({one['method']}): {one['why']}" + (f"; median by file: {names}" if names else "")
        parts += textwrap.wrap(visible(said), _COLUMNS, subsequent_indent="  ")
    return "\n".join(parts)


def _errors(band: list[float] | None) -> str:
    return "–" if band is None else "{:+.1%} to {:+.1%}".format(*band)


def history_text(moves: list[dict[str, Any]]) -> str:
    """One row a change, the newest last."""
    if not moves:
        return "nothing was applied yet; the shipped tables hold"
    rows = [
        (one["number"], one["at"][:16].replace("T", " "), one["action"], visible(one["version"]), visible(one["note"]))
        for one in moves
    ]
    return table(("", "when (UTC)", "action", "in force", "note"), rows)


def _share(share: float | None) -> str:
    return "–" if share is None else f"{share:.2%}"


def _times(ratio: float | None) -> str:
    return "–" if ratio is None else f"{ratio:.2f}×"
